//! What an answer leans on, and why a conversation is handed over: values that events carry.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Fields;

/// How many sources an answer names at most; more are left out.
pub const MAX_SOURCES: usize = 8;

/// How long a reason's own words and a source's title may be, in bytes; what is longer is cut.
const WORDS_BYTES: usize = 200;

/// How long a source's address may be, in bytes; a longer one is left out.
const URL_BYTES: usize = 2048;

/// As much of the words as an event may have.
pub(super) fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(WORDS_BYTES)].to_owned()
}

/// Where an answer's words come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What to call it; at most 200 bytes are kept.
    pub title: String,
    /// Where to read it; longer than 2,048 bytes it is left out. A page draws a link for `http:`, `https:` and paths of its own origin, and plain words otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Source {
    /// A source without an address.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), url: None }
    }

    /// Each of these once, in their order, as many as an answer names.
    ///
    /// ```
    /// use minicom_core::Source;
    /// let (shop, faq) = (Source::new("Shop"), Source::new("FAQ"));
    /// assert_eq!(Source::distinct([&shop, &faq, &shop]), [shop.clone(), faq.clone()]);
    /// ```
    pub fn distinct<'a>(sources: impl IntoIterator<Item = &'a Self>) -> Vec<Self> {
        let mut distinct: Vec<Self> = Vec::new();
        for source in sources {
            if distinct.len() < MAX_SOURCES && !distinct.contains(source) {
                distinct.push(source.clone());
            }
        }
        distinct
    }

    /// Says where to read it.
    #[must_use]
    pub fn at(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// As much of it as an event may have.
    pub(super) fn bounded(&self) -> Self {
        let url = self.url.clone().filter(|url| url.len() <= URL_BYTES);
        Self { title: cut(&self.title), url }
    }
}

/// Why an agent should answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandoffReason {
    /// The visitor asked for a person, by a button or in words.
    Asked,
    /// The knowledge base holds nothing that comes close enough.
    Unknown,
    /// So many answers in a row, and none of them was called helpful.
    Unhelpful,
    /// The visitor used a word that the workspace lists.
    Listed {
        /// The word.
        word: String,
    },
    /// The policy lets the AI answer once.
    FirstAnswerGiven,
    /// The attempts are used up, or an error that no repetition helps.
    Failed,
    /// A reason of the responder's own.
    Responder {
        /// In its words; at most 200 bytes are kept.
        detail: String,
    },
}

impl HandoffReason {
    /// The wire's word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Unknown => "unknown",
            Self::Unhelpful => "unhelpful",
            Self::Listed { .. } => "listed",
            Self::FirstAnswerGiven => "first_answer_given",
            Self::Failed => "failed",
            Self::Responder { .. } => "responder",
        }
    }

    /// What it says beyond its kind.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Listed { word } => Some(word),
            Self::Responder { detail } => Some(detail),
            _ => None,
        }
    }

    /// As much of it as an event may have.
    pub(super) fn bounded(&self) -> Self {
        match self {
            Self::Listed { word } => Self::Listed { word: cut(word) },
            Self::Responder { detail } => Self::Responder { detail: cut(detail) },
            other => other.clone(),
        }
    }

    pub(super) fn fields(&self) -> Fields {
        let mut fields = Map::from_iter([("reason".to_owned(), self.as_str().into())]);
        if let Some(detail) = self.detail() {
            fields.insert("detail".to_owned(), detail.into());
        }
        fields
    }

    /// `None`: a newer version's.
    pub(super) fn from_fields(fields: &Fields) -> Option<Self> {
        let detail = || fields.get("detail").and_then(Value::as_str).map(str::to_owned);
        Some(match fields.get("reason")?.as_str()? {
            "asked" => Self::Asked,
            "unknown" => Self::Unknown,
            "unhelpful" => Self::Unhelpful,
            "listed" => Self::Listed { word: detail()? },
            "first_answer_given" => Self::FirstAnswerGiven,
            "failed" => Self::Failed,
            "responder" => Self::Responder { detail: detail()? },
            _ => return None,
        })
    }
}
