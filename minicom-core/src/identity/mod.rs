//! Who is there, and what he may do. Identity comes from the host or its authenticator, never from a client's words.

mod access;
mod authenticator;
mod first_of;
mod path;

use std::collections::BTreeMap;

pub use access::{Action, authorize};
pub use authenticator::{
    Admission, AuthError, AuthRequest, AuthTarget, Authenticator, DenyAll, IdentityMode, Issued,
};
pub use first_of::FirstOf;
use jiff::Timestamp;
pub use path::{NotLoopback, PathIdentity};

use crate::{
    id::{ActorId, ParticipantId, WorkspaceId},
    role::{AgentRole, Role, Side},
};

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
    /// What he may do besides, if he is an agent; of others it says nothing.
    pub agent_role: AgentRole,
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
        Self {
            workspace,
            role,
            agent_role: AgentRole::default(),
            participant,
            name: None,
            email: None,
            attributes: BTreeMap::new(),
            expires_at: None,
        }
    }

    /// A visitor.
    pub fn user(workspace: WorkspaceId, participant: ParticipantId) -> Self {
        Self::new(workspace, Role::User, participant)
    }

    /// An agent who may do what agents may, and nothing more.
    pub fn agent(workspace: WorkspaceId, subject: ParticipantId) -> Self {
        Self::new(workspace, Role::Agent, subject)
    }

    /// The AI, which no authenticator ever vouches for.
    pub(crate) fn ai(workspace: WorkspaceId) -> Self {
        Self::new(workspace, Role::Ai, ParticipantId::ai())
    }

    /// Sets what an agent may do besides answering.
    #[must_use]
    pub fn with_agent_role(mut self, role: AgentRole) -> Self {
        self.agent_role = role;
        self
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

    /// A visitor of whom nothing is known but that he is the same one again.
    pub fn is_anonymous(&self) -> bool {
        self.role == Role::User && self.participant.is_anonymous()
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
