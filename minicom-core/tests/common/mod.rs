#![allow(dead_code, missing_docs, reason = "each test uses its own part of this")]
//! Who takes part in the tests, a clock, and a store that is slow.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::{Span, Timestamp};
use minicom_core::{
    AgentRole, Also, AppendError, Appended, Change, Clock, EventQuery, Hit, Identity, Loaded, LogId,
    MemoryStore, Minicom, Page, ParticipantId, RowQuery, SearchQuery, Store, StoreError, StoredEvent,
    StoredRow, WorkspaceId,
};
pub use minicom_testkit::chat::Client;
use minicom_testkit::faulty::{Fault, Faults, FaultyStore};
use tokio::time::Instant;

pub fn id(email: &str) -> ParticipantId {
    ParticipantId::new(email).unwrap()
}

pub fn user(email: &str) -> Identity {
    Identity::user(WorkspaceId::default(), id(email))
}

pub fn agent(name: &str) -> Identity {
    Identity::agent(WorkspaceId::default(), id(name)).with_agent_role(AgentRole::Owner)
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

/// A store that takes its time, as a disk does, so that what else is queued comes in; and that breaks down on demand.
pub fn slow_store() -> FaultyStore {
    FaultyStore::new(MemoryStore::new(), Faults::none().slow(1.0, Duration::from_millis(1)))
}

pub fn minicom_on(store: Arc<dyn Store>) -> Minicom {
    Minicom::builder().without_rate_limits().shared_store(store).clock(TestClock::default()).build().unwrap()
}

pub fn minicom() -> Minicom {
    Minicom::builder()
        .without_rate_limits()
        .store(MemoryStore::new())
        .clock(TestClock::default())
        .build()
        .unwrap()
}

/// A store whose nth append fails, and every later one.
#[derive(Debug)]
pub struct BreakAt {
    inner: FaultyStore,
    left: AtomicUsize,
    fault: Fault,
}

impl BreakAt {
    pub fn new(inner: Arc<dyn Store>, appends: usize, fault: Fault) -> Self {
        let inner = FaultyStore::shared(inner, Faults::none());
        Self { inner, left: appends.into(), fault }
    }
}

#[async_trait::async_trait]
impl Store for BreakAt {
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        self.inner.load(log, also).await
    }
    async fn append(&self, change: Change) -> Result<Appended, AppendError> {
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err() {
            self.inner.fail_next_append(self.fault);
        }
        self.inner.append(change).await
    }
    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        self.inner.events(query).await
    }
    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        self.inner.rows(query).await
    }
    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        self.inner.search(query).await
    }
}
