//! The conversation: its commands, events and marks, and the rules of support chat.

mod ai;
mod ai_command;
mod banning;
mod body;
mod moderating;
mod moving;

use std::collections::VecDeque;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use uuid::Uuid;

pub use ai::{AiMark, AiState, Attending, Claim, Owed};
pub use ai_command::{AiCommand, Resolution};
pub use body::Body;
pub use moderating::{FlagReason, Flags};
pub use moving::{MoveCommand, Moved};
pub(crate) use moving::{Piece, Step};

use super::{Context, Event, EventBody, Fact, Facts, Fields, Log, UnreadableSnapshot, decode_snapshot};
use crate::{
    ban::Ban,
    error::{Code, Refusal},
    id::{ClientId, LogId, LogKind, ParticipantId, Seq},
    identity::{Action, Actor},
    role::{Role, Side},
    store::{Also, Row},
};

/// How many participants a conversation has at most.
pub const MAX_MEMBERS: usize = 8;

/// How many unread messages of a side are counted; that many shows as 99+.
pub const UNREAD_KEPT: usize = 100;

/// How much of the last message a snapshot carries, in bytes.
const PREVIEW_BYTES: usize = 200;

/// The newest snapshot format that this version reads, and the one that it writes.
const FORMAT: u32 = 1;

/// What one may ask of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Say something.
    Message {
        /// The words, kept verbatim but for white space around them.
        text: String,
        /// The idempotency key.
        client_id: Option<ClientId>,
    },
    /// Everything from the other side is read, up to a seq or to the last.
    Read {
        /// The last that was read; clamped to what exists.
        up_to: Option<Seq>,
    },
    /// What concerns the AI.
    Ai(AiCommand),
    /// A step of the move of an anonymous visitor's conversation to who he turned out to be.
    Move(Box<MoveCommand>),
    /// Of a supervisor: the participant may no longer come. Another ban takes the place of the one there is.
    Ban(Ban),
    /// Of a supervisor: he may come again.
    LiftBan,
    /// Of the host's [`Moderator`](crate::Moderator): a visitor's message waits for review.
    Flag {
        /// Which.
        seq: Seq,
        /// Why; at most 200 bytes are kept.
        reason: String,
    },
    /// Of a supervisor: what was flagged is reviewed, up to the `flagged` event of this seq or to the last.
    Review {
        /// The last that was reviewed; clamped to what was flagged.
        up_to: Option<Seq>,
    },
}

impl Command {
    /// Say something. Unicode white space around the text is trimmed.
    pub fn message(text: impl AsRef<str>) -> Self {
        Self::Message { text: text.as_ref().trim().to_owned(), client_id: None }
    }

    /// A word for it, for whoever counts or traces.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Read { .. } => "read",
            Self::Ai(_) => "ai",
            Self::Move(_) => "move",
            Self::Ban(_) => "ban",
            Self::LiftBan => "lift_ban",
            Self::Flag { .. } => "flag",
            Self::Review { .. } => "review",
        }
    }

    /// Say something once, however often it is sent.
    pub fn message_once(text: impl AsRef<str>, client_id: ClientId) -> Self {
        Self::Message { text: text.as_ref().trim().to_owned(), client_id: Some(client_id) }
    }
}

/// What changes a conversation's snapshot alone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mark {
    /// The conversation begins.
    Created {
        /// Its own half of the epoch.
        epoch: Uuid,
        /// Who takes part.
        member: ParticipantId,
    },
    /// A cursor moved.
    Read {
        /// Whose.
        reader: Reader,
        /// Up to where.
        up_to: Seq,
    },
    /// What concerns the AI.
    Ai(AiMark),
    /// What it was is gone: another life of it begins.
    Renewed {
        /// Its own half of the new epoch.
        epoch: Uuid,
    },
}

/// Whose cursor it is: each participant has one, the agents share one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// A participant.
    Member(ParticipantId),
    /// The agents.
    Agents,
}

/// A participant of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub participant: ParticipantId,
    /// The last seq that he has read.
    pub read: Seq,
}

/// What a list shows of the last message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Its place.
    pub seq: Seq,
    /// What its sender was.
    pub role: Role,
    /// Who sent it.
    pub subject: ParticipantId,
    /// The sender's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When.
    pub time: Timestamp,
    /// Its beginning, at most 200 bytes, cut between two characters.
    pub text: String,
}

/// A conversation's snapshot. Its size does not grow with the number of messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    format: u32,
    epoch: Uuid,
    first: Seq,
    last: Seq,
    time: Timestamp,
    messages: u64,
    members: Vec<Member>,
    agents_read: Seq,
    unread_by_user: VecDeque<Seq>,
    unread_by_agents: VecDeque<Seq>,
    last_message: Option<Preview>,
    #[serde(default)]
    ai: AiState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<Moved>,
    ban: Option<Ban>,
    #[serde(default, skip_serializing_if = "Flags::is_default")]
    flags: Flags,
    /// What a newer version keeps here.
    #[serde(flatten)]
    extra: Fields,
}

impl Default for Conversation {
    fn default() -> Self {
        Self {
            format: FORMAT,
            epoch: Uuid::nil(),
            first: Seq(1),
            last: Seq(0),
            time: Timestamp::UNIX_EPOCH,
            messages: 0,
            members: Vec::new(),
            agents_read: Seq(0),
            unread_by_user: VecDeque::new(),
            unread_by_agents: VecDeque::new(),
            last_message: None,
            ai: AiState::default(),
            moved: None,
            ban: None,
            flags: Flags::default(),
            extra: Map::new(),
        }
    }
}

impl Conversation {
    /// Its own half of the epoch; nil while it does not exist.
    pub fn epoch(&self) -> Uuid {
        self.epoch
    }
    /// The first seq that is kept.
    pub fn first_seq(&self) -> Seq {
        self.first
    }
    /// How many messages were ever stored.
    pub fn messages(&self) -> u64 {
        self.messages
    }
    /// Who takes part, sorted; at most [`MAX_MEMBERS`].
    pub fn members(&self) -> &[Member] {
        &self.members
    }
    /// The last message.
    pub fn last_message(&self) -> Option<&Preview> {
        self.last_message.as_ref()
    }

    /// A side's cursor. The participants' is that of the one who has read least.
    pub fn read(&self, side: Side) -> Seq {
        match side {
            Side::User => self.members.iter().map(|member| member.read).min().unwrap_or_default(),
            Side::Agents => self.agents_read,
        }
    }

    /// How many messages a side has not read, counted up to [`UNREAD_KEPT`].
    pub fn unread(&self, side: Side) -> usize {
        match side {
            Side::User => self.unread_by_user.len(),
            Side::Agents => self.unread_by_agents.len(),
        }
    }

    fn cursor(&self, reader: &Reader) -> Option<Seq> {
        match reader {
            Reader::Agents => Some(self.agents_read),
            Reader::Member(id) => self.members.iter().find(|m| m.participant == *id).map(|m| m.read),
        }
    }

    fn say(
        &self,
        cx: &Context<'_>,
        text: &str,
        client_id: Option<&ClientId>,
    ) -> Result<Facts<Self>, Refusal> {
        if text.is_empty() {
            return Err(Refusal::bad_request("a message must not be empty"));
        }
        if text.len() > cx.message_bytes {
            return Err(Refusal::new(Code::TooLarge, "the message is too long"));
        }
        let moderating::Kept { body, flagged } = Self::keeps(cx, text)?;
        if body.text().is_some_and(|kept| kept.len() > cx.message_bytes) {
            return Err(Refusal::new(Code::TooLarge, "the message is too long where its words are masked"));
        }
        let mut facts = self.created(cx)?;
        let epoch = if self.epoch.is_nil() { cx.fresh } else { self.epoch };
        let seq = self.last.next();
        facts.push(Fact::Event(Event {
            seq,
            time: cx.now.max(self.time),
            actor: cx.actor.clone(),
            client_id: client_id.cloned(),
            body,
        }));
        // By what he said, not by what is kept of it: whoever asks for a person in rude words still asks.
        let after = self.after_message(cx, epoch, text, seq);
        let before = 1 + u64::from(matches!(after, Some(Fact::Event(_))));
        facts.extend(after);
        facts.extend(
            flagged.map(|reason| self.next_event(cx, before, Body::Flagged { message: seq, reason })),
        );
        Ok(facts)
    }

    fn mark_read(&self, actor: &Actor, up_to: Option<Seq>) -> Result<Facts<Self>, Refusal> {
        let reader = match actor.id.role {
            Role::User => Reader::Member(actor.id.subject.clone()),
            Role::Agent => Reader::Agents,
            Role::Ai => return Err(Refusal::forbidden()),
        };
        let up_to = up_to.unwrap_or(self.last).min(self.last);
        // A cursor that does not move is no fact; of a conversation that does not exist, nothing is read.
        let moves = self.cursor(&reader).is_some_and(|at| up_to > at);
        Ok(if moves { vec![Fact::Mark(Mark::Read { reader, up_to })] } else { Vec::new() })
    }

    /// What reaching the conversation at all is to [`authorize`](crate::authorize).
    pub(crate) fn reached(&self, log: &LogId) -> Action<'_> {
        match log.kind {
            LogKind::Conversation(conversation) => Action::Converse { conversation, members: &self.members },
            // No other log is a conversation's; what the fewest may do is the safe answer.
            LogKind::Workspace | LogKind::Accounts | LogKind::Reader(_) => Action::Manage,
        }
    }

    fn take_message(&mut self, event: &Event<Body>, text: &str) {
        // A stored count may be anything.
        self.messages = self.messages.saturating_add(1);
        let unread = match event.actor.side() {
            Side::User => &mut self.unread_by_agents,
            Side::Agents => &mut self.unread_by_user,
        };
        unread.push_back(event.seq);
        if unread.len() > UNREAD_KEPT {
            unread.pop_front();
        }
        self.last_message = Some(Preview {
            seq: event.seq,
            role: event.actor.id.role,
            subject: event.actor.id.subject.clone(),
            name: event.actor.name.clone(),
            time: event.time,
            text: text[..text.floor_char_boundary(PREVIEW_BYTES)].to_owned(),
        });
    }

    fn take_mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Created { epoch, member } => {
                self.epoch = *epoch;
                let at = self.members.partition_point(|m| m.participant < *member);
                if self.members.len() < MAX_MEMBERS
                    && self.members.get(at).is_none_or(|m| m.participant != *member)
                {
                    self.members.insert(at, Member { participant: member.clone(), read: Seq(0) });
                }
            }
            Mark::Read { reader: Reader::Agents, up_to } => {
                self.agents_read = self.agents_read.max(*up_to);
                self.unread_by_agents.retain(|seq| *seq > self.agents_read);
            }
            Mark::Read { reader: Reader::Member(id), up_to } => {
                if let Some(member) = self.members.iter_mut().find(|m| m.participant == *id) {
                    member.read = member.read.max(*up_to);
                }
                let lowest = self.read(Side::User);
                self.unread_by_user.retain(|seq| *seq > lowest);
            }
            Mark::Ai(mark) => self.ai.take_mark(mark),
            Mark::Renewed { epoch } => self.epoch = *epoch,
        }
    }

    /// Total, as a fold is.
    fn apply_fact(&mut self, fact: &Fact<Body, Mark>) {
        match fact {
            Fact::Event(event) => {
                self.last = event.seq;
                self.time = event.time;
                match &event.body {
                    Body::Message { text, .. } => self.take_message(event, text),
                    Body::Moved { to } => self.take_leave(event.seq, to),
                    _ => {}
                }
                self.ai.take_event(event);
                self.take_ban(&event.body);
                self.flags.take_event(event);
            }
            Fact::Mark(mark) => self.take_mark(mark),
        }
    }
}

impl Log for Conversation {
    type Command = Command;
    type Body = Body;
    type Mark = Mark;

    fn needs(command: &Command) -> Also {
        match command {
            Command::Ai(AiCommand::Rate { seq, .. }) | Command::Flag { seq, .. } => {
                Also { seqs: vec![*seq], ..Also::NOTHING }
            }
            Command::Move(step) => step.needs(),
            _ => Also::NOTHING,
        }
    }

    fn decide(&self, cx: &Context<'_>, command: &Command) -> Result<Facts<Self>, Refusal> {
        if let Command::Move(step) = command {
            return self.decide_move(cx, step);
        }
        self.admits(cx.actor.id.role, cx.now)?;
        match command {
            Command::Move(_) => Err(Refusal::forbidden()),
            // Nothing is left to be read.
            Command::Read { .. } if self.moved.is_some() => Ok(Vec::new()),
            _ if self.moved.is_some() => Err(Refusal::moved()),
            Command::Ban(ban) => self.bans(cx, ban),
            Command::LiftBan => Ok(self.lifts(cx)),
            Command::Flag { seq, reason } => self.flag(cx, *seq, reason),
            Command::Review { up_to } => self.review(cx, *up_to),
            Command::Message { text, client_id } => self.say(cx, text, client_id.as_ref()),
            Command::Read { up_to } => self.mark_read(cx.actor, *up_to),
            Command::Ai(command) => self.decide_ai(cx, command),
        }
    }

    fn apply(&mut self, fact: &Fact<Body, Mark>) {
        self.apply_fact(fact);
    }

    fn forgets(fact: &Fact<Body, Mark>) -> Option<Seq> {
        match fact {
            Fact::Event(event) if matches!(event.body, Body::Moved { .. }) => Some(event.seq.prev()),
            _ => None,
        }
    }

    fn action(&self, log: &LogId, command: &Command) -> Action<'_> {
        match command {
            Command::Ban(_) | Command::LiftBan => Action::Ban,
            Command::Review { .. } => Action::Moderate,
            _ => self.reached(log),
        }
    }

    fn last_seq(&self) -> Seq {
        self.last
    }

    fn row(&self) -> Row {
        Row {
            members: self.members.iter().map(|member| member.participant.clone()).collect(),
            active_at: self.last_message.as_ref().map_or(self.time, |message| message.time),
            unread: u32::try_from(self.unread(Side::Agents)).unwrap_or(u32::MAX),
            queued_at: self.ai.queued_at(),
            due_at: self.ai.due_at(),
            flagged: self.flags.wait(),
            ..Row::default()
        }
    }

    fn encode(&self) -> Bytes {
        // Strings, numbers and maps with string keys always serialise.
        serde_json::to_vec(self).unwrap_or_default().into()
    }

    fn decode(snapshot: &[u8]) -> Result<Self, UnreadableSnapshot> {
        decode_snapshot(snapshot, FORMAT)
    }
}
