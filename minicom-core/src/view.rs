//! What is read of conversations: the values that a host gets and that frames are written from. No I/O.

use std::{collections::BTreeMap, ops::Range};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ban::Ban,
    id::{ConversationId, Epoch, EventId, LogId, ParticipantId, Position, Rev, Seq},
    log::{
        AiMode, AiPolicy, Attending, Body, Conversation, Event, Flags, Log, Personality, Preview, Recorded,
    },
    role::{Role, Side},
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
    /// What the reader should know of the AI; `None`: none answers him here.
    pub ai: Option<AiView>,
    /// The participant's ban, if one holds; told to agents alone.
    pub ban: Option<Ban>,
    /// What was flagged and up to where it is reviewed, while something waits for that; told to agents alone.
    pub flags: Option<Flags>,
}

/// A conversation's AI as a client sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AiView {
    /// Who looks after the conversation.
    pub attending: Attending,
    /// The message that is being answered.
    pub answering: Option<Seq>,
    /// Whether it answers agents alone, by suggestions.
    pub suggests: bool,
    /// How it speaks here, if that was chosen for this conversation; told to agents alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personality: Option<Personality>,
}

impl AiView {
    /// What `role` sees, under this policy, now. Nothing is said of an AI that would not answer.
    pub(crate) fn new(fold: &Conversation, policy: &AiPolicy, role: Role, now: Timestamp) -> Option<Self> {
        let suggests = policy.mode == AiMode::Suggest;
        let to_agent = role.side() == Side::Agents;
        let about = fold.ai().attending() == Attending::Agents || fold.expects_ai(policy, now);
        let seen = about
            && match policy.mode {
                AiMode::Off => false,
                AiMode::Suggest => to_agent,
                _ => true,
            };
        let answering = fold.ai().owed().map(|owed| owed.seq);
        let personality = fold.ai().personality().filter(|_| to_agent).cloned();
        seen.then(|| Self { attending: fold.ai().attending(), answering, suggests, personality })
    }
}

/// A workspace's AI: its policy and its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AiReport {
    /// The policy that holds.
    pub policy: AiPolicy,
    /// Whether there is a responder. Without one a policy is kept and nothing answers.
    pub available: bool,
    /// What came of it so far.
    pub figures: AiFigures,
}

impl AiReport {
    pub(crate) fn new(policy: AiPolicy, available: bool, figures: AiFigures) -> Self {
        Self { policy, available, figures }
    }
}

/// What came of an AI's work in a workspace, since the beginning of what is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AiFigures {
    /// Answers to visitors.
    pub answered: u64,
    /// Suggestions to agents.
    pub suggested: u64,
    /// Conversations handed over, by reason.
    pub handed_over: BTreeMap<String, u64>,
    /// How often an agent was needed after all: he spoke, or took over, where the AI was in charge.
    pub taken_over: u64,
    /// Answers that somebody stopped.
    pub stopped: u64,
    /// Thumbs up.
    pub helpful: u64,
    /// Thumbs down.
    pub unhelpful: u64,
}

impl AiFigures {
    /// Counts an event, but not a second time where it was moved to: what is counted has a key there and nowhere else.
    pub(crate) fn take(&mut self, event: &Event<Body>) {
        if event.client_id.is_some() {
            return;
        }
        let count = match &event.body {
            Body::Message { .. } if event.actor.id.role == Role::Ai => &mut self.answered,
            Body::Suggestion { .. } => &mut self.suggested,
            Body::Handoff { reason } => self.handed_over.entry(reason.as_str().to_owned()).or_default(),
            Body::TakenOver => &mut self.taken_over,
            Body::Stopped { .. } => &mut self.stopped,
            Body::Rated { helpful: true, .. } => &mut self.helpful,
            Body::Rated { helpful: false, .. } => &mut self.unhelpful,
            _ => return,
        };
        *count = count.saturating_add(1);
    }
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
    /// Who looks after it.
    pub attending: Attending,
    /// The last ban of its participant that nobody has lifted. It may have ended by itself: [`Ban::holds`].
    pub ban: Option<Ban>,
    /// What was said in it is in another one now; no list shows it.
    pub moved: bool,
}

impl ConversationRow {
    pub(crate) fn new(conversation: ConversationId, fold: &Conversation) -> Self {
        Self {
            conversation,
            row: fold.row(),
            last_seq: fold.last_seq(),
            messages: fold.messages(),
            last_message: fold.last_message().cloned(),
            attending: fold.ai().attending(),
            ban: fold.last_ban().cloned(),
            moved: fold.moved().is_some(),
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
