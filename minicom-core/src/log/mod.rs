//! Logs: what lasts is a sequence of events and their fold. The rules are pure; nothing here does I/O.

mod address_bans;
mod asks;
mod conversation;
mod data;
mod handoff;
mod policy;
mod word_lists;
mod workspace;

use std::fmt::Debug;

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

pub use conversation::{
    AiCommand, AiMark, AiState, Attending, Body, Claim, Command, Conversation, FlagReason, Flags,
    MAX_MEMBERS, Mark, Member, MoveCommand, Moved, Owed, Preview, Reader, Resolution, UNREAD_KEPT,
};
pub(crate) use conversation::{Piece, Step};
pub use data::{Fields, UnreadableEvent};
pub use handoff::{HandoffReason, MAX_SOURCES, Source};
pub use policy::{AiMode, AiPolicy, Hours, MAX_HANDOFF_WORDS, MAX_PROMPT_BYTES, Personality, Shift};
pub use word_lists::{MAX_FLAGGED_WORDS, MAX_LISTED_BYTES, MAX_LISTED_WORDS, WordLists};
pub use workspace::{Workspace, WorkspaceBody, WorkspaceCommand, WorkspaceMark};

use crate::{
    error::Refusal,
    id::{ClientId, EventId, LogId, ParticipantId, Position, Seq},
    identity::{Action, Actor},
    store::{Also, Row, StoredEvent},
};

/// The fold of a log: a bounded snapshot with the rules that govern it.
pub trait Log: Default + Clone + Debug + Send + Sync + 'static {
    /// What one may ask of it.
    type Command: Debug + Send + Sync + 'static;
    /// What stands in an event.
    type Body: EventBody;
    /// What changes the snapshot alone.
    type Mark: Clone + Debug + PartialEq + Send + Sync + 'static;

    /// The stored events that [`decide`](Self::decide) must see to judge a command.
    fn needs(command: &Self::Command) -> Also;

    /// Judges a command. It changes nothing: the facts of its decision do.
    fn decide(&self, cx: &Context<'_>, command: &Self::Command) -> Result<Facts<Self>, Refusal>;

    /// Takes a fact in. Total: whatever is stored can be folded.
    fn apply(&mut self, fact: &Fact<Self::Body, Self::Mark>);

    /// Up to where the log forgets its events when this becomes true.
    fn forgets(_: &Fact<Self::Body, Self::Mark>) -> Option<Seq> {
        None
    }

    /// What a command on this log is to [`authorize`](crate::authorize).
    fn action(&self, log: &LogId, command: &Self::Command) -> Action<'_>;

    /// The seq of the last event; 0 before the first.
    fn last_seq(&self) -> Seq;

    /// What a store may index.
    fn row(&self) -> Row;

    /// The snapshot's bytes.
    fn encode(&self) -> Bytes;

    /// Reads a snapshot.
    fn decode(snapshot: &[u8]) -> Result<Self, UnreadableSnapshot>;
}

/// The facts that a decision adds, in order.
pub type Facts<L> = Vec<Fact<<L as Log>::Body, <L as Log>::Mark>>;

/// A stored snapshot that this version cannot read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnreadableSnapshot {
    /// It is no snapshot.
    #[error("the snapshot is malformed")]
    Malformed(#[from] serde_json::Error),
    /// A newer version wrote it.
    #[error("the snapshot has format {found}, and this version reads formats up to {known}")]
    NewerFormat {
        /// Its format.
        found: u32,
        /// The newest that is known.
        known: u32,
    },
}

/// Reads the JSON of a snapshot whose format is at most `known`.
fn decode_snapshot<T: serde::de::DeserializeOwned>(
    bytes: &[u8],
    known: u32,
) -> Result<T, UnreadableSnapshot> {
    #[derive(serde::Deserialize)]
    struct Head {
        format: u32,
    }
    let Head { format: found } = serde_json::from_slice(bytes)?;
    if found > known {
        return Err(UnreadableSnapshot::NewerFormat { found, known });
    }
    Ok(serde_json::from_slice(bytes)?)
}

/// What a rule may know besides the fold: nothing else decides.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The time, to the microsecond.
    pub now: Timestamp,
    /// Who asks. The authenticator vouches for him.
    pub actor: &'a Actor,
    /// The workspace's fold.
    pub workspace: &'a Workspace,
    /// The stored events that [`Log::needs`] named.
    pub also: &'a [StoredEvent],
    /// A fresh UUID, so that a rule needs no randomness of its own.
    pub fresh: Uuid,
    /// Whose direct conversation the log is, if that is known: a message may then create it.
    pub participant: Option<&'a ParticipantId>,
    /// How long a message may be, in bytes.
    pub message_bytes: usize,
    /// When an AI answers; `None`: here is none.
    pub ai: Option<&'a AiPolicy>,
}

impl<'a> Context<'a> {
    /// A context with nothing but the time, the actor and a UUID; the others are set as fields.
    pub fn new(now: Timestamp, actor: &'a Actor, workspace: &'a Workspace, fresh: Uuid) -> Self {
        Self {
            now,
            actor,
            workspace,
            also: &[],
            fresh,
            participant: None,
            message_bytes: 16 * 1024,
            ai: None,
        }
    }
}

/// Something that became true.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact<B, M> {
    /// Stored; takes the next seq.
    Event(Event<B>),
    /// Changes the snapshot only.
    Mark(M),
}

/// An event of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<B> {
    /// Its place in the log.
    pub seq: Seq,
    /// When it was decided. Never earlier than the event before it; nothing is ordered by it.
    pub time: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// The client's own name for it.
    pub client_id: Option<ClientId>,
    /// What happened.
    pub body: B,
}

/// An event with the numbers that the store gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded<B> {
    /// Its number in the store.
    pub id: EventId,
    /// Its place in the workspace.
    pub position: Position,
    /// The event.
    pub event: Event<B>,
}

/// A digest of a text.
fn digest(text: &str) -> Uuid {
    Uuid::new_v5(&Uuid::nil(), text.as_bytes())
}

/// What an event says, and how it is written.
pub trait EventBody: Clone + Debug + PartialEq + Send + Sync + 'static {
    /// The wire's and the store's word for its kind.
    fn kind(&self) -> &str;
    /// Its fields, without the kind.
    fn fields(&self) -> Fields;
    /// Reads it back; what is not understood is kept as it is.
    fn from_fields(kind: &str, fields: Fields) -> Self;
    /// What search can find.
    fn text(&self) -> Option<&str>;
    /// What an idempotency key stands for: a digest of the text as it was first sent.
    fn sent(&self) -> Uuid {
        digest(self.text().unwrap_or_default())
    }
}
