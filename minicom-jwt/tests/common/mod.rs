#![allow(dead_code, reason = "each test uses its own part of this")]
//! Keys, a clock that stands still, and tokens that are made by hand.

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use minicom_core::{AuthRequest, AuthTarget, Clock};
use minicom_jwt::{AnonymousVisitors, JwtSigner};
use serde_json::{Value, json};

pub const SECRET: &[u8] = b"the secret of the shop, 32 bytes";
pub const OTHER: &[u8] = b"and one that is no secret of ours";
pub const AUDIENCE: &str = "chat.example.com";
pub const ANN: &str = "ann@example.com";

/// Made for these tests; they open nothing.
pub const PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIOb1jLWQ1i1mrYap+wEDmxkVomUd/SYpC1sYxd7xnGGY
-----END PRIVATE KEY-----
";
pub const PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAHMjiB1dLfgr0tAi0VxQYMVBlc96G4AJDtNpGIvooJ6E=
-----END PUBLIC KEY-----
";
pub const OTHER_PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIGJakwF99ZFHS/rFXdNiSFkNqQ/t7vshIx3JnyHcDqZ6
-----END PRIVATE KEY-----
";

/// Stands at [`at`]`(0)`, or as many seconds after it.
#[derive(Debug, Default, Clone, Copy)]
pub struct TestClock(pub i64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        at(self.0)
    }
}

/// So many seconds after the moment of these tests.
pub fn at(seconds: i64) -> Timestamp {
    let start: Timestamp = "2026-01-31T09:30:00Z".parse().expect("a time");
    start + SignedDuration::from_secs(seconds)
}

pub fn claims() -> Value {
    json!({"sub": ANN, "aud": AUDIENCE, "exp": at(3600).as_second()})
}

pub fn sign(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    // Which cryptography is used is chosen by the first of our own.
    JwtSigner::hs256(SECRET).expect("a secret");
    encode(header, claims, key).expect("signed")
}

pub fn hs256(kid: Option<&str>, claims: &Value) -> String {
    hs256_with(SECRET, kid, claims)
}

pub fn hs256_with(secret: &[u8], kid: Option<&str>, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = kid.map(str::to_owned);
    sign(&header, claims, &EncodingKey::from_secret(secret))
}

/// Signed with our secret, under any header.
pub fn with_header(header: Value, claims: &Value) -> String {
    let header: Header = serde_json::from_value(header).expect("a header");
    sign(&header, claims, &EncodingKey::from_secret(SECRET))
}

pub fn visitors() -> AnonymousVisitors {
    AnonymousVisitors::new(b"the secret of visitors, 32 bytes").expect("a secret").clock(TestClock::default())
}

pub fn request(token: &str) -> AuthRequest {
    let mut request = AuthRequest::new(AuthTarget::Socket);
    request.token = Some(token.to_owned());
    request
}
