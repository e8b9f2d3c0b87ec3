//! Words: the one function by which text is split and folded, for indexing, querying and highlighting alike.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// Its folded form: compatibility-decomposed, without diacritics, in lower case.
    pub term: String,
}

/// Splits a text into words. A word is a run of letters, digits and the marks on them; each ideograph or kana is a word of
/// its own, because those scripts put no space between words.
///
/// ```
/// let terms: Vec<_> = minicom_core::text::tokens("Café №5!").map(|t| t.term).collect();
/// assert_eq!(terms, ["cafe", "no5"]);
/// ```
pub fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, first) = chars.next()?;
            if !is_word(first) {
                continue;
            }
            let mut end = start + first.len_utf8();
            while let Some(&(at, next)) = chars.peek() {
                let joins =
                    is_combining_mark(next) || (is_word(next) && !stands_alone(first) && !stands_alone(next));
                if !joins {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
            let term = fold(&text[start..end]);
            if !term.is_empty() {
                return Some(Token { range: start..end, term });
            }
        }
    })
}

/// The folded words of a text, in order.
pub fn terms(text: &str) -> Vec<String> {
    tokens(text).map(|token| token.term).collect()
}

/// Where `terms` occur in `text`, in bytes: each as a whole word, the last one as the beginning of a word.
pub fn highlights(text: &str, terms: &[String]) -> Vec<Range<usize>> {
    let Some((prefix, whole)) = terms.split_last() else { return Vec::new() };
    tokens(text)
        .filter(|token| token.term.starts_with(prefix.as_str()) || whole.contains(&token.term))
        .map(|token| token.range)
        .collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '№'
}

/// Scripts that write without spaces: Han, Hiragana, Katakana and their extensions.
fn stands_alone(c: char) -> bool {
    matches!(c as u32, 0x3040..=0x30ff | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff
        | 0xf900..=0xfaff | 0xff66..=0xff9f | 0x2_0000..=0x3_ffff)
}

/// Only letters and digits remain, so that a store that splits at anything else finds the same words.
fn fold(word: &str) -> String {
    word.nfkd().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_case_and_marks() {
        assert_eq!(terms("Ångström ÉCOLE e\u{301}cole"), ["angstrom", "ecole", "ecole"]);
        assert_eq!(terms("don't re-open"), ["don", "t", "re", "open"]);
        assert_eq!(terms("日本語 ok"), ["日", "本", "語", "ok"]);
        assert_eq!(terms(" \u{301} !"), Vec::<String>::new());
    }

    #[test]
    fn highlights_whole_words_and_a_last_prefix() {
        let text = "Refund the order, refunds ordered";
        assert_eq!(highlights(text, &terms("refund ord")), [0..6, 11..16, 26..33]);
        assert!(highlights(text, &[]).is_empty());
    }

    proptest! {
        #[test]
        fn terms_are_stable_and_ranges_lie_in_the_text(text in "\\PC{0,80}") {
            for token in tokens(&text) {
                prop_assert!(text.get(token.range.clone()).is_some());
                prop_assert!(token.term.chars().all(char::is_alphanumeric));
            }
            let joined = terms(&text).join(" ");
            prop_assert_eq!(joined.split(' ').filter(|t| !t.is_empty()).count(), terms(&text).len());
            // A whole text finds itself.
            let all = terms(&text);
            prop_assert_eq!(highlights(&text, &all).len() >= usize::from(!all.is_empty()), true);
        }
    }
}
