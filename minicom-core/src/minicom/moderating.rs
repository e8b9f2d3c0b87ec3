//! The host's moderator at work: a reader of each workspace's events, which has each message of a visitor looked at and says
//! what came of it.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::{TryStreamExt, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::{
    runtime::Handle,
    sync::{
        Semaphore,
        broadcast::{Receiver, error::RecvError},
    },
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    Inner, Minicom,
    isolation::Isolation,
    reader::{Kept, Saved},
};
use crate::{
    error::Error,
    id::{Position, WorkspaceId},
    identity::Identity,
    log::{Body, Command, Recorded},
    moderator::{Moderator, Said, Verdict},
    role::Role,
    store::{EventQuery, StoreError, StoredEvent},
    sync::lock,
    view::Committed,
    wire::Target,
};

/// The name under which it is kept how far the moderator is.
const READER: &str = "moderator";

/// How many events are read at once. What was looked at of them is looked at again after a crash.
const READ_AT_ONCE: usize = 64;

/// How often a message is tried that the moderator fails at.
const ATTEMPTS: u32 = 3;

/// How long after a failure the next attempt begins; doubled with each.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How long a store that fails is left alone.
const STORE_AFTER: Duration = Duration::from_secs(5);

/// What the reader keeps.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Seen {
    position: Position,
    /// When the first process that moderated began. What was said before is history, and not looked at.
    since: Option<Timestamp>,
}

impl Minicom {
    /// Begins to have what is said looked at, once, if there is a moderator and a runtime.
    pub(super) fn start_moderating(&self) {
        let Some(moderating) = &self.inner.moderating else { return };
        let Ok(runtime) = Handle::try_current() else { return };
        let Some(committed) = lock(&moderating.committed).take() else { return };
        let context = &self.inner.hub.context;
        let inner = Arc::downgrade(&self.inner);
        let known: Vec<_> = context.settings.keys().cloned().chain([WorkspaceId::default()]).collect();
        let watch = async move {
            let mut watch = Watch { inner, workspaces: HashMap::new(), readers: JoinSet::new() };
            // What a former process left is found where this one knows a workspace by name, and elsewhere with its next message.
            for workspace in known {
                watch.wake(workspace);
            }
            watch.run(committed).await;
        };
        let stop = context.stop.clone();
        context.tasks.spawn_on(async move { stop.run_until_cancelled(watch).await }, &runtime);
    }
}

/// Who moderates, and what it needs.
#[derive(Debug)]
pub(super) struct Moderating {
    moderator: Arc<dyn Moderator>,
    isolation: Isolation,
    /// Until the loop has begun.
    committed: std::sync::Mutex<Option<Receiver<Arc<Committed>>>>,
    calls: Arc<Semaphore>,
    /// When it was made.
    since: Timestamp,
}

impl Moderating {
    pub fn new(
        moderator: Arc<dyn Moderator>,
        isolation: Isolation,
        committed: Receiver<Arc<Committed>>,
        calls: usize,
        since: Timestamp,
    ) -> Self {
        let calls = Arc::new(Semaphore::new(calls.clamp(1, Semaphore::MAX_PERMITS)));
        Self { moderator, isolation, committed: std::sync::Mutex::new(Some(committed)), calls, since }
    }
}

/// What is known of a workspace's reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Resting,
    AtIt,
    /// More was said meanwhile.
    Again,
}

/// Which workspaces are read, and by whom.
struct Watch {
    inner: Weak<Inner>,
    workspaces: HashMap<WorkspaceId, Reading>,
    readers: JoinSet<WorkspaceId>,
}

impl Watch {
    /// Has each workspace read in which a visitor says something, until nobody holds the [`Minicom`] any more.
    async fn run(mut self, mut committed: Receiver<Arc<Committed>>) {
        loop {
            tokio::select! {
                received = committed.recv() => match received {
                    Ok(committed) if committed.events.iter().any(is_a_visitors) => {
                        self.wake(committed.log.workspace.clone());
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => {
                        for workspace in self.workspaces.keys().cloned().collect::<Vec<_>>() {
                            self.wake(workspace);
                        }
                    }
                    Err(RecvError::Closed) => return,
                },
                Some(Ok(workspace)) = self.readers.join_next(), if !self.readers.is_empty() => {
                    if self.workspaces.insert(workspace.clone(), Reading::Resting) == Some(Reading::Again) {
                        self.wake(workspace);
                    }
                }
            }
        }
    }

    fn wake(&mut self, workspace: WorkspaceId) {
        let reading = self.workspaces.entry(workspace.clone()).or_insert(Reading::Resting);
        if *reading == Reading::Resting {
            *reading = Reading::AtIt;
            self.readers.spawn(read(self.inner.clone(), workspace));
        } else {
            *reading = Reading::Again;
        }
    }
}

fn is_a_visitors(Recorded { event, .. }: &Recorded<Body>) -> bool {
    event.actor.id.role == Role::User && matches!(event.body, Body::Message { .. })
}

/// Reads a workspace to its end.
async fn read(inner: Weak<Inner>, workspace: WorkspaceId) -> WorkspaceId {
    while let Some(inner) = inner.upgrade() {
        match (Minicom { inner }).read_news(&workspace).await {
            Ok(()) => break,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "what is to be moderated could not be read"
                );
                sleep(STORE_AFTER).await;
            }
        }
    }
    workspace
}

impl Minicom {
    async fn read_news(&self, workspace: &WorkspaceId) -> Result<(), Error> {
        let Some(moderating) = &self.inner.moderating else { return Ok(()) };
        let mut kept = Kept::<Seen>::load(self, workspace, READER).await?;
        loop {
            let since = *kept.state.since.get_or_insert(moderating.since);
            let query = EventQuery::Workspace {
                workspace: workspace.clone(),
                after: kept.state.position,
                limit: READ_AT_ONCE,
            };
            let page = self.inner.hub.context.store.events(&query).await?;
            let Some(last) = page.items.last() else { return Ok(()) };
            let new = page.items.iter().filter(|stored| stored.time >= since);
            let new = new.filter_map(|stored| said(stored).transpose()).collect::<Result<Vec<_>, _>>()?;
            let saves = !new.is_empty() || !page.more;
            stream::iter(new.into_iter().map(Ok))
                .try_for_each_concurrent(None, |said| self.look_at(moderating, said))
                .await?;
            kept.state.position = last.position;
            if saves && kept.save(self).await? == Saved::Overtaken {
                kept = Kept::load(self, workspace, READER).await?;
            } else if !page.more {
                return Ok(());
            }
        }
    }

    /// Has a message looked at, and says what came of it.
    async fn look_at(&self, moderating: &Moderating, said: Said) -> Result<(), Error> {
        let Some(Verdict::Flag { reason }) = self.verdict(moderating, &said).await else { return Ok(()) };
        let ai = Identity::ai(said.workspace);
        let flag = Command::Flag { seq: said.seq, reason };
        match self.execute(&ai, &Target::Conversation(said.conversation), flag).await {
            // It was moved or erased meanwhile.
            Err(error) if !error.is_retryable() => Ok(()),
            flagged => flagged.map(drop),
        }
    }

    /// `None`: the moderator has failed for good.
    async fn verdict(&self, moderating: &Moderating, said: &Said) -> Option<Verdict> {
        let within = self.inner.hub.context.limits.moderated_within;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                sleep(RETRY_AFTER * 2u32.pow(attempt - 1)).await;
            }
            let permit = moderating.calls.clone().acquire_owned().await.ok()?;
            let (moderator, said) = (moderating.moderator.clone(), said.clone());
            let end = CancellationToken::new();
            let _end = end.clone().drop_guard();
            let work = async move { moderator.moderate(said).await };
            match timeout(within, moderating.isolation.run(work, end, permit)).await {
                Ok(Ok(Some(Ok(verdict)))) => return Some(verdict),
                Ok(Ok(Some(Err(error)))) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, attempt, "a moderator failed");
                }
                // It panicked, or its time was up.
                _ => tracing::warn!(attempt, "a moderator gave no answer"),
            }
        }
        None
    }
}

/// What is to be looked at of an event.
fn said(stored: &StoredEvent) -> Result<Option<Said>, StoreError> {
    let Some(conversation) = stored.log.as_conversation() else { return Ok(None) };
    let event = Recorded::<Body>::read(stored).map_err(StoreError::corrupt)?.event;
    let Body::Message { text, .. } = event.body else { return Ok(None) };
    let workspace = stored.log.workspace.clone();
    let said = Said { workspace, conversation, seq: event.seq, time: event.time, visitor: event.actor, text };
    Ok((said.visitor.id.role == Role::User).then_some(said))
}
