//! Visitors of whom nothing is known: this server names them, and knows them again by a token of its own.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::SignedDuration;
use minicom_core::{
    AuthError, AuthRequest, Authenticator, Clock, Identity, Issued, ParticipantId, SystemClock, WorkspaceId,
};
use uuid::Uuid;

use crate::{
    choose_cryptography,
    error::JwtKeyError,
    key::{JwtKey, JwtKeys},
    signer::JwtSigner,
    verify::{Expected, verify},
};

/// Whom those tokens are for: this server. No other token has it, and no key of another's signs it.
const AUDIENCE: &str = "minicom:visitor";

/// For how long a visitor is known again after he was here last, if nothing else is set: 180 days.
pub const LIFETIME: Duration = Duration::from_hours(24 * 180);

/// The namespace (UUID version 5) of the names of keys, drawn once at random.
const KEY_NAMES: Uuid = Uuid::from_u128(0x0d3c_61f4_7a0e_4b52_9f1e_5e1b_c6a8_27d9);

/// Gives a name to each visitor who opens the chat and is nobody yet: `anon-` and a random UUID, in a token that the page keeps.
/// It holds nothing else, and is made on the first opening, not before.
///
/// Ask it last, in a [`FirstOf`](minicom_core::FirstOf): who is somebody is not anonymous. When he becomes somebody, the page
/// shows both tokens, and his conversation is [moved](minicom_core::Minicom::move_visitor).
#[derive(Debug, Clone)]
pub struct AnonymousVisitors {
    signer: JwtSigner,
    keys: Vec<JwtKey>,
    live: JwtKeys,
    lifetime: Duration,
    clock: Arc<dyn Clock>,
}

/// A key's name says which of several secrets it is, and nothing of the secret that helps to find it.
fn name_of(secret: &[u8]) -> String {
    Uuid::new_v5(&KEY_NAMES, secret).simple().to_string()
}

impl AnonymousVisitors {
    /// Signs with a secret of at least 32 bytes, which nothing else must use. Who changes it makes every anonymous visitor a
    /// new one, unless the old one is [still believed](Self::former_secret).
    pub fn new(secret: &[u8]) -> Result<Self, JwtKeyError> {
        choose_cryptography();
        let keys = vec![JwtKey::hs256(secret)?.with_kid(name_of(secret))];
        Ok(Self {
            signer: JwtSigner::hs256(secret)?.with_kid(name_of(secret)),
            live: JwtKeys::new(keys.iter().cloned())?,
            keys,
            lifetime: LIFETIME,
            clock: Arc::new(SystemClock),
        })
    }

    /// Also believes what was signed with a former secret. Visitors who come again get a token of the new one.
    pub fn former_secret(mut self, secret: &[u8]) -> Result<Self, JwtKeyError> {
        self.keys.push(JwtKey::hs256(secret)?.with_kid(name_of(secret)));
        self.live = JwtKeys::new(self.keys.iter().cloned())?;
        Ok(self)
    }

    /// For how long a token is good. The page renews it when half of that is over.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// The clock that judges times; [`SystemClock`] if none is given.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    fn known(&self, token: &str, chosen: Option<&WorkspaceId>) -> Result<Identity, AuthError> {
        let leeway = Duration::ZERO;
        let expected = Expected { audience: AUDIENCE, issuer: None, leeway, now: self.clock.now() };
        let claims = verify(token, &self.live, &expected)?;
        let identity = claims.identity(&WorkspaceId::default(), leeway)?;
        // In another workspace he is somebody else.
        let here = chosen.is_none_or(|chosen| *chosen == identity.workspace);
        if here && identity.is_anonymous() { Ok(identity) } else { Err(AuthError::Unauthenticated) }
    }
}

#[async_trait]
impl Authenticator for AnonymousVisitors {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let token = request.token.as_deref().ok_or(AuthError::Missing)?;
        self.known(token, request.workspace.as_ref())
    }

    fn offers_visitors(&self) -> bool {
        true
    }

    async fn new_visitor(&self, request: &AuthRequest) -> Result<Issued, AuthError> {
        let chosen = request.workspace.as_ref();
        let before = request.token.as_deref().and_then(|token| self.known(token, chosen).ok());
        let identity = before.unwrap_or_else(|| {
            Identity::user(chosen.cloned().unwrap_or_default(), ParticipantId::anonymous(Uuid::new_v4()))
        });
        let lifetime = SignedDuration::try_from(self.lifetime).unwrap_or(SignedDuration::MAX);
        let ends = self.clock.now().checked_add(lifetime).map_err(unavailable)?;
        let identity = identity.with_expiry(ends);
        let token = self.signer.sign(&identity, AUDIENCE).map_err(unavailable)?;
        Ok(Issued::new(identity, token))
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> AuthError {
    AuthError::Unavailable(Box::new(error))
}
