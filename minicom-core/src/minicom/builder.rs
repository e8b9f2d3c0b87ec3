//! Putting a `Minicom` together.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::sync::broadcast;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Inner, Minicom, answering::Answering, following::Following, health::Readiness, isolation::Isolation,
    moderating::Moderating,
};
use crate::{
    error::Refusal,
    fanout::{Inbox, Sockets},
    hub::Hub,
    id::WorkspaceId,
    identity::{Authenticator, DenyAll, IdentityMode},
    limits::Limits,
    log::AiPolicy,
    metrics::{Measured, Metrics},
    moderator::Moderator,
    rates::{Meter, RateLimits},
    responder::Responder,
    room::{Owing, RecentlyRead, RoomContext},
    settings::WorkspaceSettings,
    store::Store,
    time::{Clock, SystemClock, to_microsecond},
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
    rates: Rates,
    responder: Option<(Arc<dyn Responder>, Isolation)>,
    ai_policy: AiPolicy,
    moderator: Option<(Arc<dyn Moderator>, Isolation)>,
    settings: HashMap<WorkspaceId, WorkspaceSettings>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            store: None,
            authenticator: Arc::new(DenyAll),
            clock: Arc::new(SystemClock),
            limits: Limits::default(),
            rates: Rates::AsIdentityAsks,
            responder: None,
            ai_policy: AiPolicy::default(),
            moderator: None,
            settings: HashMap::new(),
        }
    }
}

/// Whether it is counted what clients do.
#[derive(Debug)]
enum Rates {
    /// With the defaults, unless identity is taken from the path, which is for one's own machine.
    AsIdentityAsks,
    Counted(Box<RateLimits>),
    Uncounted,
}

/// A [`Minicom`] could not be put together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No store was given.
    #[error("a store must be given: MemoryStore keeps nothing, SqliteStore keeps a file")]
    NoStore,
    /// What was chosen for a workspace cannot be.
    #[error("the workspace {workspace}: {problem}")]
    Workspace {
        /// Which one.
        workspace: WorkspaceId,
        /// Why not.
        problem: Refusal,
    },
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

    /// How much clients may do in a while. Without this call the defaults of [`RateLimits`] hold; but where identity is taken
    /// from the path ([`PathIdentity`](crate::PathIdentity)), on one's own machine, nothing is counted.
    #[must_use]
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rates = Rates::Counted(Box::new(limits));
        self
    }

    /// Clients may do as much as they like: for tests, benches, and hosts that count before they let a request through.
    #[must_use]
    pub fn without_rate_limits(mut self) -> Self {
        self.rates = Rates::Uncounted;
        self
    }

    /// Who answers visitors before an agent does. Each attempt has a thread of its own, so that a responder which blocks
    /// its thread delays nobody; at most [`Limits::ai_attempts`] at a time.
    #[must_use]
    pub fn responder(self, responder: impl Responder) -> Self {
        self.shared_responder(Arc::new(responder))
    }

    /// As [`responder`](Self::responder), shared with the caller.
    #[must_use]
    pub fn shared_responder(mut self, responder: Arc<dyn Responder>) -> Self {
        self.responder = Some((responder, Isolation::OwnThread));
        self
    }

    /// As [`responder`](Self::responder), for one that never blocks its thread: its attempts are tasks of the host's own
    /// runtime. Its timers follow that runtime's clock, which a test may have paused.
    #[must_use]
    pub fn async_responder(mut self, responder: impl Responder) -> Self {
        self.responder = Some((Arc::new(responder), Isolation::Task));
        self
    }

    /// When the AI answers in workspaces that have set nothing; [`AiPolicy::default`] if it is not given. Without a
    /// responder it means nothing.
    #[must_use]
    pub fn ai_policy(mut self, policy: AiPolicy) -> Self {
        self.ai_policy = policy;
        self
    }

    /// Who looks at what visitors have said, after it was stored. Each look has a thread of its own, so that a moderator which
    /// blocks its thread delays nobody; at most [`Limits::moderations`] at a time, each within [`Limits::moderated_within`].
    #[must_use]
    pub fn moderator(mut self, moderator: impl Moderator) -> Self {
        self.moderator = Some((Arc::new(moderator), Isolation::OwnThread));
        self
    }

    /// As [`moderator`](Self::moderator), for one that never blocks its thread: it runs in tasks of the host's own runtime.
    #[must_use]
    pub fn async_moderator(mut self, moderator: impl Moderator) -> Self {
        self.moderator = Some((Arc::new(moderator), Isolation::Task));
        self
    }

    /// What is different in a workspace. Said again of the same one, the last word holds.
    #[must_use]
    pub fn workspace(mut self, workspace: WorkspaceId, settings: WorkspaceSettings) -> Self {
        self.settings.insert(workspace, settings);
        self
    }

    /// Puts it together. With the feature `metrics` it counts by the recorder that is installed by then. It starts tasks only when it is used, or at once inside a runtime; so none is needed yet.
    pub fn build(self) -> Result<Minicom, BuildError> {
        for (workspace, settings) in &self.settings {
            settings
                .check()
                .map_err(|problem| BuildError::Workspace { workspace: workspace.clone(), problem })?;
        }
        let metrics = Arc::new(Metrics::new());
        let (owing, answering) = match self.responder {
            None => (None, None),
            Some((responder, isolation)) => {
                let policies = self.settings.iter();
                let policies = policies.filter_map(|(id, own)| Some((id.clone(), own.ai_policy.clone()?)));
                let policies = policies.collect();
                let (owing, waiting) = Owing::new(self.ai_policy, policies, metrics.clone());
                (Some(owing), Some(Answering::new(responder, isolation, waiting, self.limits.ai_attempts)))
            }
        };
        let rates = match self.rates {
            Rates::Counted(limits) => Some(*limits),
            Rates::AsIdentityAsks if self.authenticator.mode() == IdentityMode::Session => {
                Some(RateLimits::default())
            }
            Rates::AsIdentityAsks | Rates::Uncounted => None,
        };
        let own_rates = self.settings.iter().filter_map(|(id, own)| Some((id.clone(), own.rates?))).collect();
        let meter = rates.map(|limits| Meter::new(&limits, own_rates));
        let (committed, _) = broadcast::channel(COMMITTED_KEPT);
        let moderating = self.moderator.map(|(moderator, isolation)| {
            // As events are dated.
            let (calls, now) = (self.limits.moderations, to_microsecond(self.clock.now()));
            Moderating::new(moderator, isolation, committed.subscribe(), calls, now)
        });
        let store = self.store.ok_or(BuildError::NoStore)?;
        let store =
            if cfg!(feature = "metrics") { Arc::new(Measured::new(store, metrics.clone())) } else { store };
        let recently_read = RecentlyRead::new(self.limits.recent_bytes);
        let rooms = RoomContext {
            store,
            metrics,
            clock: self.clock,
            limits: self.limits,
            settings: self.settings,
            recently_read,
            inbox: Arc::new(Inbox::default()),
            sockets: Arc::new(Sockets::default()),
            committed,
            owing,
            workspaces: Mutex::default(),
            tasks: TaskTracker::new(),
            open: TaskTracker::new(),
            drain: CancellationToken::new(),
            stop: CancellationToken::new(),
        };
        let inner = Inner {
            hub: Hub::new(rooms),
            authenticator: self.authenticator,
            answering,
            moderating,
            meter,
            following: Following::default(),
            readiness: Readiness::default(),
        };
        let minicom = Minicom { inner: Arc::new(inner) };
        // What a former process owed is not to wait for somebody to come.
        minicom.start();
        Ok(minicom)
    }
}
