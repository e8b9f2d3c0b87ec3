//! What a client or a host is told when something is refused: a stable code and a sentence, never an inner message.

use std::{error::Error as StdError, fmt, time::Duration};

use serde::Serialize;

use crate::{id::InvalidId, identity::AuthError, store::StoreError};

macro_rules! codes {
    ($($name:ident = $word:literal, $meaning:literal;)*) => {
        /// Why something was refused, as the wire's `error` frame says it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!("`", $word, "`: ", $meaning)] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The wire's word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
            /// What it means.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

codes! {
    BadRequest = "bad_request", "the frame is not JSON, not an object, or a field is missing or of the wrong type or range";
    UnknownType = "unknown_type", "the frame's `type` is not known";
    Unauthenticated = "unauthenticated", "the token of an `auth` frame is not believed";
    Forbidden = "forbidden", "he may not do that; nothing was stored";
    Banned = "banned", "he is banned; nothing was stored, and nothing will be";
    NotFound = "not_found", "there is no such conversation or answer";
    WordsRefused = "words_refused", "the message has words that are not accepted here; nothing was stored";
    TooLarge = "too_large", "the frame or the message's text is too large";
    Moved = "moved", "the visitor was identified, and the conversation is that of who he is now";
    RateLimited = "rate_limited", "too much in too short a time; try again after `retry_after_ms`";
    ClientIdReused = "client_id_reused", "the `client_id` was used before for another text or conversation";
    Unavailable = "unavailable", "it could not be stored or read now; the same frame may be sent again";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A rule said no. It concerns the one command or frame alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    code: Code,
    message: &'static str,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// A refusal with a sentence for whoever reads it.
    pub fn new(code: Code, message: &'static str) -> Self {
        Self { code, message, retry_after: None }
    }
    /// He may not do that.
    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden, "this is not allowed")
    }
    /// The frame or the argument is not right.
    pub fn bad_request(message: &'static str) -> Self {
        Self::new(Code::BadRequest, message)
    }
    /// It cannot be done now.
    pub fn unavailable() -> Self {
        Self {
            retry_after: Some(Duration::from_secs(1)),
            ..Self::new(Code::Unavailable, "not now, try again")
        }
    }
    /// Too much in too short a time.
    pub fn rate_limited(retry_after: Duration) -> Self {
        Self { retry_after: Some(retry_after), ..Self::new(Code::RateLimited, "too fast, wait a moment") }
    }
    /// He is banned.
    pub fn banned() -> Self {
        Self::new(Code::Banned, "this is no longer possible")
    }
    /// Its code.
    pub fn code(&self) -> Code {
        self.code
    }
    /// Its sentence.
    pub fn message(&self) -> &'static str {
        self.message
    }
    /// When to try again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl From<InvalidId> for Refusal {
    fn from(_: InvalidId) -> Self {
        Self::bad_request("an email, conversation or client_id is not valid")
    }
}

/// What Minicom's own calls answer when they fail. Opaque: it has a [`Code`], predicates and its source.
#[derive(Debug)]
pub struct Error {
    refusal: Refusal,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// Something that works otherwise does not now, because of `source`.
    pub(crate) fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { refusal: Refusal::unavailable(), source: Some(source.into()) }
    }

    /// Its code.
    pub fn code(&self) -> Code {
        self.refusal.code
    }
    /// What a client is told.
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }
    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(self.code(), Code::Unavailable | Code::RateLimited)
    }
    /// Whether what was named does not exist.
    pub fn is_not_found(&self) -> bool {
        self.code() == Code::NotFound
    }
    /// Whether it is not allowed.
    pub fn is_forbidden(&self) -> bool {
        self.code() == Code::Forbidden
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.refusal, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, source: None }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::unavailable(error)
    }
}

impl From<InvalidId> for Error {
    fn from(error: InvalidId) -> Self {
        Self { refusal: error.clone().into(), source: Some(error.into()) }
    }
}

impl From<AuthError> for Error {
    fn from(error: AuthError) -> Self {
        let refusal = match &error {
            AuthError::Unavailable(_) => Refusal::unavailable(),
            AuthError::Banned => Refusal::banned(),
            AuthError::TooManyFailures { retry_after } => Refusal::rate_limited(*retry_after),
            AuthError::Forbidden | AuthError::UnknownRole => Refusal::forbidden(),
            _ => Refusal::new(Code::Unauthenticated, "not authenticated"),
        };
        Self { refusal, source: Some(error.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_table_is_this_enum() {
        let rows: Vec<_> =
            Code::ALL.iter().map(|c| format!("| `{}` | {} |", c.as_str(), c.meaning())).collect();
        crate::doc_table::check("error codes", "| code | meaning |\n| --- | --- |", &rows);
    }

    #[test]
    fn an_inner_message_stays_inside() {
        let error = Error::from(StoreError::full("secret path"));
        assert!(!error.to_string().contains("secret"));
        assert!(error.is_retryable() && error.source().is_some());
    }
}
