#![allow(dead_code, missing_docs, reason = "each test uses its own part of this")]
//! Who takes part in the tests, a clock, and a store that fails on demand.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use jiff::{Span, Timestamp};
use minicom_core::{
    Also, AppendError, Appended, Change, Clock, EventQuery, Hit, Identity, Loaded, LogId, MemoryStore,
    Minicom, Page, ParticipantId, RowQuery, SearchQuery, Store, StoreError, StoredEvent, StoredRow,
    WorkspaceId,
};
pub use minicom_testkit::chat::Client;
use tokio::time::Instant;

pub fn id(email: &str) -> ParticipantId {
    ParticipantId::new(email).unwrap()
}

pub fn user(email: &str) -> Identity {
    Identity::user(WorkspaceId::default(), id(email))
}

pub fn agent(name: &str) -> Identity {
    Identity::agent(WorkspaceId::default(), id(name))
}

/// A clock that moves by a second whenever it is asked.
#[derive(Debug, Default)]
pub struct TestClock(Mutex<i64>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let mut seconds = self.0.lock().unwrap();
        *seconds += 1;
        let start: Timestamp = "2026-01-31T09:30:00.123456Z".parse().unwrap();
        start + Span::new().seconds(*seconds)
    }
}

/// A clock that goes as tokio's does, and stands still when that is paused.
#[derive(Debug)]
pub struct TokioClock(Instant);

impl Default for TokioClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-01-31T09:30:00Z".parse().unwrap();
        start + self.0.elapsed()
    }
}

/// A store that counts its appends and fails on demand.
#[derive(Debug, Default)]
pub struct Shaky {
    inner: MemoryStore,
    pub appends: AtomicUsize,
    pub broken: AtomicBool,
}

impl Shaky {
    fn check(&self) -> Result<(), StoreError> {
        if self.broken.load(Ordering::SeqCst) { Err(StoreError::full("no room")) } else { Ok(()) }
    }
}

#[async_trait]
impl Store for Shaky {
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        self.check()?;
        self.inner.load(log, also).await
    }
    async fn append(&self, change: Change) -> Result<Appended, AppendError> {
        // Lets what else is queued come in, as a disk would.
        tokio::task::yield_now().await;
        self.check()?;
        self.appends.fetch_add(1, Ordering::SeqCst);
        self.inner.append(change).await
    }
    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        self.check()?;
        tokio::task::yield_now().await;
        self.inner.events(query).await
    }
    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        self.check()?;
        self.inner.rows(query).await
    }
    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        self.check()?;
        self.inner.search(query).await
    }
}

pub fn minicom_on(store: Arc<dyn Store>) -> Minicom {
    Minicom::builder().shared_store(store).clock(TestClock::default()).build().unwrap()
}

pub fn minicom() -> Minicom {
    Minicom::builder().store(MemoryStore::new()).clock(TestClock::default()).build().unwrap()
}
