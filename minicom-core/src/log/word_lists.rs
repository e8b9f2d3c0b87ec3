//! Which words of visitors are refused, masked or flagged: a workspace's lists, and the automaton that finds all of them in
//! one pass over a text. A value; the rules that follow it are the conversation's.

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, OnceLock},
};

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{error::Refusal, text};

/// How many words and phrases all lists of a workspace have at most, together.
pub const MAX_LISTED_WORDS: usize = 1000;

/// How long they are at most, together, in bytes: a frame holds them.
pub const MAX_LISTED_BYTES: usize = 32 * 1024;

/// How many of the words that were found a flag names.
pub const MAX_FLAGGED_WORDS: usize = 10;

const WORD_BYTES: usize = 64;

/// Stands for a letter that is masked. It looks like an asterisk and is none, because asterisks are Markdown.
const MASK: &str = "\u{2217}";

/// Words and phrases of visitors, and what becomes of a message that has one. They are found as whole words, in any case and
/// with any diacritics, as search finds them; in scripts without spaces each sign is a word, so a phrase is found wherever its
/// signs follow one another. A word may stand in more than one list: a refusal decides, masking and flagging go together.
///
/// ```
/// let mut lists = minicom_core::WordLists::default();
/// lists.refuse = vec!["buy followers".into()];
/// lists.mask = vec!["damn".into()];
/// lists.flag = vec!["lawyer".into(), "chargeback".into()];
/// assert!(lists.check().is_ok());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WordLists {
    /// The message is refused, and stored nowhere.
    pub refuse: Vec<String>,
    /// The word is stored, shown and found as asterisks (U+2217), one a letter.
    pub mask: Vec<String>,
    /// The message waits for review. Its visitor does not learn of it.
    pub flag: Vec<String>,
}

impl WordLists {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.refuse.iter().chain(&self.mask).chain(&self.flag)
    }

    /// Whether every bound is kept: at most [`MAX_LISTED_WORDS`] and [`MAX_LISTED_BYTES`], each word of 1 to 64 bytes with a
    /// letter or digit and without control characters.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.all().count() > MAX_LISTED_WORDS
            || self.all().map(String::len).sum::<usize>() > MAX_LISTED_BYTES
        {
            return Err(Refusal::bad_request("the lists have at most 1,000 words and 32 KiB, together"));
        }
        let is_word = |word: &String| {
            word.len() <= WORD_BYTES
                && !word.contains(char::is_control)
                && text::tokens(word).next().is_some()
        };
        if !self.all().all(is_word) {
            return Err(Refusal::bad_request(
                "a word has 1 to 64 bytes with a letter or digit, and no control characters",
            ));
        }
        Matcher::new(self).map(drop).map_err(|_| Refusal::bad_request("the lists are too large"))
    }
}

/// What a text comes to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    pub refused: bool,
    /// The text to keep in place of it.
    pub masked: Option<String>,
    /// The words as they are listed, sorted, at most [`MAX_FLAGGED_WORDS`].
    pub flagged: Vec<String>,
}

/// What becomes of a word.
#[derive(Debug, Default)]
struct Entry {
    refuse: bool,
    mask: bool,
    /// As it is listed.
    flag: Option<String>,
}

/// All lists, compiled.
#[derive(Debug)]
pub(super) struct Matcher {
    automaton: AhoCorasick,
    /// By pattern.
    entries: Vec<Entry>,
}

/// Folded words with a space before, between and after them, so that what is found are whole words. No word has a space in it.
struct Spaced {
    text: String,
    /// Where each word begins.
    starts: Vec<usize>,
}

impl Spaced {
    fn new(terms: impl Iterator<Item = impl AsRef<str>>) -> Self {
        let mut spaced = Self { text: " ".into(), starts: Vec::new() };
        for term in terms {
            spaced.starts.push(spaced.text.len());
            spaced.text.push_str(term.as_ref());
            spaced.text.push(' ');
        }
        spaced
    }

    /// Which words lie within these bytes.
    fn words(&self, bytes: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let before = |at| self.starts.partition_point(|start| *start < at);
        before(bytes.start)..before(bytes.end)
    }
}

impl Matcher {
    /// Compiles the lists.
    pub fn new(lists: &WordLists) -> Result<Self, aho_corasick::BuildError> {
        // Each folded word once: what is listed twice must not be found twice.
        let mut entries = BTreeMap::<String, Entry>::new();
        let folded = |word: &String| Spaced::new(text::tokens(word).map(|token| token.term)).text;
        for word in &lists.refuse {
            entries.entry(folded(word)).or_default().refuse = true;
        }
        for word in &lists.mask {
            entries.entry(folded(word)).or_default().mask = true;
        }
        for word in &lists.flag {
            entries.entry(folded(word)).or_default().flag.get_or_insert_with(|| word.clone());
        }
        let automaton = AhoCorasick::new(entries.keys())?;
        Ok(Self { automaton, entries: entries.into_values().collect() })
    }

    /// Judges a text.
    pub fn judge(&self, text: &str) -> Judged {
        let tokens: Vec<_> = text::tokens(text).collect();
        let spaced = Spaced::new(tokens.iter().map(|token| &token.term));
        let mut hidden = vec![false; tokens.len()];
        let mut flagged = vec![false; self.entries.len()];
        for found in self.automaton.find_overlapping_iter(&spaced.text) {
            let pattern = found.pattern().as_usize();
            let entry = &self.entries[pattern];
            if entry.refuse {
                return Judged { refused: true, ..Judged::default() };
            }
            flagged[pattern] = true;
            if entry.mask {
                hidden[spaced.words(found.range())].fill(true);
            }
        }
        let flagged = self.entries.iter().zip(flagged).filter(|(_, found)| *found);
        let flagged = flagged.filter_map(|(entry, _)| entry.flag.clone()).take(MAX_FLAGGED_WORDS).collect();
        let masked = hidden.contains(&true).then(|| {
            let hidden = tokens.iter().zip(hidden).filter(|(_, hidden)| *hidden);
            masked(text, hidden.map(|(token, _)| token.range.clone()))
        });
        Judged { refused: false, masked, flagged }
    }
}

/// The text with other words in place of these, in order.
fn masked(text: &str, words: impl Iterator<Item = std::ops::Range<usize>>) -> String {
    let (mut masked, mut end) = (String::with_capacity(text.len()), 0);
    for word in words {
        masked.push_str(&text[end..word.start]);
        masked.push_str(&MASK.repeat(letters(&text[word.clone()])));
        end = word.end;
    }
    masked.push_str(&text[end..]);
    masked
}

/// How many letters a word has, the marks on them not counted. Composed, because some scripts have signs for parts of a letter.
fn letters(word: &str) -> usize {
    word.nfc().filter(|c| !is_combining_mark(*c)).count().max(1)
}

/// The automaton of some lists, made when it is first asked for.
#[derive(Clone, Default)]
pub(super) struct Compiled(OnceLock<Option<Arc<Matcher>>>);

impl Compiled {
    /// `None`: nothing is listed.
    pub fn of(&self, lists: Option<&WordLists>) -> Option<&Matcher> {
        let compile = || lists.and_then(|lists| Matcher::new(lists).ok()).map(Arc::new);
        self.0.get_or_init(compile).as_deref()
    }
}

/// It follows from the lists, which are compared.
impl PartialEq for Compiled {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compiled")
    }
}
