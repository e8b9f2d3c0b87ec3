//! Words: where they stand, what they are folded to, and what is highlighted.

use minicom_core::text;

/// As many words as a query may have.
const QUERY: usize = 16;

pub(super) fn check(words: &str) {
    let mut end = 0;
    let mut terms = Vec::new();
    for token in text::tokens(words) {
        assert!(!token.range.is_empty() && words.get(token.range.clone()).is_some(), "{:?}", token.range);
        assert!(no_word(&words[end..token.range.start]), "nothing is left out");
        end = token.range.end;
        assert!(!token.term.is_empty() && token.term.chars().all(char::is_alphanumeric), "{}", token.term);
        terms.push((token.range, token.term));
    }
    assert!(no_word(&words[end..]));
    assert!(terms.iter().map(|(_, term)| term).eq(&text::terms(words)));

    let query: Vec<_> = terms.iter().rev().take(QUERY).map(|(_, term)| term.clone()).collect();
    let found = text::highlights(words, &query);
    let expected = terms.iter().filter(|(_, term)| {
        query.last().is_some_and(|last| term.starts_with(last.as_str())) || query.contains(term)
    });
    assert!(expected.map(|(range, _)| range).eq(&found), "every word of the query is found, and no other");
}

/// What stands between words has no letter or digit of the simplest kind.
fn no_word(gap: &str) -> bool {
    !gap.bytes().any(|byte| byte.is_ascii_alphanumeric())
}
