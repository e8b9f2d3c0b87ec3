//! `Minicom`: what a host holds. The in-process API, and the one loop that serves a socket.

mod ai;
mod answering;
mod banning;
mod builder;
mod committed;
mod draining;
mod following;
mod health;
mod inbox;
mod isolation;
mod metering;
mod moderating;
mod moving;
mod page;
mod queued;
mod reader;
mod search;
mod serve;
mod span;
mod tally;
mod word_lists;

use std::sync::Arc;

use tokio::sync::oneshot;

use answering::Answering;
pub use builder::{BuildError, Builder};
pub use committed::{CommittedStream, Lagged};
use following::Following;
pub use health::NotReady;
use health::Readiness;
use moderating::Moderating;
use queued::Queued;

use crate::{
    address::AddressRange,
    close::CloseCode,
    error::{Code, Error, Refusal},
    hub::Hub,
    id::{ActorId, ConversationId, LogId, ParticipantId, Position, Seq, WorkspaceId},
    identity::{Action, AuthError, AuthRequest, Authenticator, Identity, IdentityMode, Issued, authorize},
    log::{Command, Conversation, Log, Workspace, WorkspaceCommand},
    rates::Meter,
    role::Role,
    room::{Job, Room, SharedContext, Snapshot, SnapshotError, WorkspaceWatch},
    store::{EventQuery, Page, StoreError, StoredEvent},
    view::Ack,
    wire::Target,
};

/// How often a room that ended meanwhile is looked up again. Each time it is another room, so once is nearly always enough.
const LOOKUPS: usize = 8;

/// A support chat. Cheap to clone; all clones are the same one.
///
/// ```
/// use minicom_core::{Command, Identity, MemoryStore, Minicom, PageRequest, ParticipantId, Target, WorkspaceId};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
/// let ann = ParticipantId::new("ann@example.com")?;
/// let visitor = Identity::user(WorkspaceId::default(), ann.clone());
/// let chat = Target::Participant(ann);
///
/// let ack = minicom.execute(&visitor, &chat, Command::message("Hello?")).await?;
/// assert_eq!(ack.expect("a message is stored").seq.0, 1);
///
/// let page = minicom.conversation(&visitor, &chat, PageRequest::latest()).await?;
/// assert_eq!(page.events.len(), 1);
/// minicom.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Minicom {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    hub: Arc<Hub>,
    authenticator: Arc<dyn Authenticator>,
    answering: Option<Answering>,
    moderating: Option<Moderating>,
    /// `None`: nothing is counted.
    meter: Option<Meter>,
    following: Following,
    readiness: Readiness,
}

/// A conversation that somebody may reach.
pub(crate) struct Reached {
    pub room: Arc<Room>,
    pub snapshot: Arc<Snapshot<Conversation>>,
    pub participant: Option<ParticipantId>,
}

impl Minicom {
    /// Begins to configure one.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Executes a command in a conversation, as `identity`. Answers once it is stored, with the event's numbers
    /// (`None`: it stored no event). If the caller goes away the command is executed all the same.
    pub async fn execute(
        &self,
        identity: &Identity,
        target: &Target,
        command: Command,
    ) -> Result<Option<Ack>, Error> {
        Ok(self.enqueue(identity, target, command)?.answer().await?)
    }

    /// Begins what runs beside the rooms, once, if there is a runtime.
    fn start(&self) {
        self.start_answering();
        self.start_moderating();
    }

    /// Puts a command into its room's queue now, in the order of the calls.
    pub(crate) fn enqueue(
        &self,
        identity: &Identity,
        target: &Target,
        command: Command,
    ) -> Result<Queued, Refusal> {
        let context = &self.inner.hub.context;
        if context.stop.is_cancelled() {
            return Err(Refusal::unavailable());
        }
        self.start();
        let (conversation, participant) = locate(identity, target)?;
        let log = LogId::conversation(&identity.workspace, conversation);
        let (reply, answer) = oneshot::channel();
        let span = span::command(&log, command.kind());
        let mut job = Box::new(Job { identity: identity.clone(), participant, command, reply, span });
        for _ in 0..LOOKUPS {
            match self.inner.hub.room(&log).execute(job) {
                Ok(()) => return Ok(Queued::new(answer, context.metrics.clone())),
                Err(back) => job = back,
            }
        }
        Err(Refusal::unavailable())
    }

    /// Finds a conversation's room and its state, and asks the rule. `beyond`: a seq that somebody knows of.
    pub(crate) async fn reach(
        &self,
        identity: &Identity,
        target: &Target,
        beyond: Option<Seq>,
    ) -> Result<Reached, Error> {
        let context = &self.inner.hub.context;
        let (conversation, participant) = locate(identity, target)?;
        let log = LogId::conversation(&identity.workspace, conversation);
        for _ in 0..LOOKUPS {
            if context.stop.is_cancelled() {
                break;
            }
            let room = self.inner.hub.room(&log);
            let snapshot = match room.snapshot(beyond).await {
                Ok(snapshot) => snapshot,
                Err(SnapshotError::Ended) => continue,
                Err(SnapshotError::Refused(refusal)) => return Err(refusal.into()),
            };
            authorize(identity, snapshot.fold.reached(&log))?;
            if identity.role == Role::User && snapshot.fold.moved().is_some() {
                return Err(Refusal::moved().into());
            }
            snapshot.fold.admits(identity.role, context.clock.now())?;
            if snapshot.epoch().is_none() && participant.is_none() {
                return Err(Refusal::new(Code::NotFound, "there is no such conversation").into());
            }
            return Ok(Reached { room, snapshot, participant });
        }
        Err(Refusal::unavailable().into())
    }

    /// Tells the others of a conversation that `identity` types, or ceased to.
    pub fn typing(&self, identity: &Identity, target: &Target, typing: bool) -> Result<(), Error> {
        let (conversation, participant) = locate(identity, target)?;
        let log = LogId::conversation(&identity.workspace, conversation);
        let Some(room) = self.inner.hub.open_room(&log) else { return Ok(()) };
        let Some(snapshot) = room.delivered() else { return Ok(()) };
        authorize(identity, snapshot.fold.reached(&log))?;
        snapshot.fold.admits(identity.role, self.inner.hub.context.clock.now())?;
        room.typing(&identity.actor(), participant.as_ref(), typing);
        Ok(())
    }

    /// The workspace of `identity`.
    pub async fn workspace(&self, identity: &Identity) -> Result<Workspace, Error> {
        Ok(self.inner.hub.context.workspace(&identity.workspace).await?.fold.clone())
    }

    /// Executes a command on the workspace of `identity`.
    pub async fn execute_workspace(
        &self,
        identity: &Identity,
        command: WorkspaceCommand,
    ) -> Result<Option<Ack>, Error> {
        let (reply, answer) = oneshot::channel();
        let span = span::command(&LogId::workspace(&identity.workspace), "workspace");
        let job = Job { identity: identity.clone(), participant: None, command, reply, span };
        let minicom = self.clone();
        let workspace = identity.workspace.clone();
        // In a task of its own: dropping the caller loses only the answer.
        self.inner.hub.context.tasks.spawn(async move { minicom.commit_workspace(&workspace, job).await });
        Ok(answer.await.map_err(|_| Refusal::unavailable())??)
    }

    async fn commit_workspace(&self, workspace: &WorkspaceId, job: Job<WorkspaceCommand>) {
        let room = self.inner.hub.context.workspace_room(workspace);
        let mut writer = room.lock().await;
        let mut watched = WorkspaceWatch { context: &self.inner.hub.context, workspace };
        match writer.current(&mut watched).await {
            Ok(current) => drop(
                writer
                    .commit(SharedContext { workspace: &current.fold, ai: None }, vec![job], &mut watched)
                    .await,
            ),
            Err(_) => job.answer(Err(Refusal::unavailable())),
        }
    }

    /// Events of the workspace of `identity`, of all its logs, in the order in which they became visible.
    /// To go on: `after` the last one's position. Each is as stored; [`Recorded::read`](crate::Recorded::read) reads it.
    pub async fn events(
        &self,
        identity: &Identity,
        after: Position,
        limit: usize,
    ) -> Result<Page<StoredEvent>, Error> {
        authorize(identity, Action::ReadEvents)?;
        let query = EventQuery::Workspace { workspace: identity.workspace.clone(), after, limit };
        Ok(self.inner.hub.context.store.events(&query).await?)
    }

    /// What this process commits from now on, of every workspace. A listener that falls behind by 1,024 changes is told
    /// that it lost some ([`Lagged`]); [`events`](Self::events) has them.
    pub fn committed(&self) -> CommittedStream {
        CommittedStream::new(self.inner.hub.context.committed.subscribe())
    }

    /// Asks the authenticator who a request is, and whether it may have what its path asks for.
    pub async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let identity = self.judge(request).await?;
        request.permits(&identity)?;
        Ok(identity)
    }

    /// Closes every socket of somebody in this process, at once; answers how many there were. For whoever has lost his
    /// account or his rights: the code says what his client does next, and who is not to come back needs one of 4500 and above.
    ///
    /// ```
    /// use minicom_core::{CloseCode, Identity, MemoryStore, Minicom, ParticipantId, WorkspaceId};
    ///
    /// let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    /// let ben = Identity::agent(WorkspaceId::default(), ParticipantId::new("ben")?);
    /// assert_eq!(minicom.disconnect(&ben.workspace, &ben.actor().id, CloseCode::Unauthenticated), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn disconnect(&self, workspace: &WorkspaceId, actor: &ActorId, code: CloseCode) -> usize {
        self.inner.hub.context.sockets.close_of(workspace, actor, code)
    }

    /// Closes the sockets of a workspace's visitors in this process whose other ends are in a range; answers how many there
    /// were. Agents stay: they may sit behind the same address.
    pub fn disconnect_from(&self, workspace: &WorkspaceId, range: &AddressRange, code: CloseCode) -> usize {
        self.inner.hub.context.sockets.close_from(workspace, |remote| range.contains(remote), code)
    }

    /// How a page learns who its visitor is.
    pub fn identity_mode(&self) -> IdentityMode {
        self.inner.authenticator.mode()
    }

    /// Whether a page whose visitor is nobody yet may ask for a new one.
    pub fn offers_visitors(&self) -> bool {
        self.inner.authenticator.offers_visitors()
    }

    /// Asks the authenticator for a visitor of whom nothing is known but that it is the same one again.
    pub async fn new_visitor(&self, request: &AuthRequest) -> Result<Issued, AuthError> {
        let issued = self.inner.authenticator.new_visitor(request).await?;
        request.permits(&issued.identity)?;
        Ok(issued)
    }

    /// How many rooms are open.
    pub fn open_rooms(&self) -> usize {
        self.inner.hub.len()
    }
}

impl From<SnapshotError> for Error {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::Ended => Refusal::unavailable().into(),
            SnapshotError::Refused(refusal) => refusal.into(),
        }
    }
}

/// Which conversation a target is, and whose direct one. What can be refused without loading it is refused here.
fn locate(identity: &Identity, target: &Target) -> Result<(ConversationId, Option<ParticipantId>), Refusal> {
    let conversation = target.conversation();
    let own = (identity.role == Role::User).then_some(&identity.participant);
    let participant = match target {
        Target::Participant(participant) => {
            authorize(identity, Action::Converse { conversation, members: &[] })?;
            Some(participant)
        }
        Target::Conversation(id) => own.filter(|own| ConversationId::direct(own) == *id),
    };
    Ok((conversation, participant.cloned()))
}

/// Reads a stored snapshot.
fn decode(snapshot: &[u8]) -> Result<Conversation, StoreError> {
    Conversation::decode(snapshot).map_err(StoreError::corrupt)
}
