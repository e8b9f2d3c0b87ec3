//! Rooms: a conversation while somebody watches it or writes to it. One task a room decides and appends, so that
//! order and group commit come for free; what is delivered is delivered under one lock, so that joining is atomic.

mod batch;
mod deliver;
mod owing;
mod queue;
mod recent;
mod snapshot;
mod task;
mod viewers;
mod workspace;
mod writer;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, Weak},
};

use slab::Slab;
use tokio::sync::{broadcast, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(crate) use batch::Job;
pub(crate) use owing::Owing;
use queue::{Queue, Rejected};
pub(crate) use recent::{READ_AT_ONCE, Recent, RecentlyRead};
pub(crate) use snapshot::Snapshot;
pub(crate) use task::{Rest, RoomTask};
pub(crate) use workspace::WorkspaceWatch;
pub(crate) use writer::{Shared as SharedContext, Writer};

use crate::{
    error::Refusal,
    fanout::{Inbox, Outbox, Sockets, StateKey},
    id::{LogId, ParticipantId, Seq, WorkspaceId},
    identity::Actor,
    limits::Limits,
    log::{Command, Conversation, Log, Workspace},
    metrics::Metrics,
    role::Side,
    settings::WorkspaceSettings,
    store::{Store, StoreError},
    sync::lock,
    time::Clock,
    view::Committed,
    wire::server::{self, Audience, DraftPart, Place},
};

/// What every room shares.
#[derive(Debug)]
pub(crate) struct RoomContext {
    pub store: Arc<dyn Store>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    pub clock: Arc<dyn Clock>,
    pub limits: Limits,
    /// What the host chose for some workspaces.
    pub settings: HashMap<WorkspaceId, WorkspaceSettings>,
    pub inbox: Arc<Inbox>,
    pub sockets: Arc<Sockets>,
    /// The last events of conversations that were opened of late.
    pub recently_read: RecentlyRead,
    /// What was committed by this process, for whoever listens.
    pub committed: broadcast::Sender<Arc<Committed>>,
    /// `None`: no AI answers here.
    pub owing: Option<Owing>,
    pub workspaces: Mutex<HashMap<WorkspaceId, WorkspaceRoom>>,
    pub tasks: TaskTracker,
    /// The sockets among them.
    pub open: TaskTracker,
    /// Nothing new begins; until when the sockets stay is [`Sockets`]' matter.
    pub drain: CancellationToken,
    /// Once it is cancelled, rooms finish what waits and end.
    pub stop: CancellationToken,
}

/// A workspace's log. It is written seldom, so it has no task: a lock orders its writers.
pub(crate) type WorkspaceRoom = Arc<tokio::sync::Mutex<Writer<Workspace>>>;

impl RoomContext {
    /// The limits that hold in a workspace.
    pub fn limits_in(&self, workspace: &WorkspaceId) -> Limits {
        let settings = self.settings.get(workspace);
        settings.map_or_else(|| self.limits.clone(), |settings| settings.limits(&self.limits))
    }

    /// The workspace's room.
    pub fn workspace_room(&self, workspace: &WorkspaceId) -> WorkspaceRoom {
        let mut rooms = lock(&self.workspaces);
        rooms.entry(workspace.clone()).or_insert_with(|| self.new_workspace_room(workspace)).clone()
    }

    fn new_workspace_room(&self, workspace: &WorkspaceId) -> WorkspaceRoom {
        Arc::new(tokio::sync::Mutex::new(Writer::new(self, LogId::workspace(workspace))))
    }

    /// The workspace as this process knows it.
    pub async fn workspace(&self, workspace: &WorkspaceId) -> Result<Arc<Snapshot<Workspace>>, StoreError> {
        let room = self.workspace_room(workspace);
        let mut writer = room.lock().await;
        let mut watched = WorkspaceWatch { context: self, workspace };
        writer.fresh(self.limits.workspace_fresh, &mut watched).await
    }
}

/// What a room's task is asked to do.
#[derive(Debug)]
enum Request {
    /// Boxed, because it is much larger than the others.
    Execute(Box<Job<Command>>),
    /// Look at the store again, because somebody knows of more than the room does.
    Refresh(oneshot::Sender<Result<(), Refusal>>),
    /// Nothing but that: nobody watches any more, and from now on the room may become idle.
    Rest,
}

/// A conversation that is open.
pub(crate) struct Room {
    log: LogId,
    requests: Queue,
    shared: Mutex<Shared>,
}

impl fmt::Debug for Room {
    /// Without its snapshot, which holds what was said last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").field("log", &self.log).finish_non_exhaustive()
    }
}

/// What joining and delivering agree on.
#[derive(Debug, Default)]
struct Shared {
    /// What was delivered so far; `None` until the room has loaded.
    delivered: Option<Arc<Snapshot<Conversation>>>,
    /// The last events of that, as long as they are kept.
    recent: Weak<Recent>,
    watchers: Slab<Watcher>,
    /// Whose direct conversation it is, once somebody joined who knew; until there is a message nothing else tells.
    participant: Option<ParticipantId>,
    /// The room was removed from the hub.
    ended: bool,
}

impl Shared {
    /// What was read of the former state is not of this one. Answers that.
    fn advance(&mut self, now: Arc<Snapshot<Conversation>>) -> Option<Arc<Snapshot<Conversation>>> {
        self.recent = Weak::new();
        self.delivered.replace(now)
    }
}

/// A socket in a room.
#[derive(Debug)]
pub(crate) struct Watcher {
    pub outbox: Arc<Outbox>,
    pub actor: Actor,
}

/// A place in a room; leaves when it is dropped.
#[derive(Debug)]
pub(crate) struct Subscription {
    room: Arc<Room>,
    key: usize,
}

impl Subscription {
    /// The room.
    pub fn room(&self) -> &Arc<Room> {
        &self.room
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.room.leave(self.key);
    }
}

/// The room was removed meanwhile; the hub opens another.
#[derive(Debug)]
pub(crate) struct Ended;

impl Room {
    /// A room, and the task that must serve it.
    pub fn open(context: &Arc<RoomContext>, log: &LogId) -> (Arc<Self>, RoomTask) {
        let requests = Queue::new(context.limits.room_queue);
        let room = Arc::new(Self { log: log.clone(), requests, shared: Mutex::default() });
        (room.clone(), RoomTask::new(context.clone(), room))
    }

    /// Its log.
    pub fn log(&self) -> &LogId {
        &self.log
    }

    /// Puts a command into the queue, in the order of the calls. A room that has ended gives it back: the hub opens another.
    pub fn execute(&self, job: Box<Job<Command>>) -> Result<(), Box<Job<Command>>> {
        let (ended, request) = match self.requests.push(Request::Execute(job)) {
            Ok(()) => return Ok(()),
            Err(Rejected::Full(request)) => (false, request),
            Err(Rejected::Closed(request)) => (true, request),
        };
        match request {
            Request::Execute(job) if ended => Err(job),
            Request::Execute(job) => {
                job.answer(Err(Refusal::unavailable()));
                Ok(())
            }
            Request::Refresh(_) | Request::Rest => Ok(()),
        }
    }

    /// The conversation as it was delivered last, once the room has loaded; looked up anew if `beyond` is more than is known.
    pub async fn snapshot(&self, beyond: Option<Seq>) -> Result<Arc<Snapshot<Conversation>>, SnapshotError> {
        let mut refreshed = false;
        loop {
            {
                let shared = lock(&self.shared);
                if shared.ended {
                    return Err(SnapshotError::Ended);
                }
                if let Some(snapshot) = &shared.delivered
                    && (refreshed || beyond.is_none_or(|beyond| beyond <= snapshot.fold.last_seq()))
                {
                    return Ok(snapshot.clone());
                }
            }
            self.refresh().await?;
            refreshed = true;
        }
    }

    /// The last events that `snapshot` knows of; read once for all who ask before anything changes.
    pub async fn recent(
        &self,
        context: &RoomContext,
        snapshot: &Arc<Snapshot<Conversation>>,
    ) -> Result<Arc<Recent>, StoreError> {
        let recent = {
            let mut shared = lock(&self.shared);
            let is_last = shared.delivered.as_ref().is_some_and(|last| Arc::ptr_eq(last, snapshot));
            let known = shared.recent.upgrade().filter(|_| is_last);
            known.unwrap_or_else(|| {
                let recent = Arc::default();
                // Who looks at a former state reads for himself.
                if is_last {
                    shared.recent = Arc::downgrade(&recent);
                }
                recent
            })
        };
        recent.read(&self.log, &snapshot.fold, &*context.store, &context.recently_read).await?;
        Ok(recent)
    }

    /// Looks at the store again, and tells the watchers what they missed.
    pub async fn refresh(&self) -> Result<(), SnapshotError> {
        let (reply, answer) = oneshot::channel();
        self.requests.push_always(Request::Refresh(reply)).map_err(|_| SnapshotError::Ended)?;
        answer.await.map_err(|_| SnapshotError::Ended)?.map_err(SnapshotError::Refused)
    }

    /// Watches the room. What the snapshot holds was delivered before, what follows will be: nothing lies between.
    pub fn join(
        self: &Arc<Self>,
        watcher: Watcher,
        participant: Option<&ParticipantId>,
    ) -> Result<Joined, Ended> {
        let mut shared = lock(&self.shared);
        let Some(snapshot) = shared.delivered.clone().filter(|_| !shared.ended) else { return Err(Ended) };
        if shared.participant.is_none() {
            shared.participant = participant.cloned();
        }
        let by_agent = watcher.actor.side() == Side::Agents;
        let key = shared.watchers.insert(watcher);
        if by_agent {
            self.tell_viewers(&shared, 2);
        }
        Ok(Joined { snapshot, subscription: Subscription { room: self.clone(), key } })
    }

    fn leave(&self, key: usize) {
        let mut shared = lock(&self.shared);
        let left = shared.watchers.try_remove(key);
        if left.is_some_and(|watcher| watcher.actor.side() == Side::Agents) {
            self.tell_viewers(&shared, 1);
        }
        if shared.watchers.is_empty() {
            // A room that has ended rests.
            let _ = self.requests.push_always(Request::Rest);
        }
    }

    /// Has a watcher's outbox hold what comes from now on. What the snapshot holds was delivered before.
    pub fn hold(&self, outbox: &Outbox) -> Result<Arc<Snapshot<Conversation>>, Ended> {
        let shared = lock(&self.shared);
        let snapshot = shared.delivered.clone().filter(|_| !shared.ended).ok_or(Ended)?;
        outbox.hold();
        Ok(snapshot)
    }

    /// Tells everyone else that somebody types. A room that has not loaded has nobody to tell.
    pub fn typing(&self, sender: &Actor, participant: Option<&ParticipantId>, typing: bool) {
        let Some(conversation) = self.log.as_conversation() else { return };
        let shared = lock(&self.shared);
        let Some(snapshot) = &shared.delivered else { return };
        let frame = server::typing(Place::new(conversation, &snapshot.fold, participant), sender, typing);
        for (_, watcher) in &shared.watchers {
            if watcher.actor.id != sender.id {
                watcher.outbox.set(StateKey::Typing(conversation, sender.id.clone()), frame.clone());
            }
        }
    }

    /// Tells the watchers who may see it of words in the making.
    pub fn draft(&self, draft: &DraftPart<'_>, audience: Audience) {
        let Some(conversation) = self.log.as_conversation() else { return };
        let shared = lock(&self.shared);
        let Some(snapshot) = &shared.delivered else { return };
        let frame = server::draft(Place::new(conversation, &snapshot.fold, None), draft);
        for (_, watcher) in &shared.watchers {
            if audience.includes(watcher.actor.id.role) {
                watcher.outbox.set(StateKey::Draft(conversation), frame.clone());
            }
        }
    }

    /// The members that are known without asking the store.
    pub fn delivered(&self) -> Option<Arc<Snapshot<Conversation>>> {
        lock(&self.shared).delivered.clone()
    }
}

/// Why a room has no snapshot.
#[derive(Debug)]
pub(crate) enum SnapshotError {
    Ended,
    Refused(Refusal),
}

/// A room that was joined.
#[derive(Debug)]
pub(crate) struct Joined {
    pub snapshot: Arc<Snapshot<Conversation>>,
    pub subscription: Subscription,
}
