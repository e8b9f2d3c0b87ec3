//! The automaton against a model that looks at every place of a text for every word.

use proptest::{prelude::*, sample::select};
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::text::{Token, terms};

fn lists(refuse: &[&str], mask: &[&str], flag: &[&str]) -> WordLists {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    WordLists { refuse: owned(refuse), mask: owned(mask), flag: owned(flag) }
}

fn judge(lists: &WordLists, text: &str) -> Judged {
    Matcher::new(lists).unwrap().judge(text)
}

#[test]
fn words_are_whole_folded_and_in_phrases() {
    let lists = lists(&["Buy NOW"], &["damn", "café", "馬鹿"], &["Lawyer", "sue you", "lawyer"]);
    assert!(lists.check().is_ok());
    for (text, masked, flagged) in [
        ("", None, &[][..]),
        ("Goddamn buyers know", None, &[]),
        ("now buy", None, &[]),
        ("DAMN, the CAFE\u{301}!", Some("∗∗∗∗, the ∗∗∗∗!"), &[]),
        ("damn damn", Some("∗∗∗∗ ∗∗∗∗"), &[]),
        ("この馬鹿者", Some("この∗∗者"), &[]),
        ("My láwyer\u{2014}sue  you", None, &["Lawyer", "sue you"]),
        ("damn lawyer", Some("∗∗∗∗ lawyer"), &["Lawyer"]),
    ] {
        let judged = judge(&lists, text);
        assert_eq!((judged.refused, judged.masked.as_deref()), (false, masked), "{text}");
        assert_eq!(judged.flagged, flagged, "{text}");
    }
    for text in ["buy now", "Damn: BUY\nnów, lawyer"] {
        assert_eq!(judge(&lists, text), Judged { refused: true, ..Judged::default() }, "{text}");
    }
}

#[test]
fn a_word_may_be_masked_and_flagged() {
    let judged = judge(&lists(&[], &["rude word"], &["Rude", "rude word", "word"]), "a rude word");
    assert_eq!(judged.masked.as_deref(), Some("a ∗∗∗∗ ∗∗∗∗"));
    assert_eq!(judged.flagged, ["Rude", "rude word", "word"]);
}

#[test]
fn a_flag_names_few_words() {
    let words: Vec<_> = (0..50).map(|number| format!("w{number}")).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    assert_eq!(judge(&lists(&[], &[], &words), &words.join(" ")).flagged.len(), MAX_FLAGGED_WORDS);
}

#[test]
fn bounds_are_checked() {
    let word = "w".repeat(WORD_BYTES);
    let most = MAX_LISTED_BYTES / WORD_BYTES;
    let many = |count| WordLists { mask: vec![word.clone(); count], ..WordLists::default() };
    assert!(many(most).check().is_ok());
    assert!(many(most + 1).check().is_err());
    let short = |count| WordLists { flag: vec!["a".into(); count], ..lists(&["b"], &[], &[]) };
    assert!(short(MAX_LISTED_WORDS - 1).check().is_ok());
    assert!(short(MAX_LISTED_WORDS).check().is_err());
    for bad in ["", " ", "!", "\u{301}", "a\nb", &"x".repeat(WORD_BYTES + 1)] {
        for bad in [lists(&[bad], &[], &[]), lists(&[], &[bad], &[]), lists(&[], &[], &[bad])] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
    }
}

#[test]
fn nothing_is_swallowed_of_what_is_said_of_lists() {
    let lists: WordLists = serde_json::from_str(r#"{"mask":["damn"]}"#).unwrap();
    assert_eq!(lists.mask, ["damn"]);
    assert!(serde_json::from_str::<WordLists>(r#"{"masks":["damn"]}"#).is_err());
}

/// Where the words of `phrase` stand in `tokens`, one after the other.
fn places(tokens: &[Token], phrase: &str) -> Vec<std::ops::Range<usize>> {
    let phrase = terms(phrase);
    let here = |at: &usize| {
        let words = tokens[*at..].iter().map(|token| &token.term);
        words.take(phrase.len()).eq(&phrase)
    };
    (0..tokens.len()).filter(here).map(|at| at..at + phrase.len()).collect()
}

/// Few words, so that they meet, in cases and scripts that fold.
fn word() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "a", "A", "\u{e4}", "a\u{308}", "b", "ab", "ba", "\u{de}", "\u{65e5}", "\u{672c}", "\u{2116}",
            "\u{d55c}", "7",
        ][..],
    )
}

fn phrase() -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), 1..4).prop_map(|words| words.join(" "))
}

fn text() -> impl Strategy<Value = String> {
    let between = select(&[" ", "  ", "", "-", "\u{2014}", "\n", "\u{200d}", "*", "\u{1f600}"][..]);
    proptest::collection::vec((word(), between), 0..24)
        .prop_map(|parts| parts.into_iter().flat_map(|(word, between)| [word, between]).collect())
}

fn some() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(phrase(), 0..5)
}

proptest! {
    #[test]
    fn all_is_found_that_is_there(text in text(), refuse in proptest::collection::vec(phrase(), 0..2), mask in some(), flag in some()) {
        let lists = WordLists { refuse, mask, flag };
        let judged = judge(&lists, &text);
        let tokens: Vec<_> = text::tokens(&text).collect();
        let stands = |phrase: &String| !places(&tokens, phrase).is_empty();
        prop_assert_eq!(judged.refused, lists.refuse.iter().any(stands));
        if judged.refused {
            prop_assert_eq!(judged, Judged { refused: true, ..Judged::default() });
            return Ok(());
        }
        let mut flagged: Vec<_> = lists.flag.iter().filter(|phrase| stands(phrase)).map(|phrase| terms(phrase)).collect();
        flagged.sort();
        flagged.dedup();
        prop_assert_eq!(judged.flagged.iter().map(|word| terms(word)).collect::<Vec<_>>(), flagged);

        let hidden: Vec<_> = lists.mask.iter().flat_map(|phrase| places(&tokens, phrase)).flatten().collect();
        prop_assert_eq!(judged.masked.is_some(), !hidden.is_empty());
        let Some(masked) = judged.masked else { return Ok(()) };
        // What is hidden is found no more, what is not stands as it did.
        let left = tokens.iter().enumerate().filter(|(place, _)| !hidden.contains(place)).map(|(_, token)| &text[token.range.clone()]);
        prop_assert!(left.eq(text::tokens(&masked).map(|token| &masked[token.range])));
        prop_assert_eq!(masked.graphemes(true).count(), text.graphemes(true).count());
    }

    #[test]
    fn any_text_is_judged(text in "\\PC{0,60}", words in proptest::collection::vec("\\PC{1,8}", 0..6)) {
        let words: Vec<_> = words.into_iter().filter(|word| !terms(word).is_empty()).collect();
        let lists = WordLists { mask: words.clone(), flag: words, ..WordLists::default() };
        let judged = judge(&lists, &text);
        prop_assert_eq!(judged.masked.is_some(), !judged.flagged.is_empty());
    }
}
