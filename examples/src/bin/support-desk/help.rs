//! The knowledge base as pages under `/help/`, where the sources of answers lead.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use minicom_faq::Anchors;
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};

/// Where the pages are.
pub(crate) const PATH: &str = "/help/";

/// What a page may do: nothing. It is drawn from Markdown that the operator wrote, and has no need of more.
pub(crate) const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'self'";

/// The style sheet's place under [`PATH`], where no page is.
pub(crate) const STYLE_NAME: &str = "style.css";

/// How the pages look.
pub(crate) const STYLE: &str = "\
body { font: 16px/1.6 system-ui; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
pre { overflow: auto; padding: 1rem; background: #8881 }
:target { background: #fd03 }
";

/// A folder of Markdown, drawn when it is asked for, so that a change shows at once.
#[derive(Debug, Clone)]
pub(crate) struct Help {
    folder: PathBuf,
}

impl Help {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The page of this name, as HTML; the empty one is `index`. `None`: there is no such page.
    pub(crate) fn page(&self, name: &str) -> io::Result<Option<String>> {
        let name = if name.is_empty() { "index" } else { name };
        let path = Path::new(name);
        // Down from the folder only.
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return Ok(None);
        }
        match fs::read_to_string(self.folder.join(path).with_extension("md")) {
            Ok(markdown) => Ok(Some(draw(name, &markdown))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn draw(name: &str, markdown: &str) -> String {
    let mut body = String::new();
    html::push_html(&mut body, with_anchors(without_front_matter(markdown)).into_iter());
    let mut title = String::new();
    html::push_html(&mut title, std::iter::once(Event::Text(name.into())));
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>{title}</title><link rel=stylesheet href={PATH}{STYLE_NAME}>{body}"
    )
}

/// What stands between two lines of dashes at the top is for the search.
fn without_front_matter(markdown: &str) -> &str {
    let rest = markdown.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    rest.map_or(markdown, |(_, rest)| rest)
}

/// Headings get the anchors that sources lead to; HTML is left out.
fn with_anchors(markdown: &str) -> Vec<Event<'_>> {
    let mut events: Vec<Event<'_>> = Vec::new();
    let (mut heading, mut anchors): (Option<(usize, String)>, _) = (None, Anchors::default());
    for event in Parser::new(markdown) {
        match &event {
            Event::Html(_) | Event::InlineHtml(_) => continue,
            Event::Start(Tag::Heading { .. }) => heading = Some((events.len(), String::new())),
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, words)) = &mut heading {
                    words.push_str(text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((at, words)) = heading.take()
                    && let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(at)
                {
                    *id = anchors.next(&words).map(CowStr::from);
                }
            }
            _ => {}
        }
        events.push(event);
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_anchors_and_nothing_that_runs() {
        let folder = tempfile::tempdir().unwrap();
        let page = "---\nkeywords: x\n---\n# Back *up*\n\n<script>alert(1)</script>\n\n[a](storage)\n";
        fs::write(folder.path().join("index.md"), page).unwrap();
        let help = Help::new(folder.path().to_owned());
        let html = help.page("").unwrap().unwrap();
        assert!(html.contains(r#"<h1 id="back-up">Back <em>up</em></h1>"#), "{html}");
        assert!(!html.contains("<script") && !html.contains("keywords"), "{html}");
        assert_eq!(help.page("index").unwrap(), Some(html));
        for name in ["none", "../index", "/etc/passwd", "a/../../index"] {
            assert_eq!(help.page(name).unwrap(), None, "{name}");
        }
    }
}
