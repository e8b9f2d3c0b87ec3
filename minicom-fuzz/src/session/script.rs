//! What may happen to a session, as `arbitrary` makes it from bytes.

use arbitrary::Arbitrary;
use serde_json::{Value, json};

/// A session from its beginning.
#[derive(Debug, Arbitrary)]
pub(super) struct Script<'a> {
    pub beginning: Beginning,
    /// Any number, as a host might hand it.
    pub jitter: f64,
    pub open_executes: u8,
    pub ping_seconds: u8,
    pub auth_seconds: u8,
    pub steps: Vec<Step<'a>>,
}

/// How it begins.
#[derive(Debug, Arbitrary)]
pub(super) enum Beginning {
    Known(Somebody),
    /// At `/ws`.
    Pending,
    /// At a path that asks for a role and an email.
    PendingPath {
        role: Word,
        email: Word,
    },
    Refused(u8),
}

/// Whom an authenticator believes in.
#[derive(Debug, Clone, Arbitrary)]
pub(super) struct Somebody {
    pub agent: bool,
    pub other_name: bool,
    /// In how many seconds he ends; negative: it was before.
    pub expires: Option<i8>,
    /// In place of the above, the end of time.
    pub for_ever: bool,
}

/// One thing that happens.
#[derive(Debug, Arbitrary)]
pub(super) enum Step<'a> {
    Frame(Frame<'a>),
    Raw(&'a [u8]),
    Binary,
    TooBig,
    Pong,
    Goodbye,
    /// An operation that is under way ends.
    Complete {
        which: u8,
        how: How,
    },
    /// Time passes, in tenths of a second.
    Wait(u16),
    Tick,
    /// Time passes until the deadline, and it is kept.
    Due,
    Drain,
    Close(u8),
}

/// What an operation ends with, as far as it can.
#[derive(Debug, Arbitrary)]
pub(super) enum How {
    Well(u8),
    Refused(u8),
    Authenticated(Somebody),
}

/// A word that is often one that is known.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) enum Word {
    Ann,
    Ben,
    User,
    Admin,
    Ai,
    Empty,
    AnnsConversation,
    Long,
    Control,
}

impl Word {
    pub(super) fn text(self) -> String {
        match self {
            Self::Ann => "ann@example.com".into(),
            Self::Ben => "ben".into(),
            Self::User => "user".into(),
            Self::Admin => "admin".into(),
            Self::Ai => "ai".into(),
            Self::Empty => String::new(),
            Self::AnnsConversation => {
                minicom_core::ConversationId::direct(&crate::fixtures::ann().participant).to_string()
            }
            Self::Long => "x".repeat(300),
            Self::Control => "a\u{7}b".into(),
        }
    }
}

/// A frame whose fields have the right types, most of the time.
#[derive(Debug, Arbitrary)]
pub(super) struct Frame<'a> {
    pub kind: Kind<'a>,
    pub email: Option<Word>,
    pub conversation: Option<Word>,
    pub client_id: Option<&'a str>,
}

#[derive(Debug, Arbitrary)]
pub(super) enum Kind<'a> {
    Message(&'a str),
    GetConversation { after: Option<u64>, before: Option<u64>, limit: Option<i64>, epoch: Option<Word> },
    ReadMessages { up_to: Option<u64> },
    Typing(bool),
    List { unread: Option<bool>, cursor: Option<&'a str>, limit: Option<i64> },
    Search { query: &'a str, cursor: Option<u64> },
    Auth { token: &'a str },
    Ping,
    Other(&'a str),
    Handoff,
    Stop,
    Rate { answer: u64, helpful: bool },
    TakeOver,
    HandBack,
    Personality { own: Option<&'a str> },
    Ai,
    SetAi { share: u8, prompt: Option<&'a str>, unknown: bool },
    Leave,
    Ban { reason: &'a str, seconds: Option<u32>, address: bool },
    LiftBan,
    WordLists,
    SetWordLists { word: &'a str, unknown: bool },
    Review { up_to: Option<u64> },
}

impl Frame<'_> {
    pub(super) fn json(&self) -> String {
        let mut frame = match &self.kind {
            Kind::Message(text) => json!({"type": "message", "message": text}),
            Kind::GetConversation { after, before, limit, epoch } => json!({
                "type": "get_conversation", "after": after, "before": before, "limit": limit,
                "epoch": epoch.map(Word::text),
            }),
            Kind::ReadMessages { up_to } => json!({"type": "read_messages", "up_to": up_to}),
            Kind::Typing(typing) => json!({"type": "typing", "typing": typing}),
            Kind::List { unread, cursor, limit } => {
                json!({"type": "list", "filter": {"unread": unread}, "cursor": cursor, "limit": limit})
            }
            Kind::Search { query, cursor } => {
                json!({"type": "search", "query": query, "cursor": cursor.map(|at| at.to_string())})
            }
            Kind::Auth { token } => json!({"type": "auth", "token": token}),
            Kind::Ping => json!({"type": "ping"}),
            Kind::Other(kind) => json!({"type": kind}),
            Kind::Handoff => json!({"type": "handoff"}),
            Kind::Stop => json!({"type": "stop"}),
            Kind::Rate { answer, helpful } => json!({"type": "rate", "answer": answer, "helpful": helpful}),
            Kind::TakeOver => json!({"type": "take_over"}),
            Kind::HandBack => json!({"type": "hand_back"}),
            Kind::Personality { own } => {
                json!({"type": "personality", "personality": own.map(|own| json!({"own": own}))})
            }
            Kind::Ai => json!({"type": "ai"}),
            Kind::Leave => json!({"type": "leave"}),
            Kind::Ban { reason, seconds, address } => {
                json!({"type": "ban", "reason": reason, "seconds": seconds, "address": address})
            }
            Kind::LiftBan => json!({"type": "lift_ban"}),
            Kind::WordLists => json!({"type": "word_lists"}),
            Kind::SetWordLists { word, unknown } => {
                let list = if *unknown { "delete" } else { "mask" };
                json!({"type": "set_word_lists", "lists": {list: [word]}})
            }
            Kind::Review { up_to } => json!({"type": "review", "up_to": up_to}),
            Kind::SetAi { share, prompt, unknown } => {
                let mut policy = json!({"share": share});
                if let Some(prompt) = prompt {
                    policy["prompt"] = Value::from(*prompt);
                }
                if *unknown {
                    policy["colour"] = Value::from("red");
                }
                json!({"type": "set_ai", "policy": policy})
            }
        };
        let name = if matches!(self.kind, Kind::Message(_)) { "to" } else { "email" };
        let fields = [
            (name, self.email.map(Word::text)),
            ("conversation", self.conversation.map(Word::text)),
            ("client_id", self.client_id.map(str::to_owned)),
        ];
        for (field, value) in fields {
            if let Some(value) = value {
                frame[field] = Value::from(value);
            }
        }
        frame.to_string()
    }
}
