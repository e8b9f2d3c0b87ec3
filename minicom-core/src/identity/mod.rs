//! Who is there, and what he may do. Identity comes from the host or its authenticator, never from a client's words.

mod access;
mod authenticator;
mod path;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use access::{Action, authorize};
pub use authenticator::{
    Admission, AuthError, AuthRequest, AuthTarget, Authenticator, DenyAll, IdentityMode,
};
pub use path::{NotLoopback, PathIdentity};

use crate::id::{ActorId, ParticipantId, WorkspaceId};

/// What somebody is in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// A visitor; the wire's `user`.
    #[serde(rename = "user")]
    User,
    /// Somebody who answers visitors; the wire's `admin`.
    #[serde(rename = "admin")]
    Agent,
    /// A responder; the wire's `ai`. It speaks for the agents' side.
    #[serde(rename = "ai")]
    Ai,
}

impl Role {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "admin",
            Self::Ai => "ai",
        }
    }

    /// Reads the wire's word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::User, Self::Agent, Self::Ai].into_iter().find(|role| role.as_str() == word)
    }

    /// The side of a conversation that the role speaks for.
    pub fn side(self) -> Side {
        match self {
            Self::User => Side::User,
            Self::Agent | Self::Ai => Side::Agents,
        }
    }
}

/// A side of a conversation. Each has one read cursor on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// The participants.
    #[serde(rename = "user")]
    User,
    /// The agents, and the AI that speaks for them.
    #[serde(rename = "admin")]
    Agents,
}

impl Side {
    /// The side across.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::User => Self::Agents,
            Self::Agents => Self::User,
        }
    }
}

/// Somebody whom an authenticator vouches for.
///
/// ```
/// use minicom_core::{Identity, ParticipantId, WorkspaceId};
/// let ann = Identity::user(WorkspaceId::default(), ParticipantId::new("ann@example.com")?).with_name("Ann");
/// # Ok::<(), minicom_core::InvalidId>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The tenant.
    pub workspace: WorkspaceId,
    /// What he is there.
    pub role: Role,
    /// Which one: a visitor's `email` on the wire, an agent's name in the host's books.
    pub participant: ParticipantId,
    /// The name to show.
    pub name: Option<String>,
    /// A real address, if one was verified.
    pub email: Option<String>,
    /// What else the host vouches for.
    pub attributes: BTreeMap<String, String>,
    /// When this ends; a socket is then closed as expired, unless it renewed. `None`: with the socket.
    pub expires_at: Option<Timestamp>,
}

impl Identity {
    fn new(workspace: WorkspaceId, role: Role, participant: ParticipantId) -> Self {
        let attributes = BTreeMap::new();
        Self { workspace, role, participant, name: None, email: None, attributes, expires_at: None }
    }

    /// A visitor.
    pub fn user(workspace: WorkspaceId, participant: ParticipantId) -> Self {
        Self::new(workspace, Role::User, participant)
    }

    /// An agent.
    pub fn agent(workspace: WorkspaceId, subject: ParticipantId) -> Self {
        Self::new(workspace, Role::Agent, subject)
    }

    /// Sets the name to show.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets when it ends.
    #[must_use]
    pub fn with_expiry(mut self, expires_at: Timestamp) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// The actor that this identity acts as.
    pub fn actor(&self) -> Actor {
        Actor { id: ActorId { role: self.role, subject: self.participant.clone() }, name: self.name.clone() }
    }

    /// Whether both are the same somebody, whatever else is known of him.
    pub fn is_same(&self, other: &Self) -> bool {
        self.workspace == other.workspace && self.role == other.role && self.participant == other.participant
    }
}

/// Who does something, and the name to show for him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub id: ActorId,
    /// The name to show.
    pub name: Option<String>,
}

impl Actor {
    /// The side that he speaks for.
    pub fn side(&self) -> Side {
        self.id.role.side()
    }
}
