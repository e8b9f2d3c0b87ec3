//! Names of things: every identifier that crosses a boundary, and what each of them may look like.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::role::Role;

/// A text that is no valid identifier, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {problem}")]
pub struct InvalidId {
    what: &'static str,
    problem: &'static str,
}

/// Checks length in bytes and the absence of control characters, the two rules that all textual ids share.
fn check(what: &'static str, text: &str, min: usize, max: usize) -> Result<(), InvalidId> {
    let problem = if text.len() < min {
        "must not be empty"
    } else if text.len() > max {
        "is too long"
    } else if text.chars().any(char::is_control) {
        "must not hold control characters"
    } else {
        return Ok(());
    };
    Err(InvalidId { what, problem })
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $min:literal..=$max:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The longest that is allowed, in bytes of UTF-8.
            pub const MAX_BYTES: usize = $max;

            /// Takes the text as it is; nothing is trimmed or normalised.
            pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidId> {
                check($what, text.as_ref(), $min, $max)?;
                Ok(Self(text.as_ref().into()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), &*self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().into()
            }
        }
    };
}

text_id! {
    /// The tenant that a log belongs to: 1–64 bytes, no control characters.
    WorkspaceId, "a workspace id", 1..=64
}

text_id! {
    /// Whom one talks with: the wire's `email`. 1–254 bytes (the longest address that RFC 5321 section 4.5.3.1.3
    /// lets through), no control characters, compared byte by byte and never normalised. It need not be an
    /// address; a real one is an attribute of the [`Identity`](crate::Identity).
    ParticipantId, "an email", 1..=254
}

text_id! {
    /// A client's own name for something it sent, at most 64 bytes. On a message it is the idempotency key,
    /// unique per workspace and actor.
    ClientId, "a client_id", 0..=64
}

text_id! {
    /// A reader of the log that remembers its place: 1–64 bytes.
    ReaderName, "a reader's name", 1..=64
}

/// How the names of visitors begin of whom nothing is known.
const ANONYMOUS: &str = "anon-";

impl ParticipantId {
    /// The subject of every AI.
    pub(crate) fn ai() -> Self {
        Self("ai".into())
    }

    /// A visitor of whom nothing is known: `anon-` and this UUID, which must be a random one.
    ///
    /// ```
    /// use minicom_core::ParticipantId;
    /// let visitor = ParticipantId::anonymous(uuid::Uuid::from_u128(7));
    /// assert_eq!(visitor.as_str(), "anon-00000000-0000-0000-0000-000000000007");
    /// assert!(visitor.is_anonymous());
    /// ```
    pub fn anonymous(random: Uuid) -> Self {
        Self(format!("{ANONYMOUS}{random}").into())
    }

    /// Whether it is the name of such a visitor. An authenticator that takes names from elsewhere must not let one pass:
    /// the conversation of an anonymous visitor may be [moved](crate::Minicom::move_visitor).
    pub fn is_anonymous(&self) -> bool {
        self.0.strip_prefix(ANONYMOUS).is_some_and(|random| Uuid::try_parse(random).is_ok())
    }
}

impl Default for WorkspaceId {
    /// The one workspace of a host that has no tenants: `default`.
    fn default() -> Self {
        Self("default".into())
    }
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id! {
    /// The place of an event in its log: 1, 2, 3 … without a gap. `Seq(0)` stands before the first.
    Seq
}
number_id! {
    /// How many appends a log has seen. [`Rev::NONE`] means that it does not exist.
    Rev
}
number_id! {
    /// The place of a change in its workspace. It rises; gaps are allowed.
    Position
}
number_id! {
    /// An event's number in its store, below 2^53: for display and for clients of the original protocol.
    EventId
}

impl Seq {
    /// The seq that follows.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
    /// The seq before, or 0.
    #[must_use]
    pub fn prev(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl Rev {
    /// The revision of a log that does not exist yet.
    pub const NONE: Self = Self(0);

    /// The revision after one more append.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A conversation's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConversationId(pub Uuid);

/// The namespace (UUID version 5) of direct conversations, drawn once at random.
const DIRECT: Uuid = Uuid::from_u128(0x5a0b_9f3e_71c4_4d86_9e2d_c8a1_34f7_60bb);

impl ConversationId {
    /// The one conversation for life between a participant and the agents: a UUID (version 5, RFC 9562 section 5.5) of the
    /// participant, so that it can be watched before its first message exists.
    ///
    /// ```
    /// use minicom_core::{ConversationId, ParticipantId};
    /// let ann = ParticipantId::new("ann@example.com")?;
    /// assert_eq!(ConversationId::direct(&ann), ConversationId::direct(&ann));
    /// # Ok::<(), minicom_core::InvalidId>(())
    /// ```
    pub fn direct(participant: &ParticipantId) -> Self {
        Self(Uuid::new_v5(&DIRECT, participant.as_str().as_bytes()))
    }
}

impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ConversationId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Uuid::try_parse(text)
            .map(Self)
            .map_err(|_| InvalidId { what: "a conversation id", problem: "must be a UUID" })
    }
}

/// Which life of a conversation a `seq` belongs to: new when the conversation is created or erased, or the store
/// restored from a backup. Opaque to clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub Uuid);

/// Who did something: a role and the subject in it. An agent and a visitor of the same name are two actors.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActorId {
    /// What the actor is.
    pub role: Role,
    /// Which one.
    pub subject: ParticipantId,
}

impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.role.as_str(), self.subject)
    }
}

impl FromStr for ActorId {
    type Err = InvalidId;
    /// Reads what [`Display`](fmt::Display) wrote.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = InvalidId { what: "an actor id", problem: "must be a role, a colon and a subject" };
        let (role, subject) = text.split_once(':').ok_or_else(|| invalid.clone())?;
        let role = Role::parse(role).ok_or(invalid)?;
        Ok(Self { role, subject: ParticipantId::new(subject)? })
    }
}

/// A log: the unit of appending and of revision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId {
    /// The tenant; every key of a store starts with it.
    pub workspace: WorkspaceId,
    /// Which of its logs.
    pub kind: LogKind,
}

/// The kinds of log of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogKind {
    /// A conversation.
    Conversation(ConversationId),
    /// What the whole workspace shares: its name, and later its agents, teams and policies.
    Workspace,
    /// The accounts of its agents, where Minicom has a login of its own (`minicom-login`). Its snapshot holds secrets.
    Accounts,
    /// A reader's place. It has a snapshot and no events.
    Reader(ReaderName),
}

impl LogId {
    /// A conversation's log.
    pub fn conversation(workspace: &WorkspaceId, conversation: ConversationId) -> Self {
        Self { workspace: workspace.clone(), kind: LogKind::Conversation(conversation) }
    }
    /// The workspace's own log.
    pub fn workspace(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone(), kind: LogKind::Workspace }
    }
    /// The log of the agents' accounts.
    pub fn accounts(workspace: &WorkspaceId) -> Self {
        Self { workspace: workspace.clone(), kind: LogKind::Accounts }
    }
    /// Which conversation's log it is, if it is one's.
    pub fn as_conversation(&self) -> Option<ConversationId> {
        match self.kind {
            LogKind::Conversation(id) => Some(id),
            LogKind::Workspace | LogKind::Accounts | LogKind::Reader(_) => None,
        }
    }
}

impl fmt::Display for LogKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conversation(id) => write!(f, "c:{id}"),
            Self::Workspace => f.write_str("w"),
            Self::Accounts => f.write_str("a"),
            Self::Reader(name) => write!(f, "r:{name}"),
        }
    }
}

impl FromStr for LogKind {
    type Err = InvalidId;
    /// Reads what [`Display`](fmt::Display) wrote: a stable key for a store's column.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        match text.split_once(':') {
            None if text == "w" => Ok(Self::Workspace),
            None if text == "a" => Ok(Self::Accounts),
            Some(("c", id)) => Ok(Self::Conversation(id.parse()?)),
            Some(("r", name)) => Ok(Self::Reader(ReaderName::new(name)?)),
            _ => Err(InvalidId { what: "a log's kind", problem: "is unknown" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participants_are_bounded_and_verbatim() {
        assert!(ParticipantId::new("").is_err());
        assert!(ParticipantId::new("a".repeat(254)).is_ok());
        assert!(ParticipantId::new("a".repeat(255)).is_err());
        assert!(ParticipantId::new("a\u{7}b").is_err());
        let (lower, upper) = (ParticipantId::new("ann@x").unwrap(), ParticipantId::new("Ann@x").unwrap());
        assert_ne!(ConversationId::direct(&lower), ConversationId::direct(&upper));
        // The same letters composed and decomposed are two participants.
        let (composed, decomposed) =
            (ParticipantId::new("\u{e9}").unwrap(), ParticipantId::new("e\u{301}").unwrap());
        assert_ne!(ConversationId::direct(&composed), ConversationId::direct(&decomposed));
    }

    #[test]
    fn keys_round_trip() {
        for kind in [
            LogKind::Conversation(ConversationId::direct(&ParticipantId::new("a").unwrap())),
            LogKind::Workspace,
            LogKind::Accounts,
            LogKind::Reader(ReaderName::new("mail:out").unwrap()),
        ] {
            assert_eq!(kind.to_string().parse::<LogKind>().unwrap(), kind);
        }
        let actor = ActorId { role: Role::Agent, subject: ParticipantId::new("a:b").unwrap() };
        assert_eq!(actor.to_string().parse::<ActorId>().unwrap(), actor);
        assert!("nobody:a".parse::<ActorId>().is_err());
        assert!("x".parse::<LogKind>().is_err());
    }
}
