//! Signing tokens, for hosts that sign people in by themselves, and for tests.

use std::fmt;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use minicom_core::Identity;

use crate::{
    choose_cryptography,
    claims::Claims,
    error::{JwtError, JwtKeyError, Kind},
    key::SECRET_BYTES,
};

/// Signs tokens that a [`JwtAuthenticator`](crate::JwtAuthenticator) with the matching key reads back as the identity that
/// was signed.
#[derive(Clone)]
pub struct JwtSigner {
    key: EncodingKey,
    header: Header,
    issuer: Option<String>,
}

impl JwtSigner {
    /// With a secret for HS256, at least 32 bytes.
    pub fn hs256(secret: &[u8]) -> Result<Self, JwtKeyError> {
        if secret.len() < SECRET_BYTES {
            return Err(JwtKeyError::ShortSecret);
        }
        Ok(Self::new(EncodingKey::from_secret(secret), Algorithm::HS256))
    }

    /// With a private Ed25519 key as PEM (`-----BEGIN PRIVATE KEY-----`, PKCS #8).
    pub fn ed25519_pem(pem: &[u8]) -> Result<Self, JwtKeyError> {
        let key =
            EncodingKey::from_ed_pem(pem).map_err(|error| JwtKeyError::NotEd25519(Some(error.into())))?;
        Ok(Self::new(key, Algorithm::EdDSA))
    }

    fn new(key: EncodingKey, algorithm: Algorithm) -> Self {
        choose_cryptography();
        Self { key, header: Header::new(algorithm), issuer: None }
    }

    /// Names the key in each token's header.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.header.kid = Some(kid.into());
        self
    }

    /// Says in each token who signed it.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// A token that says who this is, until its [`expires_at`](Identity::expires_at), which must be set. Not for an AI.
    pub fn sign(&self, identity: &Identity, audience: &str) -> Result<String, JwtError> {
        let claims = Claims::of(identity, audience, self.issuer.as_deref())?;
        encode(&self.header, &claims, &self.key)
            .map_err(|error| JwtError::with_source(Kind::Signature, error))
    }
}

impl fmt::Debug for JwtSigner {
    /// Leaves out the key itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { header, issuer, .. } = self;
        f.debug_struct("JwtSigner")
            .field("kid", &header.kid)
            .field("algorithm", &header.alg)
            .field("issuer", issuer)
            .finish_non_exhaustive()
    }
}
