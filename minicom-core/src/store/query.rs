//! What is read: queries and their answers.

use std::{fmt, str::FromStr};

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use super::Row;
use crate::id::{
    ActorId, ClientId, ConversationId, EventId, LogId, ParticipantId, Position, Rev, Seq, WorkspaceId,
};

/// Events to bring along with a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Also {
    /// Events of the workspace that were stored under these keys, whatever their log.
    pub client_ids: Vec<(ActorId, ClientId)>,
    /// Events of the log at these places.
    pub seqs: Vec<Seq>,
}

impl Also {
    /// No event.
    pub const NOTHING: Self = Self { client_ids: Vec::new(), seqs: Vec::new() };

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.client_ids.is_empty() && self.seqs.is_empty()
    }
}

/// A log as it stands.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Loaded {
    /// Its revision.
    pub rev: Rev,
    /// Its fold. Opaque.
    pub snapshot: Bytes,
    /// What [`Also`] named and the store holds, in no particular order.
    pub also: Vec<StoredEvent>,
    /// The store's generation: drawn at random when the store is made, and anew when it is restored from a backup.
    pub generation: Uuid,
}

impl Loaded {
    /// What a store answers.
    pub fn new(rev: Rev, snapshot: Bytes, also: Vec<StoredEvent>, generation: Uuid) -> Self {
        Self { rev, snapshot, also, generation }
    }
}

/// An event as a store holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its log.
    pub log: LogId,
    /// Its place in the log.
    pub seq: Seq,
    /// Its number in the store.
    pub id: EventId,
    /// Its place in the workspace.
    pub position: Position,
    /// Who did it.
    pub actor: ActorId,
    /// Its idempotency key.
    pub client_id: Option<ClientId>,
    /// The digest of what was first sent.
    pub digest: Option<Uuid>,
    /// When, to the microsecond.
    pub time: Timestamp,
    /// The body.
    pub data: Bytes,
}

/// Some items in order, and whether the query would have given more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, at most as many as asked for.
    pub items: Vec<T>,
    /// Whether more follow.
    pub more: bool,
}

impl<T> Page<T> {
    /// Keeps at most `limit` of `items`; to know whether more follow, a store reads one more than it was asked for.
    pub fn cut(mut items: Vec<T>, limit: usize) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        Self { items, more }
    }
}

/// The order of a page of events by seq.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Lowest seq first.
    OldestFirst,
    /// Highest seq first.
    NewestFirst,
}

/// Which events.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventQuery {
    /// Of one log, `from` and `through` included.
    Log {
        /// The log.
        log: LogId,
        /// The lowest seq.
        from: Seq,
        /// The highest seq.
        through: Seq,
        /// Which come first.
        order: Order,
        /// At most so many.
        limit: usize,
    },
    /// Of a whole workspace, in the order of position.
    Workspace {
        /// The workspace.
        workspace: WorkspaceId,
        /// What stands at or before this is left out.
        after: Position,
        /// At most so many.
        limit: usize,
    },
}

/// Which rows of conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowQuery {
    /// The workspace. `None`: all of them, which [`RowSelect::Due`] alone may ask for; a store refuses the others as
    /// [invalid](super::StoreError::is_invalid).
    pub workspace: Option<WorkspaceId>,
    /// Which of its conversations, and their order.
    pub select: RowSelect,
    /// At most so many.
    pub limit: usize,
}

impl RowQuery {
    /// A query.
    pub fn new(workspace: WorkspaceId, select: RowSelect, limit: usize) -> Self {
        Self { workspace: Some(workspace), select, limit }
    }

    /// What is due by `now`, in any workspace.
    pub fn due(now: Timestamp, limit: usize) -> Self {
        Self { workspace: None, select: RowSelect::Due(now), limit }
    }
}

/// The ways to read rows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowSelect {
    /// The inbox: `active_at` descending, then conversation id ascending.
    Active {
        /// Only those that match.
        filter: RowFilter,
        /// Only what follows this row.
        after: Option<RowCursor>,
    },
    /// What changed after a position, in the order of position.
    ChangedAfter(Position),
    /// What wanted to be woken by now: `due_at` ascending.
    Due(Timestamp),
}

/// Conditions on a row; all of them must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowFilter {
    /// Whether the agents have something unread.
    pub unread: Option<bool>,
    /// Who takes part.
    pub member: Option<ParticipantId>,
    /// Whether the visitor waits for an agent.
    pub waiting: Option<bool>,
    /// Whether something waits for review.
    pub flagged: Option<bool>,
}

impl RowFilter {
    /// Whether a row meets every condition.
    pub fn matches(&self, row: &Row) -> bool {
        self.unread.is_none_or(|unread| unread == (row.unread > 0))
            && self.waiting.is_none_or(|waiting| waiting == row.queued_at.is_some())
            && self.flagged.is_none_or(|flagged| flagged == row.flagged)
            && self.member.as_ref().is_none_or(|member| row.members.contains(member))
    }
}

/// A place in the inbox: the row that was last seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowCursor {
    /// Its `active_at`.
    pub active_at: Timestamp,
    /// Its conversation.
    pub conversation: ConversationId,
}

impl fmt::Display for RowCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.active_at.as_microsecond(), self.conversation.0.simple())
    }
}

impl FromStr for RowCursor {
    type Err = ();
    /// Reads what [`Display`](fmt::Display) wrote.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (time, conversation) = text.split_once('.').ok_or(())?;
        let micros = time.parse().map_err(drop)?;
        Ok(Self {
            active_at: Timestamp::from_microsecond(micros).map_err(drop)?,
            conversation: conversation.parse().map_err(drop)?,
        })
    }
}

/// A conversation as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// Its log.
    pub log: LogId,
    /// Its revision.
    pub rev: Rev,
    /// The position of its last change.
    pub position: Position,
    /// Its indexed columns.
    pub row: Row,
    /// Its fold.
    pub snapshot: Bytes,
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchQuery {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Folded terms ([`text::terms`](crate::text::terms)); an event matches if it has each of them as a whole
    /// token, the last one as the beginning of a token. No terms: no hits.
    pub terms: Vec<String>,
    /// Only in this conversation.
    pub conversation: Option<ConversationId>,
    /// Only hits older than this position.
    pub before: Option<Position>,
    /// At most so many.
    pub limit: usize,
}

impl SearchQuery {
    /// The newest hits in a workspace.
    pub fn new(workspace: WorkspaceId, terms: Vec<String>, limit: usize) -> Self {
        Self { workspace, terms, conversation: None, before: None, limit }
    }
}

/// Where terms occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The log.
    pub log: LogId,
    /// The event.
    pub seq: Seq,
    /// Its position, by which hits are ranked: the newest first.
    pub position: Position,
}
