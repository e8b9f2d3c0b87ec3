//! The frames, as `docs/protocol.md` has them and no more of them than a client needs.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;

/// What the server says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Frame {
    Conversation(Page),
    Message {
        message: Message,
    },
    Event {
        event: Event,
    },
    Ack {
        client_id: String,
        id: u64,
        seq: u64,
    },
    Error {
        code: String,
        client_id: Option<String>,
        retry_after_ms: Option<u64>,
    },
    /// Types that a client may ignore. `history` is one for a client that resumes: it may come after a gap.
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    pub email: Option<String>,
    pub messages: Vec<Message>,
    pub events: Vec<Event>,
    pub last_seq: u64,
    pub epoch: Option<String>,
    pub has_more: bool,
    pub recovered: Option<bool>,
    pub client_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    pub id: u64,
    pub seq: u64,
    pub email: String,
    pub content: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub seq: u64,
}

/// Which message it is: its text says who sent it and as which of his.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub client: usize,
    pub number: usize,
}

impl Key {
    /// The idempotency key, unique among all who send.
    pub fn client_id(self) -> String {
        format!("m{}-{}", self.client, self.number)
    }

    pub fn from_client_id(client_id: &str) -> Option<Self> {
        let (client, number) = client_id.strip_prefix('m')?.split_once('-')?;
        Some(Self { client: client.parse().ok()?, number: number.parse().ok()? })
    }

    /// A text of a little over `bytes` bytes, with no white space at its end that the server would take off.
    pub fn text(self, bytes: usize) -> String {
        format!("{} {:~<bytes$}.", self.client_id(), "")
    }
}

/// A message as somebody saw it: where it stands, and enough of it to tell it from any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub seq: u64,
    pub id: u64,
    /// `None`: nobody here sent such a text.
    pub key: Option<Key>,
    pub hash: u64,
}

impl From<&Message> for Seen {
    fn from(message: &Message) -> Self {
        let first = message.content.split(' ').next().unwrap_or_default();
        let key = Key::from_client_id(first);
        Self { seq: message.seq, id: message.id, key, hash: hash(&message.content) }
    }
}

pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The participant whose conversation a room is.
pub(crate) fn email(room: usize) -> String {
    format!("room-{room}@example.com")
}
