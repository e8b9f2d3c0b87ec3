//! Why a model could not be opened, and why a turn was not answered.

use std::{error::Error as StdError, fmt};

use minicom_core::ResponderError;
use serde::{Deserialize, Serialize};

/// A model could not be opened. [`kind`](Self::kind) says why in one word, `Display` in a sentence.
#[derive(Debug)]
pub struct OpenError {
    kind: OpenErrorKind,
    detail: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Why a model could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OpenErrorKind {
    /// The options contradict themselves or a bound of llama.cpp.
    Options,
    /// There is no such file, or it cannot be read.
    Missing,
    /// The file is no GGUF, or is cut off in its description.
    NotGguf,
    /// It is a GGUF of a version that is not understood.
    Version,
    /// Model and context need more memory than there is, or than they may take.
    Memory,
    /// The window does not hold instructions, a question and a reply.
    ContextTooSmall,
    /// The model has no chat template, or one that llama.cpp does not know.
    Template,
    /// llama.cpp refused the file or the context.
    Refused,
    /// The child process could not be started, or ended before the model was open.
    Process,
}

impl OpenError {
    pub(crate) fn new(kind: OpenErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), source: None }
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Why, without what goes before it.
    #[cfg(any(feature = "llama", test))]
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// Why, in one word.
    pub fn kind(&self) -> OpenErrorKind {
        self.kind
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the model could not be opened: {}", self.detail)
    }
}

impl StdError for OpenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

/// Why a turn was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TurnError {
    #[error("as many turns as may wait are waiting")]
    Busy,
    #[error("the model has no room for the turn at the moment")]
    NoRoom,
    #[error("instructions, passages and question do not fit into the model's window")]
    TooLong,
    #[error("the model failed to evaluate the turn")]
    Failed,
    #[error("the model's process has ended and is started again")]
    Restarting,
    #[error("the model's thread has ended")]
    Stopped,
}

impl From<TurnError> for ResponderError {
    fn from(error: TurnError) -> Self {
        match error {
            TurnError::Busy | TurnError::NoRoom | TurnError::Failed | TurnError::Restarting => {
                Self::retryable(error)
            }
            TurnError::TooLong | TurnError::Stopped => Self::permanent(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_can_be_tried_again() {
        for error in [TurnError::Busy, TurnError::NoRoom, TurnError::Failed, TurnError::Restarting] {
            assert!(ResponderError::from(error).is_retryable(), "{error}");
        }
        for error in [TurnError::TooLong, TurnError::Stopped] {
            assert!(!ResponderError::from(error).is_retryable(), "{error}");
        }
    }

    #[test]
    fn an_error_keeps_its_source() {
        let error = OpenError::new(OpenErrorKind::Missing, "no such file").because("the disk is gone");
        assert_eq!(error.to_string(), "the model could not be opened: no such file");
        assert_eq!(error.source().unwrap().to_string(), "the disk is gone");
    }
}
