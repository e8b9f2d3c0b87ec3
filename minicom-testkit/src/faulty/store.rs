//! A store that fails now and then.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use async_trait::async_trait;
use minicom_core::{
    Also, AppendError, Appended, Change, EventQuery, Hit, Loaded, LogId, Page, RowQuery, SearchQuery, Store,
    StoreError, StoredEvent, StoredRow,
};

use super::schedule::{Fault, Faults, Schedule};

/// A store around another one, that fails, and dawdles, as its [`Faults`] say.
///
/// ```
/// use minicom_core::{ClientId, Command, Identity, MemoryStore, Minicom, ParticipantId, Target, WorkspaceId};
/// use minicom_testkit::faulty::{Fault, FaultyStore, Faults};
/// use std::sync::Arc;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = Arc::new(FaultyStore::new(MemoryStore::new(), Faults::none()));
/// let minicom = Minicom::builder().shared_store(store.clone()).build()?;
/// let ann = ParticipantId::new("ann")?;
/// let (visitor, chat) = (Identity::user(WorkspaceId::default(), ann.clone()), Target::Participant(ann));
/// let hello = Command::message_once("Hello?", ClientId::new("first")?);
///
/// // Committed, and answered by an error all the same: only the client id makes sending it again safe.
/// store.fail_next_append(Fault::After);
/// assert!(minicom.execute(&visitor, &chat, hello.clone()).await.unwrap_err().is_retryable());
/// let ack = minicom.execute(&visitor, &chat, hello).await?;
/// assert_eq!(ack.expect("it is stored").seq.0, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    schedule: Schedule,
    committed: AtomicU64,
    pages: AtomicU64,
}

impl FaultyStore {
    /// Around a store of its own.
    pub fn new(inner: impl Store, faults: Faults) -> Self {
        Self::shared(Arc::new(inner), faults)
    }

    /// Around a store that the caller goes on to use.
    pub fn shared(inner: Arc<dyn Store>, faults: Faults) -> Self {
        Self {
            inner,
            schedule: Schedule::new(faults),
            committed: AtomicU64::new(0),
            pages: AtomicU64::new(0),
        }
    }

    /// Begins another schedule.
    pub fn set_faults(&self, faults: Faults) {
        self.schedule.set(faults);
    }

    /// From now on every call fails and does nothing.
    pub fn break_down(&self) {
        self.schedule.set_down(true);
    }

    /// Ends [`break_down`](Self::break_down).
    pub fn recover(&self) {
        self.schedule.set_down(false);
    }

    /// The next append fails like this, whatever the schedule says; a second call is about the one after it.
    pub fn fail_next_append(&self, fault: Fault) {
        self.schedule.order(fault);
    }

    /// How many changes were committed, answered by an error or not.
    pub fn committed(&self) -> u64 {
        self.committed.load(Relaxed)
    }

    /// How often events were asked for.
    pub fn pages(&self) -> u64 {
        self.pages.load(Relaxed)
    }

    /// How many faults there were.
    pub fn injected(&self) -> u64 {
        self.schedule.injected()
    }

    /// A read has nothing to do that could be done before it fails, so both kinds of fault are one.
    async fn read<T>(&self, read: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let fate = self.schedule.read();
        fate.wait_before().await;
        let answer = if fate.fault.is_some() { Err(injected()) } else { read.await };
        fate.wait_after().await;
        answer
    }
}

fn injected() -> StoreError {
    StoreError::unavailable("a fault was injected")
}

#[async_trait]
impl Store for FaultyStore {
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        self.read(self.inner.load(log, also)).await
    }

    async fn append(&self, change: Change) -> Result<Appended, AppendError> {
        let fate = self.schedule.write();
        fate.wait_before().await;
        if fate.fault == Some(Fault::Before) {
            return Err(injected().into());
        }
        let answer = self.inner.append(change).await;
        if answer.is_ok() {
            self.committed.fetch_add(1, Relaxed);
        }
        fate.wait_after().await;
        if fate.fault == Some(Fault::After) { Err(injected().into()) } else { answer }
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        self.pages.fetch_add(1, Relaxed);
        self.read(self.inner.events(query)).await
    }

    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        self.read(self.inner.rows(query)).await
    }

    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        self.read(self.inner.search(query)).await
    }
}
