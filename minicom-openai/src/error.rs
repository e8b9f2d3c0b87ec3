//! What went wrong between here and the server, as the source of a
//! [`ResponderError`](minicom_core::ResponderError).

use std::{error::Error as StdError, fmt, str::Utf8Error, time::Duration};

use http::StatusCode;

use crate::{said::Said, transport::Broken};

/// Why a turn could not be answered: the source of a [`ResponderError`](minicom_core::ResponderError). Opaque: ask it, and
/// follow its source.
///
/// ```
/// use minicom_openai::OpenAiError;
/// use std::error::Error;
///
/// fn key_is_wrong(error: &minicom_core::ResponderError) -> bool {
///     let source = error.source().and_then(|source| source.downcast_ref::<OpenAiError>());
///     source.is_some_and(OpenAiError::is_unauthorized)
/// }
/// # let _ = key_is_wrong;
/// ```
#[derive(Debug)]
pub struct OpenAiError {
    kind: Kind,
    /// Whether words of the answer were drafted before.
    drafted: bool,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// No connection, or it broke before there was an answer.
    Connection(Broken),
    /// The server says no, by its status or in the stream.
    Refused(Refused),
    /// It sends one somewhere else.
    Redirected(StatusCode),
    /// It answers, with something that is no stream of events.
    NoStream,
    /// The stream has something that cannot be read.
    Malformed(Malformed),
    /// It ended before the answer did.
    EndedEarly(Option<Broken>),
    /// It ended, and there was no word in it.
    Empty,
    /// Something took too long.
    TimedOut(Patience),
}

/// What a server says with a no.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: Option<StatusCode>,
    pub(crate) said: Said,
    /// How long it wants to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

/// What cannot be read. Without the words themselves: they may be anybody's.
#[derive(Debug)]
pub(crate) enum Malformed {
    Utf8(Utf8Error),
    Json { category: serde_json::error::Category, column: usize },
    TooLong,
}

/// What there was no more patience for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    FirstToken,
    NextToken,
    WholeAnswer,
}

impl From<Kind> for OpenAiError {
    fn from(kind: Kind) -> Self {
        Self { kind, drafted: false }
    }
}

impl From<Malformed> for OpenAiError {
    fn from(malformed: Malformed) -> Self {
        Kind::Malformed(malformed).into()
    }
}

impl From<serde_json::Error> for Malformed {
    fn from(error: serde_json::Error) -> Self {
        Self::Json { category: error.classify(), column: error.column() }
    }
}

impl OpenAiError {
    pub(crate) fn after_words(mut self, drafted: bool) -> Self {
        self.drafted = drafted;
        self
    }

    /// Whether the same request may be sent again at once, as far as the error goes.
    pub(crate) fn invites_repetition(&self) -> bool {
        match &self.kind {
            Kind::Connection(_) | Kind::EndedEarly(_) => !self.drafted,
            Kind::Refused(refused) => !self.drafted && refused.is_passing(),
            // Neither is what the same request would change, nor what there is time for.
            Kind::Redirected(_) | Kind::NoStream | Kind::Malformed(_) | Kind::Empty | Kind::TimedOut(_) => {
                false
            }
        }
    }

    /// Whether another turn may fare better: the server is busy, down or slow, or the stream broke.
    pub fn is_retryable(&self) -> bool {
        match &self.kind {
            Kind::Refused(refused) => refused.is_passing(),
            Kind::Redirected(_) | Kind::NoStream => false,
            _ => true,
        }
    }
    /// Whether no connection came about, or it broke before the server answered.
    pub fn is_connection(&self) -> bool {
        matches!(self.kind, Kind::Connection(_))
    }
    /// The status with which the server refused, if it did.
    pub fn status(&self) -> Option<u16> {
        match &self.kind {
            Kind::Refused(refused) => refused.status.map(|status| status.as_u16()),
            Kind::Redirected(status) => Some(status.as_u16()),
            _ => None,
        }
    }
    /// Whether the key is missing, wrong, or not good for this model: 401 or 403.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.status(), Some(401 | 403))
    }
    /// Whether too much was asked of it of late: 429, unless a quota is used up.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429) && self.is_retryable()
    }
    /// Whether it sends one somewhere else, where no key and no words will follow.
    pub fn is_redirect(&self) -> bool {
        matches!(self.kind, Kind::Redirected(_))
    }
    /// Whether what it sends is none of the protocol.
    pub fn is_protocol(&self) -> bool {
        matches!(self.kind, Kind::NoStream | Kind::Malformed(_))
    }
    /// Whether the stream ended before the answer did.
    pub fn is_cut_off(&self) -> bool {
        matches!(self.kind, Kind::EndedEarly(_))
    }
    /// Whether the answer came to an end without a word.
    pub fn is_empty(&self) -> bool {
        matches!(self.kind, Kind::Empty)
    }
    /// Whether something took longer than the options allow.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind, Kind::TimedOut(_))
    }
    /// How long the server wants to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match &self.kind {
            Kind::Refused(refused) => refused.retry_after,
            _ => None,
        }
    }
    /// The server's own words on why it refused, at most 500 bytes. Neither `Debug` nor `Display` has them, because they may
    /// quote the request, and so the visitor. The key is cut out.
    pub fn server_message(&self) -> Option<&str> {
        match &self.kind {
            Kind::Refused(refused) => refused.said.message(),
            _ => None,
        }
    }
    /// Whether the server's filter refused the question.
    pub(crate) fn is_filtered(&self) -> bool {
        matches!(&self.kind, Kind::Refused(refused) if refused.said.has("content_filter"))
    }
}

impl Refused {
    fn is_passing(&self) -> bool {
        // A quota comes back when somebody pays.
        !self.said.has("insufficient_quota")
            && self.status.is_none_or(|status| {
                status.is_server_error() || matches!(status.as_u16(), 408 | 409 | 425 | 429)
            })
    }
}

impl fmt::Display for OpenAiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Connection(_) => f.write_str("the model's server cannot be reached"),
            Kind::Refused(refused) => {
                f.write_str("the model's server refuses")?;
                refused.status.map_or(Ok(()), |status| write!(f, " with {}", status.as_u16()))?;
                refused.said.code().map_or(Ok(()), |code| write!(f, " ({code})"))
            }
            Kind::Redirected(status) => write!(f, "the model's server redirects ({})", status.as_u16()),
            Kind::NoStream => {
                f.write_str("the model's server answers with something that is no event stream")
            }
            Kind::Malformed(malformed) => malformed.fmt(f),
            Kind::EndedEarly(_) => f.write_str("the stream ended before the answer did"),
            Kind::Empty => f.write_str("the model said nothing"),
            Kind::TimedOut(Patience::FirstToken) => f.write_str("the first token took too long"),
            Kind::TimedOut(Patience::NextToken) => f.write_str("the stream stalled"),
            Kind::TimedOut(Patience::WholeAnswer) => f.write_str("the answer took too long"),
        }?;
        f.write_str(if self.drafted { ", after words were drafted" } else { "" })
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8(_) => f.write_str("the stream has an event that is no UTF-8"),
            Self::Json { category, column } => {
                write!(
                    f,
                    "the stream has an event that is no chunk of an answer ({category:?}, byte {column})"
                )
            }
            Self::TooLong => f.write_str("the stream has more than anybody reads"),
        }
    }
}

impl StdError for OpenAiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.kind {
            Kind::Connection(error) | Kind::EndedEarly(Some(error)) => Some(&**error),
            Kind::Malformed(Malformed::Utf8(error)) => Some(error),
            _ => None,
        }
    }
}
