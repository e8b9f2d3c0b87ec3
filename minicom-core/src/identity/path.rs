//! Identity by the URL, as the original Minicom had it: for development on one's own machine.

use std::net::SocketAddr;

use async_trait::async_trait;

use super::{AuthError, AuthRequest, AuthTarget, Authenticator, Identity, IdentityMode};
use crate::{
    id::{ParticipantId, WorkspaceId},
    role::Role,
};

/// Believes what the path `/ws/chat/{role}/{email}/` says, and takes every REST request for an agent's. Anybody who
/// reaches the server can be anybody, so it exists for loopback addresses only.
#[derive(Debug, Clone)]
pub struct PathIdentity {
    workspace: WorkspaceId,
}

/// The address can be reached from other machines, so the path must not be trusted there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("identity by path is for loopback addresses only, and {0} is none")]
pub struct NotLoopback(SocketAddr);

impl PathIdentity {
    /// For a server that listens on `listen`.
    ///
    /// ```
    /// use minicom_core::PathIdentity;
    /// assert!(PathIdentity::new("127.0.0.1:8000".parse()?).is_ok());
    /// assert!(PathIdentity::new("0.0.0.0:8000".parse()?).is_err());
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    pub fn new(listen: SocketAddr) -> Result<Self, NotLoopback> {
        if listen.ip().to_canonical().is_loopback() {
            Ok(Self { workspace: WorkspaceId::default() })
        } else {
            Err(NotLoopback(listen))
        }
    }
}

#[async_trait]
impl Authenticator for PathIdentity {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let workspace = self.workspace.clone();
        match &request.target {
            AuthTarget::Path { role, email } => {
                let participant = ParticipantId::new(email).map_err(|_| AuthError::Forbidden);
                match Role::parse(role) {
                    Some(Role::User) => Ok(Identity::user(workspace, participant?)),
                    Some(Role::Agent) => Ok(Identity::agent(workspace, participant?)),
                    Some(Role::Ai) | None => Err(AuthError::UnknownRole),
                }
            }
            AuthTarget::Rest => {
                let anybody = ParticipantId::new("rest").map_err(|_| AuthError::Forbidden)?;
                Ok(Identity::agent(workspace, anybody))
            }
            AuthTarget::Socket => Err(AuthError::Unauthenticated),
        }
    }

    fn mode(&self) -> IdentityMode {
        IdentityMode::Path
    }
}
