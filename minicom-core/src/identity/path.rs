//! Identity by the URL, as the original Minicom had it: for development on one's own machine.

use std::net::{IpAddr, SocketAddr};

use async_trait::async_trait;

use super::{AuthError, AuthRequest, AuthTarget, Authenticator, Identity, IdentityMode};
use crate::{
    id::ParticipantId,
    role::{AgentRole, Role},
};

/// Believes what the path `/ws/chat/{role}/{email}/` says, and takes every REST request for an owner's. The workspace is the one that
/// the request chose, or the default one. Anybody who
/// reaches the server can be anybody, so it exists for loopback addresses only, and only for requests to a loopback name: a
/// page of the internet whose own name leads to this machine (DNS rebinding) is of the same origin to a browser.
#[derive(Debug, Clone)]
pub struct PathIdentity(());

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
        if listen.ip().to_canonical().is_loopback() { Ok(Self(())) } else { Err(NotLoopback(listen)) }
    }
}

/// Whether a `Host` header names this machine: `localhost` (RFC 6761 section 6.3) or a loopback address, with or
/// without a port.
fn is_loopback_host(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name =
        name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name).to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[async_trait]
impl Authenticator for PathIdentity {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        if request.header("host").is_some_and(|host| !is_loopback_host(host)) {
            return Err(AuthError::Forbidden);
        }
        let workspace = request.workspace.clone().unwrap_or_default();
        match &request.target {
            AuthTarget::Path { role, email } => {
                let participant = ParticipantId::new(email).map_err(|_| AuthError::Forbidden);
                match Role::parse(role) {
                    Some(Role::User) => Ok(Identity::user(workspace, participant?)),
                    Some(Role::Agent) => {
                        Ok(Identity::agent(workspace, participant?).with_agent_role(AgentRole::Owner))
                    }
                    Some(Role::Ai) | None => Err(AuthError::UnknownRole),
                }
            }
            AuthTarget::Rest => {
                let anybody = ParticipantId::new("rest").map_err(|_| AuthError::Forbidden)?;
                Ok(Identity::agent(workspace, anybody).with_agent_role(AgentRole::Owner))
            }
            AuthTarget::Socket => Err(AuthError::Unauthenticated),
        }
    }

    fn mode(&self) -> IdentityMode {
        IdentityMode::Path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_only_leads_here_is_not_believed() {
        let identity = PathIdentity::new("127.0.0.1:8000".parse().unwrap()).unwrap();
        for (host, believed) in [
            ("127.0.0.1:8000", true),
            ("127.8.9.1", true),
            ("localhost:8000", true),
            ("LOCALHOST", true),
            ("chat.localhost:8000", true),
            ("[::1]:8000", true),
            ("[::1]", true),
            ("evil.example", false),
            ("localhost.evil.example:8000", false),
            ("evillocalhost", false),
            ("192.168.0.7:8000", false),
            ("", false),
        ] {
            for target in [AuthTarget::Rest, AuthTarget::Path { role: "admin".into(), email: "ben".into() }] {
                let mut request = AuthRequest::new(target);
                request.headers.push(("host".into(), host.into()));
                assert_eq!(identity.authenticate(&request).await.is_ok(), believed, "{host}");
            }
        }
    }
}
