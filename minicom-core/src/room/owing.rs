//! What the AI owes, as this process knows it: which replies are being written here, and which may be begun.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    id::{LogId, WorkspaceId},
    log::{AiPolicy, AiState, Workspace},
    metrics::Metrics,
    sync::lock,
};

/// How many conversations may wait here for their turn. What finds no room is found by the next look at the store.
const WAITING: usize = 1024;

/// Rooms tell it what changed; whoever writes the replies hears of it.
#[derive(Debug)]
pub(crate) struct Owing {
    /// What holds where a workspace has set nothing.
    default: AiPolicy,
    /// What holds instead in some of them.
    defaults: HashMap<WorkspaceId, AiPolicy>,
    waiting: mpsc::Sender<LogId>,
    running: Mutex<HashMap<LogId, Running>>,
    metrics: Arc<Metrics>,
}

#[derive(Debug)]
struct Running {
    token: Uuid,
    /// The claim was seen to be ours: if it no longer is, there is nothing to be written any more.
    claimed: bool,
    cancel: CancellationToken,
}

impl Owing {
    pub fn new(
        default: AiPolicy,
        defaults: HashMap<WorkspaceId, AiPolicy>,
        metrics: Arc<Metrics>,
    ) -> (Self, mpsc::Receiver<LogId>) {
        let (waiting, received) = mpsc::channel(WAITING);
        (Self { default, defaults, waiting, running: Mutex::default(), metrics }, received)
    }

    /// The policy that holds in a workspace.
    pub fn policy<'a>(&'a self, id: &WorkspaceId, workspace: &'a Workspace) -> &'a AiPolicy {
        workspace.ai().or_else(|| self.defaults.get(id)).unwrap_or(&self.default)
    }

    /// Begins an attempt. `None`: there is one already.
    pub fn begin(&self, log: &LogId, token: Uuid) -> Option<CancellationToken> {
        match lock(&self.running).entry(log.clone()) {
            Entry::Occupied(_) => None,
            Entry::Vacant(vacant) => {
                let cancel = CancellationToken::new();
                vacant.insert(Running { token, claimed: false, cancel: cancel.clone() });
                Some(cancel)
            }
        }
    }

    /// An attempt has ended.
    pub fn end(&self, log: &LogId) {
        lock(&self.running).remove(log);
    }

    /// A conversation is now like this. To be called after it was delivered: who ends an attempt looks there.
    pub fn changed(&self, log: &LogId, ai: &AiState, now: Timestamp) {
        if let Some(running) = lock(&self.running).get_mut(log) {
            let ours = ai.claim().is_some_and(|claim| claim.token == running.token);
            if running.claimed && !ours {
                running.cancel.cancel();
            }
            running.claimed |= ours;
            return;
        }
        if ai.owed().is_some_and(|owed| owed.claim.is_none() && owed.due <= now) {
            // Before it can be taken out. Full: the store has it.
            self.metrics.ai_queue.rise(1);
            if self.waiting.try_send(log.clone()).is_err() {
                self.metrics.ai_queue.fall(1);
            }
        }
    }
}
