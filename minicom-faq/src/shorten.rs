//! Text cut to a readable length, where it may be cut.

use crate::markdown::{escaped, plain};

/// What says that something was left out.
const MORE: &str = "…";

/// At most so many bytes of a text, up to a paragraph, an item or a sentence; a little over, if there is nothing to cut at
/// before. Code is cut between lines. A sentence that ends in a colon is not the last one: what it announces is left out
/// with it.
pub(crate) fn shorten(text: &str, breaks: &[usize], most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let announces = |at: usize| text[..at].trim_end().ends_with([':', '：']);
    let cuts = || breaks.iter().copied().filter(|&at| !announces(at));
    // Below a quarter it says too little to be worth a cut.
    let cut = cuts()
        .rfind(|at| (most / 4..=most).contains(at))
        .or_else(|| cuts().find(|&at| at > most && at <= 2 * most));
    match cut {
        Some(at) if text[at..].starts_with('\n') => format!("{}\n\n{MORE}", text[..at].trim_end()),
        Some(at) => format!("{} {MORE}", text[..at].trim_end()),
        None => code(text, most).unwrap_or_else(|| {
            let words = by_words(&plain(text), most);
            format!("{} {MORE}", words.first().map_or("", String::as_str))
        }),
    }
}

/// Code that begins the text, cut between lines, with an end.
fn code(text: &str, most: usize) -> Option<String> {
    let fence = &text[..text.len() - text.trim_start_matches('`').len()];
    if fence.len() < 3 {
        return None;
    }
    let end = text[..text.floor_char_boundary(most)].rfind('\n')?;
    // Its own first line, or its end.
    let inside = text[..end].find('\n').is_some() && !text[..end].ends_with(fence);
    inside.then(|| format!("{}\n{fence}\n\n{MORE}", &text[..end]))
}

/// Plain text as Markdown in pieces, cut between words where it has any.
pub(crate) fn by_words(text: &str, most: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while rest.len() > most {
        let end = rest.floor_char_boundary(most).max(rest.ceil_char_boundary(1));
        let space = if rest[end..].starts_with(' ') { Some(end) } else { rest[..end].rfind(' ') };
        let end = space.filter(|&at| at > 0).unwrap_or(end);
        pieces.push(escaped(&rest[..end]));
        rest = rest[end..].trim_start();
    }
    pieces.push(escaped(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_ends_where_something_ends() {
        let text = "One is first. Two is second.\n\nThree is third:\n\n- four";
        let breaks = [13, 28, 45];
        assert_eq!(shorten(text, &breaks, 100), text);
        assert_eq!(shorten(text, &breaks, 50), "One is first. Two is second.\n\n…");
        assert_eq!(shorten(text, &breaks, 20), "One is first. …");
        assert_eq!(shorten(text, &breaks, 8), "One is first. …");
        assert_eq!(shorten("no end **in sight** here", &[], 15), "no end in sight …");
        assert_eq!(shorten("no end **in sight** here", &[], 10), "no end in …");
        assert_eq!(shorten("日本語の文章", &[], 7), "日本 …");
    }

    #[test]
    fn code_is_cut_between_lines_and_closed() {
        let text = "````rust\nlet a = 1;\nlet b = 2;\nlet c = 3;\n````";
        assert_eq!(shorten(text, &[], 35), "````rust\nlet a = 1;\nlet b = 2;\n````\n\n…");
        assert_eq!(shorten(text, &[], 10), "let a = 1; …");
    }

    proptest! {
        #[test]
        fn it_is_short_and_never_panics(text in "(\\PC|[ \n`*.]){0,300}", most in 1_usize..200) {
            let breaks: Vec<_> = text.match_indices(". ").map(|(at, _)| at + 1).collect();
            let short = shorten(&text, &breaks, most);
            // Escapes may double plain words.
            prop_assert!(short.len() <= text.len().max(2 * most + 16) + MORE.len() + 8, "{short:?}");
        }
    }
}
