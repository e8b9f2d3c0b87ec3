//! What is read of conversations: the values that a host gets and that frames are written from. No I/O.

use std::ops::Range;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    id::{ConversationId, Epoch, EventId, LogId, ParticipantId, Position, Rev, Seq},
    log::{Body, Conversation, Log, Preview, Recorded},
    role::Side,
    store::{Row, RowCursor},
};

/// A stored event's numbers: the answer to what stored it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ack {
    /// Its number in the store.
    pub id: EventId,
    /// Its place in the log.
    pub seq: Seq,
    /// Its time.
    pub time: Timestamp,
}

impl Ack {
    /// An answer.
    pub fn new(id: EventId, seq: Seq, time: Timestamp) -> Self {
        Self { id, seq, time }
    }
}

/// A change of a conversation that this process committed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Committed {
    /// The log.
    pub log: LogId,
    /// Its revision now.
    pub rev: Rev,
    /// The last position that the change drew.
    pub position: Position,
    /// Its events; none if only a cursor moved.
    pub events: Vec<Recorded<Body>>,
}

/// The read cursors of both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cursors {
    /// The participants'.
    pub user: Seq,
    /// The agents'.
    #[serde(rename = "admin")]
    pub agents: Seq,
}

impl Cursors {
    pub(crate) fn of(fold: &Conversation) -> Self {
        Self { user: fold.read(Side::User), agents: fold.read(Side::Agents) }
    }

    /// A side's cursor.
    pub fn of_side(self, side: Side) -> Seq {
        match side {
            Side::User => self.user,
            Side::Agents => self.agents,
        }
    }
}

/// A page of a conversation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConversationPage {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its participant.
    pub email: String,
    /// The events that the reader may see, oldest first.
    pub events: Vec<Recorded<Body>>,
    /// The first seq that the page covers, events that the reader may not see included.
    pub first_seq: Seq,
    /// The last seq that it covers; `first_seq` − 1 if it covers nothing.
    pub last_seq: Seq,
    /// The conversation's epoch; `None` while it does not exist.
    pub epoch: Option<Epoch>,
    /// Whether there are newer ones, for a page that was asked for by `after`; older ones otherwise.
    pub has_more: bool,
    /// Whether what was asked for by `after` or an epoch is what came; `None` if neither was given.
    pub recovered: Option<bool>,
    /// Both sides' read cursors.
    pub read: Cursors,
}

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConversationRow {
    /// Which.
    pub conversation: ConversationId,
    /// Its indexed columns.
    pub row: Row,
    /// The seq of its last event.
    pub last_seq: Seq,
    /// How many messages were ever stored in it.
    pub messages: u64,
    /// Its last message.
    pub last_message: Option<Preview>,
}

impl ConversationRow {
    pub(crate) fn new(conversation: ConversationId, fold: &Conversation) -> Self {
        Self {
            conversation,
            row: fold.row(),
            last_seq: fold.last_seq(),
            messages: fold.messages(),
            last_message: fold.last_message().cloned(),
        }
    }

    /// The wire's name of the conversation: its first participant.
    pub fn email(&self) -> &str {
        self.row.members.first().map_or("", ParticipantId::as_str)
    }
}

/// A page of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConversationList {
    /// The rows: last activity first.
    pub rows: Vec<ConversationRow>,
    /// To go on after the last row; `None`: that was all.
    pub cursor: Option<RowCursor>,
}

/// A message that a search found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchHit {
    /// Its conversation.
    pub conversation: ConversationId,
    /// The conversation's participant.
    pub email: String,
    /// The message.
    pub message: Recorded<Body>,
    /// Where the words stand in its text, in bytes.
    pub highlights: Vec<Range<usize>>,
    /// Both sides' read cursors.
    pub read: Cursors,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SearchResults {
    /// The messages, newest first.
    pub hits: Vec<SearchHit>,
    /// To go on: only hits before this position; `None`: that was all.
    pub before: Option<Position>,
}
