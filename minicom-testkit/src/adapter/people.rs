//! Who is there: `role:name` as a token or as the host's session, and the authenticator that believes it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use minicom_core::{
    AgentRole, AuthError, AuthRequest, Authenticator, Identity, ParticipantId, PathIdentity, WorkspaceId,
};

/// Stands for the host's own cookie: `user:ann`, `admin:ben`, `ended:ann`, and `user:ann#lamps` in another workspace.
pub const SESSION_HEADER: &str = "x-test-identity";

/// Somebody by `role:name`, in the default workspace, or by `role:name#workspace`. `ended` is a visitor whose session is over;
/// `elsewhere` owns another workspace, `stranger` is a visitor there.
pub(crate) fn parse(text: &str) -> Option<Identity> {
    let (role, name) = text.split_once(':')?;
    let (name, workspace) = match name.split_once('#') {
        Some((name, workspace)) => (name, WorkspaceId::new(workspace).ok()?),
        None => (name, WorkspaceId::default()),
    };
    let participant = ParticipantId::new(name).ok()?;
    match role {
        "user" => Some(Identity::user(workspace, participant)),
        "admin" => Some(Identity::agent(workspace, participant).with_agent_role(AgentRole::Owner)),
        "elsewhere" => {
            let owner = Identity::agent(WorkspaceId::new("elsewhere").ok()?, participant);
            Some(owner.with_agent_role(AgentRole::Owner))
        }
        "stranger" => Some(Identity::user(WorkspaceId::new("elsewhere").ok()?, participant)),
        "ended" => Some(Identity::user(workspace, participant).with_expiry(jiff::Timestamp::UNIX_EPOCH)),
        _ => None,
    }
}

/// A visitor.
pub(crate) fn user(name: &str) -> Identity {
    Identity::user(WorkspaceId::default(), ParticipantId::new(name).expect(name))
}

/// Believes the path.
pub(crate) fn path_identity() -> PathIdentity {
    PathIdentity::new("127.0.0.1:1".parse().expect("an address")).expect("a loopback address")
}

/// Believes a token `role:name`, and remembers from where it was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    pub(crate) asked_from: Arc<Mutex<Vec<Option<std::net::IpAddr>>>>,
}

#[async_trait]
impl Authenticator for Tokens {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        self.asked_from.lock().expect("no case panics here").push(request.remote);
        let token = request.token.as_deref().ok_or(AuthError::Missing)?;
        let identity = parse(token).ok_or(AuthError::Unauthenticated)?;
        if identity.expires_at.is_some() { Err(AuthError::Expired) } else { Ok(identity) }
    }
}

/// Believes that a visitor is whom he says, in the workspace that the request chose.
#[derive(Debug)]
pub(crate) struct Placed;

#[async_trait]
impl Authenticator for Placed {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let name = request.token.as_deref().ok_or(AuthError::Missing)?;
        let workspace = request.workspace.clone().unwrap_or_default();
        let participant = ParticipantId::new(name).map_err(|_| AuthError::Unauthenticated)?;
        Ok(Identity::user(workspace, participant))
    }
}
