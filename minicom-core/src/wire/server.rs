//! What the server sends: frames written from values, each encoded once.

use bytes::Bytes;
use serde::Serialize;

pub(crate) use super::audience::Audience;
use crate::{
    ban::Ban,
    error::Refusal,
    id::{ClientId, ConversationId, Epoch, EventId, ParticipantId, Seq},
    identity::Actor,
    log::{Attending, Body, Conversation, EventBody, Fields, Flags, Preview, Recorded, Source, WordLists},
    role::{Role, Side},
    time,
    view::{Ack, AiReport, AiView, ConversationPage, ConversationRow, Cursors, SearchHit},
};

/// The conversation that a frame is about, by both of its names.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its id.
    pub conversation: ConversationId,
    /// Its participant.
    pub email: &'a str,
}

impl<'a> Place<'a> {
    /// The conversation of a fold; `participant` names one that does not exist yet.
    pub fn new(
        conversation: ConversationId,
        fold: &'a Conversation,
        participant: Option<&'a ParticipantId>,
    ) -> Self {
        let member = fold.members().first().map(|member| &member.participant).or(participant);
        Self { conversation, email: member.map_or("", ParticipantId::as_str) }
    }
}

#[derive(Serialize)]
struct Person<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

impl<'a> From<&'a Actor> for Person<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self { id: actor.id.subject.as_str(), name: actor.name.as_deref() }
    }
}

/// The protocol's M.
#[derive(Serialize)]
struct MessageView<'a> {
    id: EventId,
    email: &'a str,
    sender_type: Role,
    content: &'a str,
    timestamp: String,
    is_read: bool,
    conversation: ConversationId,
    seq: Seq,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a ClientId>,
    sender: Person<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    sources: &'a [Source],
}

/// The protocol's E.
#[derive(Serialize)]
struct EventView<'a> {
    conversation: ConversationId,
    seq: Seq,
    id: EventId,
    timestamp: String,
    actor: ActorView<'a>,
    kind: &'a str,
    #[serde(flatten)]
    fields: Fields,
}

#[derive(Serialize)]
struct ActorView<'a> {
    role: Role,
    #[serde(flatten)]
    person: Person<'a>,
}

impl<'a> From<&'a Actor> for ActorView<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self { role: actor.id.role, person: actor.into() }
    }
}

/// An event as a client sees it.
#[derive(Serialize)]
#[serde(untagged)]
enum View<'a> {
    Message(MessageView<'a>),
    Event(EventView<'a>),
}

fn view<'a>(place: Place<'a>, recorded: &'a Recorded<Body>, read: Cursors) -> View<'a> {
    let Recorded { id, event, .. } = recorded;
    match &event.body {
        Body::Message { text, sources, .. } => View::Message(MessageView {
            id: *id,
            email: place.email,
            sender_type: event.actor.id.role,
            content: text,
            timestamp: time::wire(event.time),
            is_read: event.seq <= read.of_side(event.actor.side().other()),
            conversation: place.conversation,
            seq: event.seq,
            client_id: event.client_id.as_ref(),
            sender: (&event.actor).into(),
            sources,
        }),
        body => {
            let mut fields = body.fields();
            // What is stored must not speak in place of what the server vouches for.
            for ours in ["conversation", "seq", "id", "timestamp", "actor", "kind"] {
                fields.remove(ours);
            }
            View::Event(EventView {
                conversation: place.conversation,
                seq: event.seq,
                id: *id,
                timestamp: time::wire(event.time),
                actor: (&event.actor).into(),
                kind: body.kind(),
                fields,
            })
        }
    }
}

fn encode(frame: &impl Serialize) -> Bytes {
    // Strings, numbers and maps with string keys always serialise.
    serde_json::to_vec(frame).unwrap_or_default().into()
}

/// How many bytes an event takes in a page.
pub(crate) fn event_bytes(place: Place<'_>, recorded: &Recorded<Body>, read: Cursors) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(1);
    let _ = serde_json::to_writer(&mut count, &view(place, recorded, read));
    count.0
}

/// `message` or `event`: one new event.
pub fn event(place: Place<'_>, recorded: &Recorded<Body>, read: Cursors) -> Bytes {
    #[derive(Serialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Frame<'a> {
        Message { message: MessageView<'a> },
        Event { event: EventView<'a> },
    }
    encode(&match view(place, recorded, read) {
        View::Message(message) => Frame::Message { message },
        View::Event(event) => Frame::Event { event },
    })
}

#[derive(Serialize)]
struct PageFrame<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a ClientId>,
    email: &'a str,
    conversation: ConversationId,
    messages: Vec<View<'a>>,
    events: Vec<View<'a>>,
    first_seq: Seq,
    last_seq: Seq,
    epoch: Option<Epoch>,
    has_more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovered: Option<bool>,
    read: Cursors,
    #[serde(skip_serializing_if = "Option::is_none")]
    ai: Option<&'a AiView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ban: Option<&'a Ban>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<Flags>,
}

/// Which frame a page leaves in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// What a visitor gets as he comes.
    History,
    /// What was asked for.
    Conversation,
}

/// `history` or `conversation`: a page of events.
pub fn page(kind: PageKind, page: &ConversationPage, client_id: Option<&ClientId>) -> Bytes {
    let place = Place { conversation: page.conversation, email: page.email.as_str() };
    let (messages, events) = page
        .events
        .iter()
        .map(|recorded| view(place, recorded, page.read))
        .partition(|view| matches!(view, View::Message(_)));
    encode(&PageFrame {
        r#type: match kind {
            PageKind::History => "history",
            PageKind::Conversation => "conversation",
        },
        client_id,
        email: place.email,
        conversation: page.conversation,
        messages,
        events,
        first_seq: page.first_seq,
        last_seq: page.last_seq,
        epoch: page.epoch,
        has_more: page.has_more,
        recovered: page.recovered,
        read: page.read,
        ai: page.ai.as_ref(),
        ban: page.ban.as_ref(),
        flags: page.flags,
    })
}

/// Frames with few fields.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Small<'a> {
    Ack {
        client_id: &'a ClientId,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<EventId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<Seq>,
        #[serde(skip_serializing_if = "Option::is_none")]
        timestamp: Option<String>,
    },
    Error {
        code: crate::error::Code,
        message: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<&'a ClientId>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<&'a ClientId>,
    },
    MessagesRead {
        reader: Side,
        email: &'a str,
        conversation: ConversationId,
        up_to: Seq,
    },
    Typing {
        email: &'a str,
        conversation: ConversationId,
        sender: ActorView<'a>,
        typing: bool,
    },
    Viewers {
        email: &'a str,
        conversation: ConversationId,
        viewers: Vec<Person<'a>>,
    },
    Draft {
        email: &'a str,
        conversation: ConversationId,
        in_reply_to: Seq,
        at: usize,
        text: &'a str,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        done: bool,
    },
    List {
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<&'a ClientId>,
        /// Who asked, so that a client whose host has another session by now sends nothing in that one's name.
        agent: Option<&'a ParticipantId>,
        rows: Vec<RowView<'a>>,
        cursor: Option<String>,
    },
    Row {
        row: RowView<'a>,
    },
    Ai {
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<&'a ClientId>,
        #[serde(flatten)]
        report: &'a AiReport,
    },
    WordLists {
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<&'a ClientId>,
        lists: &'a WordLists,
    },
    Search {
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<&'a ClientId>,
        hits: Vec<HitView<'a>>,
        cursor: Option<String>,
    },
}

/// `ack`: committed.
pub fn ack(client_id: &ClientId, ack: Option<&Ack>) -> Bytes {
    encode(&Small::Ack {
        client_id,
        id: ack.map(|ack| ack.id),
        seq: ack.map(|ack| ack.seq),
        timestamp: ack.map(|ack| time::wire(ack.time)),
    })
}

/// `error`: refused.
pub fn error(refusal: &Refusal, client_id: Option<&ClientId>) -> Bytes {
    let millis = |after: std::time::Duration| u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
    let retry_after_ms = refusal.retry_after().map(millis);
    encode(&Small::Error { code: refusal.code(), message: refusal.message(), client_id, retry_after_ms })
}

/// `pong`.
pub fn pong(client_id: Option<&ClientId>) -> Bytes {
    encode(&Small::Pong { client_id })
}

/// `messages_read`: a side's cursor moved.
pub fn messages_read(place: Place<'_>, reader: Side, up_to: Seq) -> Bytes {
    encode(&Small::MessagesRead { reader, email: place.email, conversation: place.conversation, up_to })
}

/// `typing`.
pub fn typing(place: Place<'_>, sender: &Actor, typing: bool) -> Bytes {
    encode(&Small::Typing {
        email: place.email,
        conversation: place.conversation,
        sender: sender.into(),
        typing,
    })
}

/// `viewers`: which agents have a conversation open.
pub fn viewers(place: Place<'_>, viewers: &[&Actor]) -> Bytes {
    let viewers = viewers.iter().copied().map(Person::from).collect();
    encode(&Small::Viewers { email: place.email, conversation: place.conversation, viewers })
}

/// `ai`: the policy, and what came of it.
pub fn ai(report: &AiReport, client_id: Option<&ClientId>) -> Bytes {
    encode(&Small::Ai { client_id, report })
}

/// `word_lists`.
pub fn word_lists(lists: &WordLists, client_id: Option<&ClientId>) -> Bytes {
    encode(&Small::WordLists { client_id, lists })
}

/// Words of an AI reply in the making.
#[derive(Debug, Clone, Copy)]
pub struct DraftPart<'a> {
    /// The message that is answered.
    pub in_reply_to: Seq,
    /// Where they stand in the whole, in bytes.
    pub at: usize,
    /// The words.
    pub text: &'a str,
    /// Nothing more comes: the reply follows as a message, or there is none.
    pub done: bool,
}

/// `draft`.
pub fn draft(place: Place<'_>, draft: &DraftPart<'_>) -> Bytes {
    let DraftPart { in_reply_to, at, text, done } = *draft;
    let Place { conversation, email } = place;
    encode(&Small::Draft { email, conversation, in_reply_to, at, text, done })
}

/// The protocol's R.
#[derive(Serialize)]
struct RowView<'a> {
    email: &'a str,
    conversation: ConversationId,
    unread: u32,
    status: &'static str,
    assignee: Option<&'a ParticipantId>,
    tags: &'a [String],
    active_at: String,
    last_seq: Seq,
    last_message: Option<PreviewView<'a>>,
    attending: Attending,
    /// Since when the visitor waits for an agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    queued_at: Option<String>,
    /// It may have ended: a row is told of when something changes, not when time passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    ban: Option<&'a Ban>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    flagged: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
}

#[derive(Serialize)]
struct PreviewView<'a> {
    seq: Seq,
    sender_type: Role,
    sender: Person<'a>,
    content: &'a str,
    timestamp: String,
}

impl<'a> From<&'a Preview> for PreviewView<'a> {
    fn from(preview: &'a Preview) -> Self {
        Self {
            seq: preview.seq,
            sender_type: preview.role,
            sender: Person { id: preview.subject.as_str(), name: preview.name.as_deref() },
            content: &preview.text,
            timestamp: time::wire(preview.time),
        }
    }
}

fn row_view(row: &ConversationRow, gone: bool) -> RowView<'_> {
    RowView {
        email: row.email(),
        conversation: row.conversation,
        unread: row.row.unread,
        status: row.row.status.as_str(),
        assignee: row.row.assignee.as_ref(),
        tags: &row.row.tags,
        active_at: time::wire(row.row.active_at),
        last_seq: row.last_seq,
        last_message: row.last_message.as_ref().map(Into::into),
        attending: row.attending,
        queued_at: row.row.queued_at.map(time::wire),
        ban: row.ban.as_ref(),
        flagged: row.row.flagged,
        gone,
    }
}

/// `list`: a page of the inbox, for this agent.
pub fn list(
    agent: Option<&ParticipantId>,
    rows: &[ConversationRow],
    cursor: Option<String>,
    client_id: Option<&ClientId>,
) -> Bytes {
    let rows = rows.iter().map(|row| row_view(row, false)).collect();
    encode(&Small::List { client_id, agent, rows, cursor })
}

/// `row`: a row that changed and matches, or that ceased to match.
pub fn row(row: &ConversationRow, gone: bool) -> Bytes {
    encode(&Small::Row { row: row_view(row, gone) })
}

/// A message that a search found: M, and where the terms stand in its content.
#[derive(Serialize)]
struct HitView<'a> {
    #[serde(flatten)]
    message: View<'a>,
    highlights: Vec<[usize; 2]>,
}

/// `search`: what was found.
pub fn search(hits: &[SearchHit], cursor: Option<String>, client_id: Option<&ClientId>) -> Bytes {
    let hits = hits
        .iter()
        .map(|hit| HitView {
            message: view(
                Place { conversation: hit.conversation, email: hit.email.as_str() },
                &hit.message,
                hit.read,
            ),
            highlights: hit.highlights.iter().map(|range| [range.start, range.end]).collect(),
        })
        .collect();
    encode(&Small::Search { client_id, hits, cursor })
}
