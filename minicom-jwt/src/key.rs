//! Keys: what each may check, and the set of those that are live.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use jsonwebtoken::{Algorithm, DecodingKey, Header};
use serde::Deserialize;

use crate::error::{JwtError, JwtKeyError, Kind};

/// RFC 7518 section 3.2: as long as the hash.
pub(crate) const SECRET_BYTES: usize = 32;

/// A public Ed25519 key (RFC 8032 section 5.1.5).
const ED25519_BYTES: usize = 32;

/// A key that checks tokens of one algorithm, and no others.
#[derive(Clone)]
pub struct JwtKey {
    kid: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtKey {
    /// A secret for HS256, at least 32 bytes. Who has it can sign as well as check.
    pub fn hs256(secret: &[u8]) -> Result<Self, JwtKeyError> {
        if secret.len() < SECRET_BYTES {
            return Err(JwtKeyError::ShortSecret);
        }
        Ok(Self { kid: None, algorithm: Algorithm::HS256, key: DecodingKey::from_secret(secret) })
    }

    /// A public Ed25519 key as PEM (`-----BEGIN PUBLIC KEY-----`).
    pub fn ed25519_pem(pem: &[u8]) -> Result<Self, JwtKeyError> {
        let key =
            DecodingKey::from_ed_pem(pem).map_err(|error| JwtKeyError::NotEd25519(Some(error.into())))?;
        Self::ed25519(key)
    }

    fn ed25519(key: DecodingKey) -> Result<Self, JwtKeyError> {
        match key.try_get_as_bytes() {
            Ok(bytes) if bytes.len() == ED25519_BYTES => {
                Ok(Self { kid: None, algorithm: Algorithm::EdDSA, key })
            }
            _ => Err(JwtKeyError::NotEd25519(None)),
        }
    }

    /// Names it: the `kid` that a token says in its header.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// The keys of a JSON web key set (RFC 7517): Ed25519 ones (`"kty":"OKP"`) and secrets (`"kty":"oct"`). Those of other
    /// algorithms, or for another use than signatures, are left out; that none is left is an error.
    pub fn from_jwks(text: &str) -> Result<Vec<Self>, JwtKeyError> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<serde_json::Map<String, serde_json::Value>>,
        }
        let Set { keys } = serde_json::from_str(text).map_err(JwtKeyError::NotAKeySet)?;
        let mut all = Vec::new();
        for key in keys {
            all.extend(Self::from_jwk(&key)?);
        }
        if all.is_empty() { Err(JwtKeyError::NoKey) } else { Ok(all) }
    }

    /// `None`: not one of ours.
    fn from_jwk(jwk: &serde_json::Map<String, serde_json::Value>) -> Result<Option<Self>, JwtKeyError> {
        let word = |name: &str| jwk.get(name).and_then(serde_json::Value::as_str);
        if word("use").is_some_and(|purpose| purpose != "sig") {
            return Ok(None);
        }
        let key = match (word("kty"), word("crv"), word("alg")) {
            (Some("OKP"), Some("Ed25519"), None | Some("EdDSA")) => {
                let key = DecodingKey::from_ed_components(word("x").unwrap_or_default())
                    .map_err(|error| JwtKeyError::NotEd25519(Some(error.into())))?;
                Self::ed25519(key)?
            }
            (Some("oct"), _, None | Some("HS256")) => Self::from_oct(jwk)?,
            _ => return Ok(None),
        };
        Ok(Some(Self { kid: word("kid").map(str::to_owned), ..key }))
    }

    fn from_oct(jwk: &serde_json::Map<String, serde_json::Value>) -> Result<Self, JwtKeyError> {
        let jwk = serde_json::from_value(serde_json::Value::Object(jwk.clone()))
            .map_err(JwtKeyError::NotAKeySet)?;
        let key = DecodingKey::from_jwk(&jwk).map_err(|_| JwtKeyError::ShortSecret)?;
        Self::hs256(key.try_get_as_bytes().map_err(|_| JwtKeyError::ShortSecret)?)
    }

    /// What checks a signature, and the one way in which it does.
    pub(crate) fn parts(&self) -> (Algorithm, &DecodingKey) {
        (self.algorithm, &self.key)
    }
}

impl fmt::Debug for JwtKey {
    /// Leaves out the key itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtKey")
            .field("kid", &self.kid)
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// The keys that are live. Cheap to clone; all clones are the same set, and it can be replaced while tokens are checked.
#[derive(Debug, Clone)]
pub struct JwtKeys(Arc<RwLock<Arc<[JwtKey]>>>);

impl JwtKeys {
    /// A set: at least one key, each with a name of its own, and at most one without.
    pub fn new(keys: impl IntoIterator<Item = JwtKey>) -> Result<Self, JwtKeyError> {
        Ok(Self(Arc::new(RwLock::new(checked(keys)?))))
    }

    /// Puts another set in its place. Tokens that come from now on are judged by it; who was let in before stays until his
    /// token ends. If the set cannot be used, the one before stays.
    pub fn replace(&self, keys: impl IntoIterator<Item = JwtKey>) -> Result<(), JwtKeyError> {
        let keys = checked(keys)?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// The key that a header means: the one of its `kid`; without a `kid` the one that has no name, or the only one. Its own
    /// algorithm must be the header's.
    pub(crate) fn find(&self, header: &Header) -> Result<JwtKey, JwtError> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let key = match (&header.kid, &*keys) {
            (None, [only]) => Some(only),
            (kid, keys) => keys.iter().find(|key| key.kid == *kid),
        };
        key.filter(|key| key.algorithm == header.alg).cloned().ok_or_else(|| Kind::Key.into())
    }
}

fn checked(keys: impl IntoIterator<Item = JwtKey>) -> Result<Arc<[JwtKey]>, JwtKeyError> {
    let keys: Vec<_> = keys.into_iter().collect();
    if keys.is_empty() {
        return Err(JwtKeyError::NoKey);
    }
    let repeats = |(index, key): (usize, &JwtKey)| keys[..index].iter().any(|other| other.kid == key.kid);
    if keys.iter().enumerate().any(repeats) { Err(JwtKeyError::SameKid) } else { Ok(keys.into()) }
}
