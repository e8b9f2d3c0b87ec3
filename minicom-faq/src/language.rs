//! The languages that pages are written in.

use minicom_core::text;
use rust_stemmers::{Algorithm, Stemmer};

/// What a knowledge base is written in: which words carry no meaning, and which endings do not matter.
///
/// ```
/// use minicom_faq::Language;
/// assert_eq!(Language::from_tag("pt-BR"), Language::Portuguese);
/// assert_eq!(Language::from_tag("tlh"), Language::Other);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// Spanish.
    Spanish,
    /// French.
    French,
    /// Portuguese.
    Portuguese,
    /// Japanese: pairs of characters within a script; what is hiragana alone is taken for grammar.
    Japanese,
    /// Arabic.
    Arabic,
    /// Any other: no word is left out but single Latin letters, and no ending taken off.
    Other,
}

impl Language {
    /// Those that are known, in the order in which small talk is looked for.
    pub(crate) const KNOWN: [Self; 7] = [
        Self::English,
        Self::German,
        Self::Spanish,
        Self::French,
        Self::Portuguese,
        Self::Japanese,
        Self::Arabic,
    ];

    /// The language of a tag such as `de` or `pt-BR`; only what stands before the first `-` or `_` counts.
    pub fn from_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Self::English,
            "de" => Self::German,
            "es" => Self::Spanish,
            "fr" => Self::French,
            "pt" => Self::Portuguese,
            "ja" => Self::Japanese,
            "ar" => Self::Arabic,
            _ => Self::Other,
        }
    }

    /// A folded word without its ending. Latin letters among Japanese or Arabic ones are most often English.
    pub(crate) fn stem(self, word: String) -> String {
        let latin = word.bytes().all(|byte| byte.is_ascii_lowercase());
        let algorithm = match self {
            Self::German => Algorithm::German,
            Self::English | Self::Japanese | Self::Arabic if latin => Algorithm::English,
            Self::French if latin => Algorithm::French,
            Self::Spanish if latin => {
                let endings = [("cion", "ción"), ("sion", "sión")];
                return stem_accented(Algorithm::Spanish, &word, &endings);
            }
            Self::Portuguese if latin => {
                let endings = [("cao", "ção"), ("coes", "ções"), ("sao", "são"), ("soes", "sões")];
                return stem_accented(Algorithm::Portuguese, &word, &endings);
            }
            Self::Arabic if word.chars().all(|c| matches!(c, '\u{621}'..='\u{64a}')) => {
                return Stemmer::create(Algorithm::Arabic).stem(without_article(&word)).into_owned();
            }
            _ => return word,
        };
        Stemmer::create(algorithm).stem(&word).into_owned()
    }
}

/// Words are folded first, since visitors leave accents out; a stemmer that knows an ending by its accent gets it back.
fn stem_accented(algorithm: Algorithm, word: &str, endings: &[(&str, &str)]) -> String {
    let accented =
        endings.iter().find_map(|(plain, accented)| Some(word.strip_suffix(plain)?.to_owned() + accented));
    let stem = Stemmer::create(algorithm).stem(accented.as_deref().unwrap_or(word)).into_owned();
    text::terms(&stem).concat()
}

/// Snowball's stemmer takes the article off, but leaves another ending then than it does without one.
fn without_article(word: &str) -> &str {
    ["وال", "بال", "كال", "فال", "لل", "ال"]
        .iter()
        .find_map(|article| word.strip_prefix(article).filter(|rest| rest.chars().count() > 2))
        .unwrap_or(word)
}
