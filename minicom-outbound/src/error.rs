//! Why a request was not made, or came to nothing.

use std::{error::Error as StdError, fmt, iter};

/// Why a request was not made, or came to nothing. Opaque: ask it, and follow its source. It never shows the URL, whose path and
/// query may be somebody's secret.
#[derive(Debug)]
pub struct OutboundError(Kind);

#[derive(Debug)]
pub(crate) enum Kind {
    Url(Box<dyn StdError + Send + Sync>),
    Scheme,
    NoTls,
    Credentials,
    NotAllowed(NotAllowed),
    Client(reqwest::Error),
    Broken(reqwest::Error),
    TimedOut(reqwest::Error),
    TooLong,
}

/// An address that may not be reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NotAllowed;

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address of this machine, of a network of its own, or of no service")
    }
}

impl StdError for NotAllowed {}

impl From<Kind> for OutboundError {
    fn from(kind: Kind) -> Self {
        Self(kind)
    }
}

impl OutboundError {
    /// What became of a request.
    pub(crate) fn sent(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let first: &(dyn StdError + 'static) = &error;
        let mut causes = iter::successors(Some(first), |&error| error.source());
        let not_allowed = causes.find_map(|cause| cause.downcast_ref::<NotAllowed>().copied());
        Self(match not_allowed {
            Some(not_allowed) => Kind::NotAllowed(not_allowed),
            None if error.is_timeout() => Kind::TimedOut(error),
            None => Kind::Broken(error),
        })
    }

    /// Whether the URL is the trouble: it is none, begins with neither `http:` nor `https:`, or holds a name or a password.
    pub fn is_url(&self) -> bool {
        matches!(self.0, Kind::Url(_) | Kind::Scheme | Kind::NoTls | Kind::Credentials)
    }

    /// Whether the URL is an `https:` one, and the crate was built without its feature `tls`.
    pub fn is_without_tls(&self) -> bool {
        matches!(self.0, Kind::NoTls)
    }

    /// Whether it leads where nothing may be reached; nothing was sent there.
    pub fn is_not_allowed(&self) -> bool {
        matches!(self.0, Kind::NotAllowed(_))
    }

    /// Whether the answer is longer than it may be.
    pub fn is_too_long(&self) -> bool {
        matches!(self.0, Kind::TooLong)
    }

    /// Whether something took too long.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0, Kind::TimedOut(_))
    }

    /// Whether no connection came about, or it broke.
    pub fn is_connection(&self) -> bool {
        matches!(self.0, Kind::Broken(_))
    }

    /// Whether the same request may fare better later.
    pub fn is_retryable(&self) -> bool {
        self.is_timeout() || self.is_connection()
    }
}

impl fmt::Display for OutboundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Url(_) => "the address is no URL",
            Kind::Scheme => "the address begins with neither http: nor https:",
            Kind::NoTls => "the address begins with https:, and minicom-outbound is built without `tls`",
            Kind::Credentials => "the address has a name or a password in it",
            Kind::NotAllowed(_) => "the address leads where nothing may be reached",
            Kind::Client(_) => "the HTTP client cannot be made",
            Kind::Broken(_) => "no connection, or it broke",
            Kind::TimedOut(_) => "it took too long",
            Kind::TooLong => "the answer is too long",
        })
    }
}

impl StdError for OutboundError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Kind::Url(error) => Some(&**error),
            Kind::NotAllowed(error) => Some(error),
            Kind::Client(error) | Kind::Broken(error) | Kind::TimedOut(error) => Some(error),
            Kind::Scheme | Kind::NoTls | Kind::Credentials | Kind::TooLong => None,
        }
    }
}
