//! Who shows this token?

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use minicom_core::{AuthError, AuthRequest, Authenticator, Clock, Identity, SystemClock, WorkspaceId};

use crate::{
    choose_cryptography,
    error::{JwtError, Kind},
    key::JwtKeys,
    verify::{Expected, verify},
};

/// How far the clocks of who signs and who checks may be apart.
const LEEWAY: Duration = Duration::from_secs(30);

/// Knows people by tokens that somebody else signs: the host's sign-in, or an identity provider.
///
/// | claim | meaning |
/// | --- | --- |
/// | `sub` | who: a visitor's `email` on the wire, an agent's name in the host's books; 1–254 bytes, not `anon-…` and a UUID |
/// | `exp` | when it ends; required. The socket is then closed as expired, unless a fresh token was shown |
/// | `aud` | must be, or hold, the audience that was configured; required |
/// | `nbf`, `iss` | from when on it is good; who signed it, compared if [`issuer`](Self::issuer) was set |
/// | `role` | `user` (the default), `agent`, `supervisor` or `owner` |
/// | `workspace` | the tenant; without it the one that [was set](Self::workspace), or that the request chose, or the default one |
/// | `name` | the name to show, cut at 100 characters |
/// | `email` | a real address, believed only with `email_verified: true` |
/// | `attributes` | at most 32 strings of 512 bytes, with names of 64 |
///
/// A token comes in `Authorization: Bearer`, or in a socket's first frame `auth`.
#[derive(Debug, Clone)]
pub struct JwtAuthenticator {
    keys: JwtKeys,
    audience: String,
    issuer: Option<String>,
    leeway: Duration,
    workspace: Option<WorkspaceId>,
    clock: Arc<dyn Clock>,
}

impl JwtAuthenticator {
    /// Believes tokens that one of `keys` signed and that are for `audience`.
    pub fn new(keys: JwtKeys, audience: impl Into<String>) -> Self {
        choose_cryptography();
        Self {
            keys,
            audience: audience.into(),
            issuer: None,
            leeway: LEEWAY,
            workspace: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Believes tokens of this issuer alone.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// How far the clocks may be apart; 30 s if it is not set. A token is good for that much longer.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// The workspace of tokens that name none, whatever the request chose. A server with several workspaces that share keys
    /// needs the claim, or this: else a token without it is good in each of them.
    #[must_use]
    pub fn workspace(mut self, workspace: WorkspaceId) -> Self {
        self.workspace = Some(workspace);
        self
    }

    /// The clock that judges times; [`SystemClock`] if none is given.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Judges a token, and says more of why not than a client is told. `chosen`: the workspace that the request chose.
    pub fn judge(&self, token: &str, chosen: Option<&WorkspaceId>) -> Result<Identity, JwtError> {
        let expected = Expected {
            audience: &self.audience,
            issuer: self.issuer.as_deref(),
            leeway: self.leeway,
            now: self.clock.now(),
        };
        let claims = verify(token, &self.keys, &expected)?;
        let workspace = self.workspace.as_ref().or(chosen).cloned().unwrap_or_default();
        let identity = claims.identity(&workspace, self.leeway)?;
        // Those are this server's own, whose conversations can be moved.
        if identity.participant.is_anonymous() {
            return Err(Kind::Claim("sub").into());
        }
        Ok(identity)
    }
}

#[async_trait]
impl Authenticator for JwtAuthenticator {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let token = request.token.as_deref().ok_or(AuthError::Missing)?;
        self.judge(token, request.workspace.as_ref()).map_err(|error| {
            tracing::debug!(error = &error as &dyn std::error::Error, "a token is not believed");
            error.into()
        })
    }
}
