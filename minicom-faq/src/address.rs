//! Where pages and their sections are published.

use std::{collections::HashMap, fmt::Write as _};

use crate::KnowledgeOptions;

/// The address of a page: what it says itself, or what follows from where the folder is published.
pub(crate) fn of_page(name: &str, said: Option<&str>, options: &KnowledgeOptions) -> Option<String> {
    let base = options.base_url.as_deref();
    if let Some(said) = said {
        let address =
            if is_link(said) { Some(said.to_owned()) } else { base.and_then(|base| join(base, said)) };
        if address.is_none() {
            tracing::warn!(page = name, url = said, "no address that a page could link to, left out");
        }
        return address;
    }
    join(base?, &published(name, &options.url_suffix))
}

/// The path of a page without `.md`; a folder's own page is the folder.
fn published(name: &str, suffix: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (folder, page) = stem.rsplit_once('/').map_or(("", stem), |(folder, page)| (folder, page));
    let slash = if folder.is_empty() { "" } else { "/" };
    if page == "index" || page == "README" {
        return percent_encoded(&format!("{folder}{slash}"));
    }
    percent_encoded(&format!("{folder}{slash}{page}")) + suffix
}

/// What a link of a page leads to, absolute; `None`: nothing that can be followed from a chat. The chat's pages draw no
/// link to a path of their own origin, so the folder must be published at an absolute address for links between its pages.
pub(crate) fn of_link(link: &str, page: Option<&str>, suffix: &str) -> Option<String> {
    let lower = link.to_ascii_lowercase();
    if ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme)) {
        return Some(link.to_owned());
    }
    let page = page.filter(|page| !page.starts_with('/'))?;
    if link.starts_with('#') {
        return Some(format!("{}{link}", without_fragment(page)));
    }
    if link.starts_with('/') || has_scheme(link) {
        return None;
    }
    let (path, fragment) =
        link.split_once('#').map_or((link, String::new()), |(path, fragment)| (path, format!("#{fragment}")));
    let path = match path.strip_suffix(".md") {
        Some(stem) => match stem.rsplit_once('/').map_or(stem, |(_, page)| page) {
            own @ ("index" | "README") => stem[..stem.len() - own.len()].to_owned(),
            _ => format!("{stem}{suffix}"),
        },
        None => path.to_owned(),
    };
    Some(join(without_fragment(page), &path)? + &fragment)
}

/// The address of a section: the page's with an anchor, unless it has one of its own.
pub(crate) fn with_anchor(page: &str, anchor: &str) -> String {
    if page.contains('#') { page.to_owned() } else { format!("{page}#{}", percent_encoded(anchor)) }
}

fn without_fragment(address: &str) -> &str {
    address.split_once('#').map_or(address, |(page, _)| page)
}

/// What a page of the chat draws as a link to a source.
fn is_link(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    lower.starts_with("https://")
        || lower.starts_with("http://")
        || (address.starts_with('/') && !address[1..].starts_with(['/', '\\']))
}

fn has_scheme(link: &str) -> bool {
    link.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']))
}

/// A relative path on an address, with `.` and `..` taken out; it never leaves the host.
fn join(base: &str, relative: &str) -> Option<String> {
    if !is_link(base) || relative.starts_with('/') || has_scheme(relative) {
        return None;
    }
    let host_from = base.find("://").map_or(0, |at| at + 3);
    let path_from = base[host_from..].find('/').map_or(base.len(), |at| host_from + at);
    let (host, path) = base.split_at(path_from);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').skip(1).collect();
    let mut ends_in_folder = true;
    for part in relative.split('/') {
        ends_in_folder = matches!(part, "" | "." | "..");
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let slash = if ends_in_folder && !parts.is_empty() { "/" } else { "" };
    Some(format!("{host}/{}{slash}", parts.join("/")))
}

/// All but what a path may hold as it is (RFC 3986 section 3.3).
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'*+,;=:@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The anchors of a page's headings, as GitHub and most generators make them: in lower case, without punctuation, spaces
/// as hyphens, a number after what was there before. For hosts that publish the pages themselves: sources lead to these.
///
/// ```
/// let mut anchors = minicom_faq::Anchors::default();
/// assert_eq!(anchors.next("Back up, daily").as_deref(), Some("back-up-daily"));
/// assert_eq!(anchors.next("Back up, daily").as_deref(), Some("back-up-daily-1"));
/// ```
#[derive(Debug, Default)]
pub struct Anchors(HashMap<String, usize>);

impl Anchors {
    /// The anchor of the next heading; `None` if nothing of it can stand in one.
    pub fn next(&mut self, heading: &str) -> Option<String> {
        let slug: String = heading
            .to_lowercase()
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
                _ => None,
            })
            .collect();
        if slug.is_empty() {
            return None;
        }
        let mut anchor = slug.clone();
        loop {
            if !self.0.contains_key(&anchor) {
                self.0.insert(anchor.clone(), 0);
                return Some(anchor);
            }
            let seen = self.0.entry(slug.clone()).or_default();
            *seen += 1;
            anchor = format!("{slug}-{seen}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(base: &str) -> KnowledgeOptions {
        KnowledgeOptions::new().base_url(base)
    }

    #[test]
    fn pages_have_the_address_of_their_file() {
        let options = at("https://example.com/help/");
        for (name, url) in [
            ("storage.md", "https://example.com/help/storage"),
            ("guides/first steps.md", "https://example.com/help/guides/first%20steps"),
            ("index.md", "https://example.com/help/"),
            ("guides/README.md", "https://example.com/help/guides/"),
        ] {
            assert_eq!(of_page(name, None, &options).as_deref(), Some(url));
        }
        assert_eq!(of_page("a.md", None, &at("/help/").url_suffix(".html")).as_deref(), Some("/help/a.html"));
        assert_eq!(
            of_page("a.md", None, &at("https://example.com")).as_deref(),
            Some("https://example.com/a")
        );
        assert_eq!(of_page("a.md", None, &KnowledgeOptions::new()), None);
    }

    #[test]
    fn a_page_may_say_where_it_is() {
        let options = at("https://example.com/help/");
        assert_eq!(
            of_page("a.md", Some("https://b.example/c"), &options).as_deref(),
            Some("https://b.example/c")
        );
        assert_eq!(of_page("a.md", Some("/c"), &KnowledgeOptions::new()).as_deref(), Some("/c"));
        assert_eq!(of_page("a.md", Some("c/d"), &options).as_deref(), Some("https://example.com/help/c/d"));
        for bad in ["javascript:alert(1)", "//evil.example/", "/\\evil.example", "data:text/html,x"] {
            assert_eq!(of_page("a.md", Some(bad), &options), None, "{bad}");
        }
    }

    #[test]
    fn links_between_pages_lead_to_where_they_are_published() {
        let page = Some("https://example.com/help/guides/start");
        for (link, to) in [
            ("other.md", Some("https://example.com/help/guides/other")),
            ("../storage.md#backup", Some("https://example.com/help/storage#backup")),
            ("../../../../x", Some("https://example.com/x")),
            ("../index.md", Some("https://example.com/help/")),
            ("#here", Some("https://example.com/help/guides/start#here")),
            ("https://x.example/", Some("https://x.example/")),
            ("mailto:a@b.example", Some("mailto:a@b.example")),
            ("javascript:alert(1)", None),
            ("//evil.example/x", None),
        ] {
            assert_eq!(of_link(link, page, "").as_deref(), to, "{link}");
        }
        assert_eq!(of_link("other.md", None, ""), None);
        assert_eq!(of_link("other.md", Some("/help/a"), ""), None);
    }

    #[test]
    fn anchors_are_as_on_github() {
        let mut anchors = Anchors::default();
        let next: Vec<_> = ["Back up: `minicom.db`!", "FAQ", "FAQ", "Über uns", "FAQ-1", "FAQ", "???"]
            .map(|heading| anchors.next(heading).unwrap_or_default())
            .into();
        assert_eq!(next, ["back-up-minicomdb", "faq", "faq-1", "über-uns", "faq-1-1", "faq-2", ""]);
        assert_eq!(with_anchor("/a", "über"), "/a#%C3%BCber");
        assert_eq!(with_anchor("/a#b", "c"), "/a#b");
    }
}
