//! HTML in pages: its words, and comments that tell us something.

/// Elements whose content nobody reads.
const UNREAD: [&str; 2] = ["script", "style"];

/// What a reader of the HTML would see, tags as spaces. Not a sanitiser: what comes of it is escaped like any other text.
pub(crate) fn words(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        rest = after_tag(tag).unwrap_or_else(|| {
            // A `<` that opens nothing is a character.
            words.push('<');
            tag
        });
        words.push(' ');
    }
    words.push_str(rest);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words
        .replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// What follows a tag or comment, given what follows its `<`.
fn after_tag(tag: &str) -> Option<&str> {
    if let Some(comment) = tag.strip_prefix("!--") {
        return Some(comment.split_once("-->").map_or("", |(_, rest)| rest));
    }
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
        return None;
    }
    let unread = UNREAD.into_iter().find(|name| {
        tag.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
            && !tag[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
    });
    let (_, rest) = tag.split_once('>')?;
    match unread {
        Some(name) => {
            let closes = |at: &usize| {
                rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
            };
            let end = rest.match_indices("</").map(|(at, _)| at).find(closes);
            Some(end.and_then(|end| rest[end..].split_once('>')).map_or("", |(_, rest)| rest))
        }
        None => Some(rest),
    }
}

/// The `key: value` comments of a piece of HTML.
pub(crate) fn comments(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.split("<!--").skip(1).filter_map(|comment| {
        let (inside, _) = comment.split_once("-->")?;
        let (key, value) = inside.split_once(':')?;
        Some((key.trim(), value.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_remain() {
        assert_eq!(words("<b>Bold</b> &amp; <a href='x'>link</a><br>end"), "Bold & link end");
        assert_eq!(words("<script>alert('<b>')</script >after <STYLE>p{}</STYLE>."), "after .");
        assert_eq!(words("<!-- hidden -->seen <!-- unclosed"), "seen");
        assert_eq!(words("1 < 2 <"), "1 < 2 <");
        assert_eq!(words("&amp;lt;"), "&lt;");
    }

    #[test]
    fn comments_have_keys() {
        let found: Vec<_> =
            comments("<!-- url: https://x.example/a:b -->\n<!--keywords:a, b--><!-- no key --><!-- x: y")
                .collect();
        assert_eq!(found, [("url", "https://x.example/a:b"), ("keywords", "a, b")]);
    }
}
