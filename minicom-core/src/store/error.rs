//! What can go wrong in a store.

use std::{error::Error as StdError, fmt};

use super::StoredEvent;

/// A store could not do what was asked. Opaque: ask it, and follow its source.
#[derive(Debug)]
pub struct StoreError {
    kind: Kind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unavailable,
    Full,
    Corrupt,
    Invalid,
    Closed,
}

impl StoreError {
    /// The store failed in a way that may pass: busy, a disk that does not answer, a network.
    pub fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: Kind::Unavailable, source: Some(source.into()) }
    }
    /// There is no room left to write.
    pub fn full(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: Kind::Full, source: Some(source.into()) }
    }
    /// What is stored cannot be understood.
    pub fn corrupt(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: Kind::Corrupt, source: Some(source.into()) }
    }
    /// The call itself breaks the store's contract or asks what this store does not know, whatever is stored.
    pub fn invalid(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: Kind::Invalid, source: Some(source.into()) }
    }
    /// The store has been closed.
    pub fn closed() -> Self {
        Self { kind: Kind::Closed, source: None }
    }

    /// Whether there is no room left.
    pub fn is_full(&self) -> bool {
        self.kind == Kind::Full
    }
    /// Whether what is stored cannot be understood.
    pub fn is_corrupt(&self) -> bool {
        self.kind == Kind::Corrupt
    }
    /// Whether the call itself is to blame.
    pub fn is_invalid(&self) -> bool {
        self.kind == Kind::Invalid
    }
    /// Whether the store has been closed.
    pub fn is_closed(&self) -> bool {
        self.kind == Kind::Closed
    }
    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind, Kind::Unavailable | Kind::Full)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Unavailable => "the store is unavailable",
            Kind::Full => "the store is full",
            Kind::Corrupt => "the store holds something that cannot be understood",
            Kind::Invalid => "the call breaks the store's contract",
            Kind::Closed => "the store is closed",
        })
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Why a change was not committed. In each case nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The log is no longer at the revision that was decided on.
    #[error("the log has moved on")]
    Conflict,
    /// Some new events are stored already. Each is named by its index in [`Change::events`](super::Change::events),
    /// with what was stored. It wins over `Conflict`.
    #[error("{} of the events are stored already", .0.len())]
    Duplicates(Vec<(usize, StoredEvent)>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
