//! Who a request is from: an agent by his cookie, otherwise whoever the visitors' authenticator knows.

use async_trait::async_trait;
use minicom_core::{AuthError, AuthRequest, AuthTarget, Authenticator, Identity, Issued, Role};

use crate::{Login, cookie};

#[async_trait]
impl Authenticator for Login {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let workspace = request.workspace.clone().unwrap_or_default();
        let sessions = if may_be_an_agents(request) { cookie::sessions(request) } else { Vec::new() };
        for session in &sessions {
            if let Some(identity) = self.identity(&workspace, session).await? {
                return Ok(identity);
            }
        }
        let judged = match self.visitors() {
            Some(visitors) => visitors.authenticate(request).await,
            None => Err(AuthError::Missing),
        };
        match judged {
            // An agent is whoever has an account here, and nobody else.
            Ok(identity) if identity.role != Role::User => Err(AuthError::Unauthenticated),
            // It brought something, and that is over: it need not wait for more.
            Err(AuthError::Missing) if !sessions.is_empty() => Err(AuthError::Unauthenticated),
            judged => judged,
        }
    }

    fn offers_visitors(&self) -> bool {
        self.visitors().is_some_and(|visitors| visitors.offers_visitors())
    }

    async fn new_visitor(&self, request: &AuthRequest) -> Result<Issued, AuthError> {
        match self.visitors() {
            Some(visitors) => visitors.new_visitor(request).await,
            None => Err(AuthError::Forbidden),
        }
    }
}

/// A visitor's token, or a path that names a visitor, is meant as what it says, even in an agent's browser.
fn may_be_an_agents(request: &AuthRequest) -> bool {
    let names_visitor =
        matches!(&request.target, AuthTarget::Path { role, .. } if Role::parse(role) == Some(Role::User));
    request.token.is_none() && !names_visitor
}
