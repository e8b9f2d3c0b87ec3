//! How an identity is found: what a request brings, and the trait that judges it.

use std::{error::Error as StdError, fmt, net::IpAddr};

use async_trait::async_trait;

use super::Identity;
use crate::{close::CloseCode, id::WorkspaceId, role::Role};

/// What a request brings for its authentication. It has no HTTP types, so that core needs none.
#[derive(Clone)]
#[non_exhaustive]
pub struct AuthRequest {
    /// What is asked for.
    pub target: AuthTarget,
    /// The workspace that the request's host name or path chose; an identity of another is refused. `None`: nothing chose.
    pub workspace: Option<WorkspaceId>,
    /// The token of a first frame `auth`, or of an `Authorization: Bearer` header.
    pub token: Option<String>,
    /// The request's headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The peer's address.
    pub remote: Option<IpAddr>,
}

impl fmt::Debug for AuthRequest {
    /// Leaves out what may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, workspace, token, headers, remote } = self;
        f.debug_struct("AuthRequest")
            .field("target", target)
            .field("workspace", workspace)
            .field("token", &token.as_ref().map(|_| "…"))
            .field("headers", &headers.len())
            .field("remote", remote)
            .finish()
    }
}

impl AuthRequest {
    /// A request that brings nothing yet.
    pub fn new(target: AuthTarget) -> Self {
        Self { target, workspace: None, token: None, headers: Vec::new(), remote: None }
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether an identity may have what was asked for: the workspace that was chosen, if one was; its own role, and for a
    /// visitor his own `email`. An agent of the original client puts any word.
    pub fn permits(&self, identity: &Identity) -> Result<(), AuthError> {
        if self.workspace.as_ref().is_some_and(|chosen| *chosen != identity.workspace) {
            return Err(AuthError::Forbidden);
        }
        let AuthTarget::Path { role, email } = &self.target else { return Ok(()) };
        let role = Role::parse(role).filter(|role| *role != Role::Ai).ok_or(AuthError::UnknownRole)?;
        let same = role == identity.role && (role == Role::Agent || email == identity.participant.as_str());
        if same { Ok(()) } else { Err(AuthError::Forbidden) }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthTarget {
    /// The original path `/ws/chat/{role}/{email}/`, percent-decoded.
    Path {
        /// The role that the path asks for.
        role: String,
        /// The email that the path asks for.
        email: String,
    },
    /// The socket `/ws`, whose path names nobody.
    Socket,
    /// A request over REST.
    Rest,
}

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The request brings nothing to judge. A socket at `/ws` may still send a first frame `auth`.
    #[error("nothing was brought to authenticate with")]
    Missing,
    /// What it brings is not believed.
    #[error("not authenticated")]
    Unauthenticated,
    /// It was valid once.
    #[error("expired")]
    Expired,
    /// He is known, and may not have what he asks for.
    #[error("forbidden")]
    Forbidden,
    /// The path asks for a role that does not exist.
    #[error("unknown role")]
    UnknownRole,
    /// The authenticator could not judge now.
    #[error("the authenticator is unavailable")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
}

impl AuthError {
    /// The code that a refused socket is closed with.
    pub fn close_code(&self) -> CloseCode {
        match self {
            Self::Missing | Self::Unauthenticated => CloseCode::Unauthenticated,
            Self::Expired => CloseCode::Expired,
            Self::Forbidden => CloseCode::Forbidden,
            Self::UnknownRole => CloseCode::UnknownRole,
            Self::Unavailable(_) => CloseCode::Unavailable,
        }
    }
}

/// Who is it? Given by the host; there is no default but [`DenyAll`].
///
/// ```
/// use async_trait::async_trait;
/// use minicom_core::{AuthError, AuthRequest, Authenticator, Identity, ParticipantId, WorkspaceId};
///
/// /// Knows one agent by one token.
/// #[derive(Debug)]
/// struct OneAgent;
///
/// #[async_trait]
/// impl Authenticator for OneAgent {
///     async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
///         match request.token.as_deref() {
///             None => Err(AuthError::Missing),
///             Some("s3cret") => {
///                 let ben = ParticipantId::new("ben").map_err(|_| AuthError::Unauthenticated)?;
///                 Ok(Identity::agent(WorkspaceId::default(), ben))
///             }
///             Some(_) => Err(AuthError::Unauthenticated),
///         }
///     }
/// }
/// ```
#[async_trait]
pub trait Authenticator: fmt::Debug + Send + Sync + 'static {
    /// Judges a request. What the path asks for is compared by the caller ([`AuthRequest::permits`]).
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError>;

    /// How a page learns who its visitor is.
    fn mode(&self) -> IdentityMode {
        IdentityMode::Session
    }

    /// Whether a page whose visitor is nobody yet may ask for [a new one](Self::new_visitor).
    fn offers_visitors(&self) -> bool {
        false
    }

    /// Makes a visitor of whom nothing is known but that it is the same one again, and the token by which he will be.
    /// A request that is such a visitor's already gets him once more, with a fresh token.
    ///
    /// [`AuthError::Forbidden`]: it is not offered, which is the default.
    async fn new_visitor(&self, _: &AuthRequest) -> Result<Issued, AuthError> {
        Err(AuthError::Forbidden)
    }
}

/// Somebody new, and what he shows to be known again.
#[derive(Clone)]
#[non_exhaustive]
pub struct Issued {
    /// Who he is.
    pub identity: Identity,
    /// What he shows from now on. It is secret: whoever has it is he.
    pub token: String,
}

impl Issued {
    /// An identity with its token.
    pub fn new(identity: Identity, token: impl Into<String>) -> Self {
        Self { identity, token: token.into() }
    }
}

impl fmt::Debug for Issued {
    /// Leaves out what is secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("identity", &self.identity).field("token", &"…").finish()
    }
}

/// How a page learns who its visitor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentityMode {
    /// The authenticator knows; the page asks the server.
    Session,
    /// The page asks the visitor, and the path says it ([`PathIdentity`](super::PathIdentity)).
    Path,
}

/// Lets nobody in but those whom the host itself vouches for: the authenticator of a host that configured none.
#[derive(Debug, Clone, Copy, Default)]
pub struct DenyAll;

#[async_trait]
impl Authenticator for DenyAll {
    async fn authenticate(&self, _: &AuthRequest) -> Result<Identity, AuthError> {
        Err(AuthError::Unauthenticated)
    }
}

/// How a socket begins.
#[derive(Debug, Clone)]
pub enum Admission {
    /// Somebody who is known.
    Known(Identity),
    /// Nobody yet: a first frame `auth` must bring a token within 10 s.
    Pending(AuthRequest),
    /// Somebody who is refused: closed at once, because a browser cannot see the status of a failed handshake.
    Refused(CloseCode),
}
