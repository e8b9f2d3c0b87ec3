//! Whether a server may be sent work: it does not drain, and its store writes.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::Minicom;
use crate::{
    id::{LogId, LogKind, ReaderName, Rev, WorkspaceId},
    store::{Also, AppendError, Change, Row, Store, StoreError},
};

/// The log that is written. It has no events, and its snapshot never grows.
const READER: &str = "readiness";

/// For how long an answer holds: however often somebody asks, the store is not written more often.
const HOLDS: Duration = Duration::from_secs(1);

/// What the store said last. Whoever asks meanwhile waits for the same answer.
#[derive(Debug, Default)]
pub(super) struct Readiness(Mutex<Option<Said>>);

/// What the store said, and when.
#[derive(Debug)]
struct Said {
    at: Instant,
    answer: Result<(), Arc<StoreError>>,
}

/// Why a server is to be sent no work now.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum NotReady {
    /// It is about to end: what is under way is finished, nothing more is begun.
    #[error("the server drains")]
    Draining,
    /// Its store does not write, or not in time.
    #[error("the store does not write")]
    Store(#[source] Arc<StoreError>),
}

impl Minicom {
    /// Whether it may be sent work. The store is made to write for it, at most once a second however often this is called, and
    /// has [`Limits::ready_within`](crate::Limits::ready_within) for that.
    ///
    /// ```
    /// use minicom_core::{MemoryStore, Minicom};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    /// minicom.ready().await?;
    /// minicom.shutdown().await;
    /// assert!(minicom.is_draining() && minicom.ready().await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ready(&self) -> Result<(), NotReady> {
        if self.is_draining() {
            return Err(NotReady::Draining);
        }
        let context = &self.inner.hub.context;
        let mut last = self.inner.readiness.0.lock().await;
        let answer = match &*last {
            Some(said) if said.at.elapsed() < HOLDS => said.answer.clone(),
            _ => {
                let written = timeout(context.limits.ready_within, write(&*context.store)).await;
                let late = |_| Err(StoreError::unavailable("it took too long"));
                let answer = written.unwrap_or_else(late).map_err(Arc::new);
                if let Err(error) = &answer {
                    tracing::warn!(error = &**error as &dyn std::error::Error, "not ready");
                }
                *last = Some(Said { at: Instant::now(), answer: answer.clone() });
                answer
            }
        };
        answer.map_err(NotReady::Store)
    }
}

/// Makes the store write.
async fn write(store: &dyn Store) -> Result<(), StoreError> {
    let name = ReaderName::new(READER).map_err(StoreError::invalid)?;
    let log = LogId { workspace: WorkspaceId::default(), kind: LogKind::Reader(name) };
    let rev = store.load(&log, &Also::NOTHING).await?.map_or(Rev::NONE, |loaded| loaded.rev);
    match store.append(Change::new(log, rev, Bytes::from_static(b"{}"), Row::default())).await {
        // Another process was faster: so it writes.
        Ok(_) | Err(AppendError::Conflict | AppendError::Duplicates(_)) => Ok(()),
        Err(AppendError::Store(error)) => Err(error),
    }
}
