//! The store's contract: five methods over opaque bytes. What stands in a log, and why, a store never learns.

mod change;
mod error;
mod memory;
mod query;

use std::fmt::Debug;

use async_trait::async_trait;

pub use change::{Appended, Change, NewEvent, Rewrite, Row, Status};
pub use error::{AppendError, StoreError};
pub use memory::MemoryStore;
pub use query::{
    Also, EventQuery, Hit, Loaded, Order, Page, RowCursor, RowFilter, RowQuery, RowSelect, SearchQuery,
    StoredEvent, StoredRow,
};

use crate::id::LogId;

/// Where logs are kept. It compares revisions and appends; it knows no rule and no domain type.
///
/// What every store must hold to, and what `minicom-testkit` checks:
///
/// - **Atomic.** All of a [`Change`] becomes visible and durable, or nothing does.
/// - **Compare and append.** A change whose `expect` is not the log's revision is a [`AppendError::Conflict`]; a
///   committed one raises the revision by one.
/// - **Numbers.** Events take the log's last seq + 1, + 2 …; ids are consecutive within a change, unique in the
///   store and below 2^53. A change draws one position an event, or one if it has no event; positions rise within
///   a workspace. **Once a reader has seen position p, nothing becomes visible at or below p.**
/// - **Idempotent.** A new event whose (actor, client id) is in the workspace already makes the whole change
///   [`AppendError::Duplicates`], also if the revision is stale; then nothing is written. This lasts as long as the event is kept.
/// - **Gone is gone.** The former bytes of a rewritten or forgotten event can no longer be read, nor found by
///   search, nor recovered from the store's files once it has settled.
///
/// Used as `Arc<dyn Store>`.
#[async_trait]
pub trait Store: Debug + Send + Sync + 'static {
    /// The snapshot of a log and the events that `also` names. `None`: there is no such log.
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError>;

    /// Commits all of `change` or nothing. On return it is as durable as the store promises.
    async fn append(&self, change: Change) -> Result<Appended, AppendError>;

    /// Events of one log by seq, or of a workspace by position.
    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError>;

    /// Rows of conversations: the inbox, what changed since a position, what is due.
    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError>;

    /// Where terms occur, newest first.
    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError>;
}
