//! Tokens that somebody signed, and what is wrong with each. The server believes those of `minicom-jwt` that [`keys`] can check
//! and that are for [`AUDIENCE`].

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{EncodingKey, Header, encode};
use minicom_jwt::{JwtKey, JwtKeys, MAX_TOKEN_BYTES};
use serde_json::{Value, json};

use crate::adapter::attack::Opens::{self, Closed, In};

/// Whom tokens are for.
pub(crate) const AUDIENCE: &str = "chat.example.com";
/// The workspace that a path chooses.
pub(crate) const LAMPS: &str = "lamps";

const SECRET: &[u8] = b"the secret of the suite, 32 bytes";
const OTHER: &[u8] = b"and one that is no secret of the server's";
/// Made for this suite; they open nothing.
const PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIBy+srVb8yj3+nA1SL12zhmIhvvpH9OMiP56yTfJVtYC
-----END PRIVATE KEY-----
";
const PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAsiqWuyn/SU+JiRvX5NUJl9rg/Jr/JuLZvpb9J92LnVQ=
-----END PUBLIC KEY-----
";
const ANOTHERS_PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIPkUiK4JZKeNqPpwoENEXU72zpKesXsq1gfBsFIK5AWQ
-----END PRIVATE KEY-----
";

/// One live key of each kind.
pub(crate) fn keys() -> JwtKeys {
    JwtKeys::new([
        JwtKey::hs256(SECRET).expect("a secret").with_kid("h"),
        JwtKey::ed25519_pem(PUBLIC).expect("a key").with_kid("e"),
    ])
    .expect("a set")
}

/// A token, and what becomes of whoever shows it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) what: &'static str,
    /// Where: nowhere in particular, or below a workspace's path.
    pub(crate) mount: &'static str,
    pub(crate) token: fn() -> String,
    pub(crate) opens: Opens,
}

/// In so many seconds.
fn at(seconds: i64) -> i64 {
    Timestamp::now().as_second() + seconds
}

fn claims() -> Value {
    json!({"sub": "ann", "aud": AUDIENCE, "exp": at(3_600)})
}

/// The claims with one that says something else; null: nothing.
fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    if let Some(claims) = claims.as_object_mut() {
        claims.retain(|_, value| !value.is_null());
    }
    claims
}

fn signed(header: &Value, claims: &Value, key: &EncodingKey) -> String {
    let header: Header = serde_json::from_value(header.clone()).expect("a header");
    encode(&header, claims, key).expect("signed")
}

fn secret() -> EncodingKey {
    EncodingKey::from_secret(SECRET)
}

fn private(pem: &[u8]) -> EncodingKey {
    EncodingKey::from_ed_pem(pem).expect("a key")
}

/// As the host's sign-in makes them.
fn hs256(claims: &Value) -> String {
    signed(&json!({"alg": "HS256", "kid": "h"}), claims, &secret())
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// Put together by hand, with the signature of a token that is believed.
fn with_its_signature(header: &Value, claims: &Value) -> String {
    let believed = hs256(&self::claims());
    let signature = believed.rsplit('.').next().unwrap_or_default();
    format!("{}.{}.{signature}", part(header), part(claims))
}

fn by_the_public_key(kid: &str) -> String {
    signed(&json!({"alg": "HS256", "kid": kid}), &claims(), &EncodingKey::from_secret(PUBLIC))
}

const fn row(what: &'static str, token: fn() -> String, opens: Opens) -> Shown {
    Shown { what, mount: "", token, opens }
}

const fn below(what: &'static str, token: fn() -> String, opens: Opens) -> Shown {
    Shown { what, mount: "/w/lamps", token, opens }
}

pub(crate) const ALL: &[Shown] = &[
    row("signed with the secret", || hs256(&claims()), In),
    row(
        "signed with the private key",
        || signed(&json!({"alg": "EdDSA", "kid": "e"}), &claims(), &private(PRIVATE)),
        In,
    ),
    // By whom.
    row(
        "another's secret",
        || signed(&json!({"alg": "HS256", "kid": "h"}), &claims(), &EncodingKey::from_secret(OTHER)),
        Closed(4501),
    ),
    row(
        "another's private key",
        || signed(&json!({"alg": "EdDSA", "kid": "e"}), &claims(), &private(ANOTHERS_PRIVATE)),
        Closed(4501),
    ),
    row("the public key as a secret", || by_the_public_key("e"), Closed(4501)),
    row("the public key as a secret, under the secret's name", || by_the_public_key("h"), Closed(4501)),
    row(
        "the secret, under the public key's name",
        || signed(&json!({"alg": "HS256", "kid": "e"}), &claims(), &secret()),
        Closed(4501),
    ),
    row(
        "the secret, said to be the other algorithm",
        || with_its_signature(&json!({"alg": "EdDSA", "kid": "h"}), &claims()),
        Closed(4501),
    ),
    row(
        "a name that no key has",
        || signed(&json!({"alg": "HS256", "kid": "x"}), &claims(), &secret()),
        Closed(4501),
    ),
    row(
        "no name among several keys",
        || signed(&json!({"alg": "HS256"}), &claims(), &secret()),
        Closed(4501),
    ),
    row(
        "a key that it brings itself",
        || signed(&json!({"alg": "HS256", "jwk": {"kty": "oct", "k": "AA"}}), &claims(), &secret()),
        Closed(4501),
    ),
    row(
        "no algorithm, no signature",
        || format!("{}.{}.", part(&json!({"alg": "none", "kid": "h"})), part(&claims())),
        Closed(4501),
    ),
    row(
        "no algorithm, a signature",
        || with_its_signature(&json!({"alg": "none", "kid": "h"}), &claims()),
        Closed(4501),
    ),
    row(
        "no algorithm, by case",
        || with_its_signature(&json!({"alg": "nOnE", "kid": "h"}), &claims()),
        Closed(4501),
    ),
    row("another hash", || signed(&json!({"alg": "HS512", "kid": "h"}), &claims(), &secret()), Closed(4501)),
    row(
        "what it demands to be understood",
        || signed(&json!({"alg": "HS256", "kid": "h", "crit": ["x"]}), &claims(), &secret()),
        Closed(4501),
    ),
    row(
        "claims under another's signature",
        || with_its_signature(&json!({"alg": "HS256", "kid": "h"}), &with("sub", json!("bob"))),
        Closed(4501),
    ),
    row(
        "without its signature",
        || hs256(&claims()).rsplit_once('.').expect("parts").0.to_owned(),
        Closed(4501),
    ),
    row("a fourth part", || format!("{}.x", hs256(&claims())), Closed(4501)),
    // When, and for whom.
    row("ended", || hs256(&with("exp", json!(at(-3_600)))), Closed(4401)),
    row("without an end", || hs256(&with("exp", Value::Null)), Closed(4501)),
    row("an end beyond time", || hs256(&with("exp", json!(1e300))), Closed(4501)),
    row("not good yet", || hs256(&with("nbf", json!(at(3_600)))), Closed(4501)),
    row("for another audience", || hs256(&with("aud", json!("bank.example.com"))), Closed(4501)),
    row("for no audience", || hs256(&with("aud", Value::Null)), Closed(4501)),
    row(
        "for another audience, and ended",
        || {
            let mut claims = with("aud", json!("bank.example.com"));
            claims["exp"] = json!(at(-3_600));
            hs256(&claims)
        },
        Closed(4501),
    ),
    // Who.
    row("nobody", || hs256(&with("sub", Value::Null)), Closed(4501)),
    row(
        "an anonymous visitor, whom the server alone makes",
        || hs256(&with("sub", json!("anon-00000000-0000-4000-8000-000000000007"))),
        Closed(4501),
    ),
    row("the AI", || hs256(&with("role", json!("ai"))), Closed(4501)),
    row("a role that there is not", || hs256(&with("role", json!("root"))), Closed(4501)),
    row(
        "more than a token may hold",
        || hs256(&with("name", json!("x".repeat(MAX_TOKEN_BYTES)))),
        Closed(4501),
    ),
    // Where.
    below("of the workspace of the path", || hs256(&with("workspace", json!(LAMPS))), In),
    below("of no workspace at a path", || hs256(&claims()), In),
    below("of another workspace", || hs256(&with("workspace", json!("bank"))), Closed(4503)),
    below("of a workspace that cannot be", || hs256(&with("workspace", json!(""))), Closed(4501)),
    below(
        "ended, of another workspace",
        || {
            let mut claims = with("workspace", json!("bank"));
            claims["exp"] = json!(at(-3_600));
            hs256(&claims)
        },
        Closed(4401),
    ),
];
