//! Who a visitor or an agent is, by JSON web tokens (RFC 7519): those that the host's own sign-in gives out, and those that
//! this server gives to visitors of whom nothing is known.
//!
//! ```
//! use jiff::Timestamp;
//! use minicom_core::{FirstOf, Identity, MemoryStore, Minicom, ParticipantId, WorkspaceId};
//! use minicom_jwt::{AnonymousVisitors, JwtAuthenticator, JwtKey, JwtKeys, JwtSigner};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let secret = b"32 random bytes that nobody knows"; // of your own, from a secret store
//! let keys = JwtKeys::new([JwtKey::hs256(secret)?.with_kid("2026")])?;
//! let people = FirstOf::new()
//!     .then(JwtAuthenticator::new(keys.clone(), "chat.example.com"))
//!     .then(AnonymousVisitors::new(b"another 32 bytes, for this alone.")?);
//! let minicom = Minicom::builder().store(MemoryStore::new()).authenticator(people).build()?;
//!
//! // Where the host signs people in, in this process or in any other that speaks JWT:
//! let ann = Identity::user(WorkspaceId::default(), ParticipantId::new("ann@example.com")?);
//! let in_an_hour = Timestamp::now() + std::time::Duration::from_secs(3600);
//! let signer = JwtSigner::hs256(secret)?.with_kid("2026");
//! let token = signer.sign(&ann.with_expiry(in_an_hour), "chat.example.com")?;
//!
//! // A new key, while everything runs; tokens of the old one are believed until it goes, too.
//! keys.replace([JwtKey::hs256(secret)?.with_kid("2026"), JwtKey::hs256(b"the 32 bytes of the year after it")?.with_kid("2027")])?;
//! # assert_eq!(token.split('.').count(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - `HS256` and `EdDSA` (Ed25519), and nothing else. A key is bound to its algorithm: what the token's header says never chooses
//!   how it is checked, and `none` is no algorithm.
//! - `exp` and `aud` must be there. Times are judged by Minicom's [`Clock`](minicom_core::Clock), with a leeway of 30 s.
//! - A token is at most 8 KiB, and any bytes are refused without a panic.
//! - Neither keys nor tokens are in any `Debug` or error.
//!
//! Exactly one process-wide choice is made: the cryptography of `jsonwebtoken`, unless the host made it before.

#[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
compile_error!("minicom-jwt needs one of its features `aws-lc-rs` (the default) and `rust-crypto`");

mod authenticator;
mod claims;
mod error;
mod key;
mod signer;
mod verify;
mod visitors;

pub use authenticator::JwtAuthenticator;
pub use error::{JwtError, JwtKeyError};
pub use key::{JwtKey, JwtKeys};
pub use signer::JwtSigner;
pub use verify::MAX_TOKEN_BYTES;
pub use visitors::{AnonymousVisitors, LIFETIME};

/// Chooses the cryptography of `jsonwebtoken`, which panics at its first use where it must choose between two by itself.
fn choose_cryptography() {
    #[cfg(feature = "aws-lc-rs")]
    use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
    #[cfg(not(feature = "aws-lc-rs"))]
    use jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER;
    // Somebody's earlier choice stands.
    let _ = DEFAULT_PROVIDER.install_default();
}
