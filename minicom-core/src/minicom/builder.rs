//! Putting a `Minicom` together.

use std::sync::{Arc, Mutex};

use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Inner, Minicom};
use crate::{
    fanout::Inbox,
    hub::Hub,
    identity::{Authenticator, DenyAll},
    limits::Limits,
    room::RoomContext,
    store::Store,
    time::{Clock, SystemClock},
};

/// How many changes a listener may fall behind before it loses some.
const COMMITTED_KEPT: usize = 1024;

/// What a [`Minicom`] is made of. Only the store must be given.
#[derive(Debug)]
pub struct Builder {
    store: Option<Arc<dyn Store>>,
    authenticator: Arc<dyn Authenticator>,
    clock: Arc<dyn Clock>,
    limits: Limits,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            store: None,
            authenticator: Arc::new(DenyAll),
            clock: Arc::new(SystemClock),
            limits: Limits::default(),
        }
    }
}

/// A [`Minicom`] could not be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No store was given.
    #[error("a store must be given: MemoryStore keeps nothing, SqliteStore keeps a file")]
    NoStore,
}

impl Builder {
    /// Where everything is kept.
    #[must_use]
    pub fn store(self, store: impl Store) -> Self {
        self.shared_store(Arc::new(store))
    }

    /// Where everything is kept, shared with the caller.
    #[must_use]
    pub fn shared_store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Who judges requests; [`DenyAll`] if none is given.
    #[must_use]
    pub fn authenticator(mut self, authenticator: impl Authenticator) -> Self {
        self.authenticator = Arc::new(authenticator);
        self
    }

    /// The clock that dates events; [`SystemClock`] if none is given.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The bounds; the protocol's defaults if none are given.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Puts it together. It starts tasks only when it is used, so no runtime is needed yet.
    pub fn build(self) -> Result<Minicom, BuildError> {
        let rooms = RoomContext {
            store: self.store.ok_or(BuildError::NoStore)?,
            clock: self.clock,
            limits: self.limits,
            inbox: Arc::new(Inbox::default()),
            committed: broadcast::channel(COMMITTED_KEPT).0,
            workspaces: Mutex::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        let inner = Inner { hub: Hub::new(rooms), authenticator: self.authenticator };
        Ok(Minicom { inner: Arc::new(inner) })
    }
}
