//! The words by which pages and questions are compared: split and folded as core does, without those that say nothing,
//! without their endings.

use bm25::Tokenizer;
use minicom_core::text;

use crate::{Language, stopwords::is_stop_word};

/// What is longer, in bytes, is no word of a language, and stemmers need not look at it.
const LONGEST_WORD: usize = 64;

/// Splits text into terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(pub(crate) Language);

impl Tokenizer for Words {
    fn tokenize(&self, text: &str) -> Vec<String> {
        self.terms(text).collect()
    }
}

impl Words {
    /// The terms of a text, in order.
    pub(crate) fn terms(self, text: &str) -> impl Iterator<Item = String> {
        let mut tokens = text::tokens(text).peekable();
        let mut waiting = Vec::new().into_iter();
        std::iter::from_fn(move || {
            loop {
                if let Some(term) = waiting.next() {
                    return Some(term);
                }
                let first = tokens.next()?;
                let Some(script) = Script::of(&first.term) else {
                    if let Some(term) = self.word(first.term) {
                        return Some(term);
                    }
                    continue;
                };
                let (mut run, mut end) = (vec![first.term], first.range.end);
                while let Some(next) =
                    tokens.next_if(|next| next.range.start == end && Script::of(&next.term) == Some(script))
                {
                    end = next.range.end;
                    run.push(next.term);
                }
                waiting = pairs(script, run).into_iter();
            }
        })
    }

    /// A word of a script that puts spaces between them. `None`: it says nothing.
    fn word(self, folded: String) -> Option<String> {
        let single_letter = folded.len() == 1 && folded.bytes().all(|byte| byte.is_ascii_alphabetic());
        if single_letter || is_stop_word(self.0, &folded) {
            return None;
        }
        let stem = if folded.len() > LONGEST_WORD { folded } else { self.0.stem(folded) };
        // An ending can be all there is, such as the line that stretches an Arabic word.
        (!stem.is_empty()).then_some(stem)
    }
}

/// The scripts without spaces, whose characters core gives one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Hiragana,
    Katakana,
}

impl Script {
    fn of(term: &str) -> Option<Self> {
        Some(match u32::from(term.chars().next()?) {
            0x3040..=0x309f => Self::Hiragana,
            0x30a0..=0x30ff | 0x31f0..=0x31ff => Self::Katakana,
            0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff => Self::Han,
            _ => return None,
        })
    }
}

/// A run of one script as overlapping pairs, the usual stand-in for a dictionary. Hiragana by itself is nearly always
/// grammar.
fn pairs(script: Script, run: Vec<String>) -> Vec<String> {
    if script == Script::Hiragana {
        Vec::new()
    } else if run.len() == 1 {
        run
    } else {
        run.windows(2).map(<[String]>::concat).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn terms(language: Language, text: &str) -> Vec<String> {
        Words(language).terms(text).collect()
    }

    #[test]
    fn endings_case_marks_and_grammar_do_not_matter() {
        assert_eq!(terms(Language::English, "How do I INSTALL it?"), ["instal"]);
        assert_eq!(terms(Language::English, "It's installed; don't re-install"), ["instal", "instal"]);
        assert_eq!(terms(Language::German, "Wie sind die Öffnungszeiten?"), ["offnungszeit"]);
        let same = |language, one, other| assert_eq!(terms(language, one), terms(language, other));
        same(Language::Spanish, "¿Cómo hago una devolución?", "devoluciones");
        same(Language::Spanish, "la version", "las versiones");
        same(Language::Portuguese, "A instalação", "instalacoes");
        assert_eq!(
            terms(Language::French, "Où sont les données stockées ?"),
            terms(Language::French, "donnees stockees")
        );
        assert_eq!(terms(Language::Portuguese, "Vocês têm preços?"), terms(Language::Portuguese, "preco"));
        assert_eq!(terms(Language::Arabic, "كيف يمكنني التثبيت؟"), terms(Language::Arabic, "تثبيت"));
        assert_eq!(terms(Language::Arabic, "ـ"), Vec::<String>::new());
        assert_eq!(terms(Language::English, "Vitamin C, vitamin 3"), ["vitamin", "vitamin", "3"]);
        assert_eq!(terms(Language::Other, "The installed"), ["the", "installed"]);
    }

    #[test]
    fn scripts_without_spaces_become_pairs() {
        assert_eq!(terms(Language::Japanese, "営業時間は何時ですか"), ["営業", "業時", "時間", "何時"]);
        assert_eq!(terms(Language::Japanese, "猫がServersを使う"), ["猫", "server", "使"]);
        assert_eq!(terms(Language::Japanese, "テスト"), ["テス", "スト"]);
        assert_eq!(terms(Language::Other, "退款 政策"), ["退款", "政策"]);
    }

    proptest! {
        #[test]
        fn any_text_has_terms_that_search_can_find(text in "\\PC{0,200}|[\u{600}-\u{6ff}]{1,40}|[a-zäöüßéèç]{1,70}") {
            for language in Language::KNOWN.into_iter().chain([Language::Other]) {
                for term in terms(language, &text) {
                    prop_assert!(!term.is_empty());
                }
            }
        }
    }
}
