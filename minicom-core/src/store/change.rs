//! What is written: one change to one log, and what the store answers.

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use crate::id::{ActorId, ClientId, EventId, LogId, ParticipantId, Position, Rev, Seq};

/// One append to one log: all of it or nothing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Change {
    /// The log.
    pub log: LogId,
    /// The revision that the change was decided on; [`Rev::NONE`]: the log must not exist yet.
    pub expect: Rev,
    /// New events, in order. Empty for a change of marks alone.
    pub events: Vec<NewEvent>,
    /// Events that keep their seq, id and position and get new data.
    pub rewrite: Vec<Rewrite>,
    /// Every event up to this seq is physically removed, the change's own events excepted.
    pub forget_through: Option<Seq>,
    /// The fold after this change. Opaque.
    pub snapshot: Bytes,
    /// What may be indexed of the fold.
    pub row: Row,
}

impl Change {
    /// A change that sets the snapshot and the row and nothing else.
    pub fn new(log: LogId, expect: Rev, snapshot: Bytes, row: Row) -> Self {
        Self { log, expect, events: Vec::new(), rewrite: Vec::new(), forget_through: None, snapshot, row }
    }
}

/// An event that has no number yet.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewEvent {
    /// Who did it.
    pub actor: ActorId,
    /// The idempotency key, unique per workspace and actor. Twice in one change is the caller's mistake:
    /// [`StoreError::is_invalid`](super::StoreError::is_invalid), and nothing is written.
    pub client_id: Option<ClientId>,
    /// A digest of what was first sent under `client_id`; handed back with a duplicate, never changed by a rewrite.
    pub digest: Option<Uuid>,
    /// When, to the microsecond.
    pub time: Timestamp,
    /// The body. Opaque.
    pub data: Bytes,
    /// The terms to index, folded and separated by single spaces ([`text::terms`](crate::text::terms)).
    /// `None`: it is not to be found.
    pub terms: Option<String>,
}

impl NewEvent {
    /// An event without key and terms.
    pub fn new(actor: ActorId, time: Timestamp, data: Bytes) -> Self {
        Self { actor, client_id: None, digest: None, time, data, terms: None }
    }
}

/// New data for an event that exists.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Rewrite {
    /// Which event. A seq that the log does not hold is ignored.
    pub seq: Seq,
    /// Its new body.
    pub data: Bytes,
    /// Its new terms, in place of the old ones. `None`: it is no longer to be found.
    pub terms: Option<String>,
}

impl Rewrite {
    /// A rewrite.
    pub fn new(seq: Seq, data: Bytes, terms: Option<String>) -> Self {
        Self { seq, data, terms }
    }
}

/// The only columns of a conversation that a store may index. Logs of other kinds have the default one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The participants, at most 8, sorted.
    pub members: Vec<ParticipantId>,
    /// Where the conversation stands.
    pub status: Status,
    /// The agent who looks after it.
    pub assignee: Option<ParticipantId>,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// Its priority; higher is more urgent.
    pub priority: i64,
    /// The time of the last message: the inbox's order.
    pub active_at: Timestamp,
    /// Since when the visitor waits for an agent.
    pub queued_at: Option<Timestamp>,
    /// Messages that the agents have not read; stops at 100.
    pub unread: u32,
    /// When the fold wants to be woken.
    pub due_at: Option<Timestamp>,
    /// Whether something of it was flagged and is not reviewed.
    pub flagged: bool,
}

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Somebody may still answer.
    #[default]
    Open,
}

impl Status {
    /// The wire's and a store's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
        }
    }

    /// Reads what [`as_str`](Self::as_str) wrote, so that a store need not know the words.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            _ => None,
        }
    }
}

/// What a committed change was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Appended {
    /// The log's revision now.
    pub rev: Rev,
    /// The last position that was drawn. With n events, the first of them stands at `position - n + 1`.
    pub position: Position,
    /// The id of the first event; the others follow without a gap. 0 if there was none.
    pub first_id: EventId,
    /// The store's generation, as in [`Loaded`](super::Loaded).
    pub generation: Uuid,
}

impl Appended {
    /// What a store answers.
    pub fn new(rev: Rev, position: Position, first_id: EventId, generation: Uuid) -> Self {
        Self { rev, position, first_id, generation }
    }
}
