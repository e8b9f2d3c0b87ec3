//! Why a token is not believed, and why a key is none. Neither says anything secret.

use std::{error::Error as StdError, fmt};

use minicom_core::AuthError;

/// Why a token is not believed. Opaque: ask it. A client is never told more than that it is not authenticated, or expired.
#[derive(Debug)]
pub struct JwtError {
    kind: Kind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    TooLong,
    Malformed,
    Key,
    Signature,
    Audience,
    Issuer,
    Expired,
    NotYet,
    /// A claim is missing, or says what it must not.
    Claim(&'static str),
}

impl JwtError {
    pub(crate) fn with_source(kind: Kind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// It was believed once: signed by a live key, for us, and its `exp` is past.
    pub fn is_expired(&self) -> bool {
        self.kind == Kind::Expired
    }
    /// Its `nbf` is yet to come.
    pub fn is_too_early(&self) -> bool {
        self.kind == Kind::NotYet
    }
    /// No live key fits what its header says, by name and by algorithm.
    pub fn is_unknown_key(&self) -> bool {
        self.kind == Kind::Key
    }
    /// The key that it names did not sign it.
    pub fn is_forged(&self) -> bool {
        self.kind == Kind::Signature
    }
    /// It is signed, and for somebody else: its `aud` or `iss` is not ours.
    pub fn is_for_others(&self) -> bool {
        matches!(self.kind, Kind::Audience | Kind::Issuer)
    }
    /// The claim that is missing, or says what it must not, in a token that is otherwise ours.
    pub fn claim(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Claim(name) => Some(name),
            _ => None,
        }
    }
}

impl From<Kind> for JwtError {
    fn from(kind: Kind) -> Self {
        Self { kind, source: None }
    }
}

impl fmt::Display for JwtError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::TooLong => "the token is too long",
            Kind::Malformed => "this is no token",
            Kind::Key => "no live key fits the token's kid and alg",
            Kind::Signature => "the token's signature does not hold",
            Kind::Audience => "the token is for another audience",
            Kind::Issuer => "the token is another issuer's",
            Kind::Expired => "the token has expired",
            Kind::NotYet => "the token is not good yet",
            Kind::Claim(name) => return write!(f, "the claim {name} is missing or not what it must be"),
        })
    }
}

impl StdError for JwtError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<JwtError> for AuthError {
    fn from(error: JwtError) -> Self {
        if error.is_expired() { Self::Expired } else { Self::Unauthenticated }
    }
}

/// A key is none, or a set of keys cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JwtKeyError {
    /// A secret for HS256 is shorter than the 32 bytes that RFC 7518 section 3.2 demands.
    #[error("a secret for HS256 has at least 32 bytes")]
    ShortSecret,
    /// It is no key of the kind that was asked for.
    #[error("this is no Ed25519 key")]
    NotEd25519(#[source] Option<Box<dyn StdError + Send + Sync>>),
    /// It is no JSON web key set (RFC 7517 section 5).
    #[error("this is no JSON web key set")]
    NotAKeySet(#[source] serde_json::Error),
    /// There is no key that could be used: an Ed25519 one, or a secret for HS256.
    #[error("there is no usable key")]
    NoKey,
    /// Two keys have the same name, or two have none: a token could not tell which one is meant.
    #[error("two keys have the same kid, or none")]
    SameKid,
}
