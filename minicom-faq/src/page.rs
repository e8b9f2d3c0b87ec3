//! A page becomes sections: what stands under one heading, with the headings above it as its title.

use minicom_core::Source;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::{
    KnowledgeOptions,
    address::{self, Anchors},
    markdown::{self, Block, Kind, Renderer, joint, plain},
    shorten::by_words,
};

/// What stands between the headings of a title.
const BETWEEN_HEADINGS: &str = " › ";

/// What stands between two blocks, in bytes.
const LONGEST_JOINT: usize = 2;

/// How long a title may be, in bytes.
const TITLE_BYTES: usize = 200;

/// A section, or a part of a long one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    /// Its text, in the pages' subset of Markdown.
    pub(crate) text: String,
    /// Where the text may be cut, in bytes, ascending: between blocks and after sentences.
    pub(crate) breaks: Vec<usize>,
    /// The heading that it stands under, or the page's title.
    pub(crate) heading: String,
    /// What visitors also call it.
    pub(crate) keywords: String,
    pub(crate) source: Source,
}

/// The sections of a page.
pub(crate) fn sections(name: &str, text: &str, options: &KnowledgeOptions) -> Vec<Section> {
    let (front, body) = FrontMatter::split(text);
    let said = front.url.or_else(|| url_comment(body));
    let url = address::of_page(name, said.as_deref(), options);
    let resolve = |link: &str| address::of_link(link, url.as_deref(), &options.url_suffix);
    let title = front.title.clone().unwrap_or_else(|| title_of_file(name));
    let mut page = Page {
        path: vec![(0, title)],
        titled: front.title.is_some(),
        anchor: None,
        anchors: Anchors::default(),
        keywords: front.keywords.clone(),
        url: url.as_deref(),
        most: options.section_bytes,
        sections: Vec::new(),
    };
    let mut renderer = Renderer::new(&resolve);
    let mut heading: Option<(HeadingLevel, String)> = None;
    let mut depth = 0_usize;
    for event in Parser::new_ext(body, markdown::options()) {
        match (&event, depth, &mut heading) {
            (Event::Start(Tag::Heading { level, .. }), 0, _) => {
                page.add(renderer.take());
                heading = Some((*level, String::new()));
            }
            (Event::End(TagEnd::Heading(_)), 0, Some(_)) => {
                if let Some((level, words)) = heading.take() {
                    page.head(level, words.trim());
                }
            }
            (event, 0, Some((_, words))) => words.push_str(&words_of(event)),
            (Event::Html(html), _, _) => {
                for (key, value) in markdown::comments(html) {
                    if key == "keywords" {
                        page.keywords.extend([" ", value]);
                    }
                }
                renderer.event(event);
            }
            (Event::Start(tag), _, _) => {
                depth += usize::from(is_block(tag.to_end()));
                renderer.event(event);
            }
            (Event::End(end), _, _) => {
                depth -= usize::from(is_block(*end)).min(depth);
                renderer.event(event);
            }
            _ => renderer.event(event),
        }
    }
    page.add(renderer.take());
    page.sections
}

/// What is read of a heading.
fn words_of<'a>(event: &'a Event<'_>) -> CowStr<'a> {
    match event {
        Event::Text(text) | Event::Code(text) => CowStr::Borrowed(text),
        Event::SoftBreak | Event::HardBreak => CowStr::Borrowed(" "),
        _ => CowStr::Borrowed(""),
    }
}

/// What a heading may stand in without being one of the page.
fn is_block(end: TagEnd) -> bool {
    matches!(end, TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition)
}

fn url_comment(body: &str) -> Option<String> {
    // Not worth a look at a page that has none, which are nearly all.
    let mut html = body.contains("<!--").then(|| Parser::new_ext(body, markdown::options()))?;
    html.find_map(|event| match event {
        Event::Html(html) => {
            markdown::comments(&html).find(|(key, _)| *key == "url").map(|(_, url)| url.to_owned())
        }
        _ => None,
    })
}

/// `first-steps.md` is called First steps, unless the page says otherwise.
fn title_of_file(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let words = file.rsplit_once('.').map_or(file, |(stem, _)| stem).replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A page on its way.
struct Page<'p> {
    /// The headings that stand above what comes, with their levels; the page's own title has level 0.
    path: Vec<(usize, String)>,
    /// Whether its title is known: then a first heading of level 1 says the same in other words.
    titled: bool,
    anchor: Option<String>,
    anchors: Anchors,
    keywords: String,
    url: Option<&'p str>,
    /// How long a section may be.
    most: usize,
    sections: Vec<Section>,
}

impl Page<'_> {
    fn head(&mut self, level: HeadingLevel, words: &str) {
        let level = level as usize;
        let anchor = self.anchors.next(words);
        let first = self.path.len() == 1 && self.sections.is_empty() && level == 1;
        if first {
            if !self.titled && !words.is_empty() {
                self.path = vec![(0, words.to_owned())];
            }
            self.titled = true;
            return;
        }
        self.keywords.clear();
        self.path.retain(|(above, _)| *above < level);
        if !words.is_empty() {
            self.path.push((level, words.to_owned()));
        }
        self.anchor = anchor;
    }

    /// What stood under the last heading.
    fn add(&mut self, blocks: Vec<Block>) {
        let (mut part, most) = (Part::default(), self.most);
        for block in blocks.into_iter().flat_map(|block| split(block, most)) {
            if !part.text.is_empty() && part.text.len() + block.text.len() + LONGEST_JOINT > most {
                self.push(std::mem::take(&mut part));
            }
            part.push(&block);
        }
        if !part.text.is_empty() {
            self.push(part);
        }
    }

    fn push(&mut self, part: Part) {
        let mut title =
            self.path.iter().map(|(_, words)| &**words).collect::<Vec<_>>().join(BETWEEN_HEADINGS);
        title.truncate(title.floor_char_boundary(TITLE_BYTES));
        let mut source = Source::new(title);
        source.url = self.url.map(|url| match &self.anchor {
            Some(anchor) => address::with_anchor(url, anchor),
            None => url.to_owned(),
        });
        let Part { text, breaks, .. } = part;
        let heading = self.path.last().map(|(_, words)| words.clone()).unwrap_or_default();
        self.sections.push(Section { text, breaks, heading, keywords: self.keywords.clone(), source });
    }
}

/// Blocks as one text.
#[derive(Default)]
struct Part {
    text: String,
    breaks: Vec<usize>,
    last: Option<Kind>,
}

impl Part {
    fn push(&mut self, block: &Block) {
        if let Some(last) = self.last {
            self.breaks.push(self.text.len());
            self.text.push_str(joint(last, block.kind));
        }
        let start = self.text.len();
        self.breaks.extend(block.breaks.iter().map(|at| start + at));
        self.text.push_str(&block.text);
        self.last = Some(block.kind);
    }
}

/// A block that is no longer than that, or code, which is kept whole. What has no sentences loses its markup.
fn split(block: Block, most: usize) -> Vec<Block> {
    if block.text.len() <= most || block.kind == Kind::Code {
        return vec![block];
    }
    let mut pieces = Vec::new();
    let mut start = 0;
    for (number, &at) in block.breaks.iter().enumerate() {
        let next = block.breaks.get(number + 1).copied().unwrap_or(block.text.len());
        if next - start > most {
            pieces.push(block.text[start..at].trim().to_owned());
            start = at;
        }
    }
    pieces.push(block.text[start..].trim().to_owned());
    pieces
        .into_iter()
        .flat_map(|piece| if piece.len() > most { by_words(&plain(&piece), most) } else { vec![piece] })
        .map(|piece| Block::whole(block.kind, piece))
        .collect()
}

/// What a page says of itself, before it begins: lines of `key: value` between two lines of `---`.
#[derive(Debug, Default)]
struct FrontMatter {
    title: Option<String>,
    url: Option<String>,
    keywords: String,
}

impl FrontMatter {
    /// The front matter and what follows. Without an end there is none.
    fn split(text: &str) -> (Self, &str) {
        let mut front = Self::default();
        let mut lines = text.split_inclusive('\n');
        if lines.next().is_none_or(|first| first.trim_end() != "---") {
            return (front, text);
        }
        let mut read = text.len() - lines.clone().map(str::len).sum::<usize>();
        for line in lines {
            read += line.len();
            if matches!(line.trim_end(), "---" | "...") {
                return (front, &text[read..]);
            }
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            match key.trim() {
                "title" if !value.is_empty() => front.title = Some(value),
                "url" if !value.is_empty() => front.url = Some(value),
                "keywords" => front.keywords = value,
                _ => {}
            }
        }
        (Self::default(), text)
    }
}

#[cfg(test)]
mod tests;
