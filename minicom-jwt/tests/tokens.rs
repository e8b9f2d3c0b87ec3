//! What is believed, and what is not.

mod common;

use std::{panic::AssertUnwindSafe, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use common::{ANN, AUDIENCE, OTHER, PRIVATE, PUBLIC, SECRET, TestClock, at, claims, hs256, request, sign};
use minicom_core::{
    AgentRole, AuthError, AuthRequest, AuthTarget, Authenticator, FirstOf, Identity, ParticipantId, Role,
    WorkspaceId,
};
use minicom_jwt::{JwtAuthenticator, JwtKey, JwtKeyError, JwtKeys, JwtSigner, MAX_TOKEN_BYTES};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Two live keys, one of each kind.
fn keys() -> JwtKeys {
    JwtKeys::new([
        JwtKey::hs256(SECRET).expect("a secret").with_kid("h"),
        JwtKey::ed25519_pem(PUBLIC).expect("a key").with_kid("e"),
    ])
    .expect("a set")
}

fn people() -> JwtAuthenticator {
    JwtAuthenticator::new(keys(), AUDIENCE).clock(TestClock::default())
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token whose parts were put together by hand.
fn raw(header: &Value, claims: &Value, signature: &str) -> String {
    format!("{}.{}.{signature}", part(header), part(claims))
}

fn ed25519(kid: Option<&str>, claims: &Value) -> String {
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::EdDSA);
    header.kid = kid.map(str::to_owned);
    sign(&header, claims, &jsonwebtoken::EncodingKey::from_ed_pem(PRIVATE).expect("a key"))
}

#[test]
fn both_kinds_of_key_and_every_claim() {
    let mut claims = claims();
    claims["name"] = json!("  Ann \u{7}Lee ");
    claims["email"] = json!("ann@lee.example");
    claims["email_verified"] = json!(true);
    claims["workspace"] = json!("shop");
    claims["attributes"] = json!({"plan": "gold"});
    for token in [hs256(Some("h"), &claims), ed25519(Some("e"), &claims)] {
        let identity = people().judge(&token, None).expect("believed");
        assert_eq!((identity.role, identity.participant.as_str()), (Role::User, ANN));
        assert_eq!(identity.workspace, WorkspaceId::new("shop").expect("a name"));
        assert_eq!(identity.name.as_deref(), Some("Ann Lee"));
        assert_eq!(identity.email.as_deref(), Some("ann@lee.example"));
        assert_eq!(identity.attributes["plan"], "gold");
        assert_eq!(identity.expires_at, Some(at(3600 + 30)), "the leeway is part of it");
    }
    claims["email_verified"] = json!(false);
    assert_eq!(people().judge(&hs256(Some("h"), &claims), None).expect("believed").email, None);
}

#[test]
fn roles() {
    for (role, expected) in [
        ("user", Some((Role::User, AgentRole::Agent))),
        ("agent", Some((Role::Agent, AgentRole::Agent))),
        ("supervisor", Some((Role::Agent, AgentRole::Supervisor))),
        ("owner", Some((Role::Agent, AgentRole::Owner))),
        ("admin", None),
        ("ai", None),
        ("Owner", None),
        ("", None),
    ] {
        let mut claims = claims();
        claims["role"] = json!(role);
        let judged = people().judge(&hs256(Some("h"), &claims), None);
        match (judged, expected) {
            (Ok(identity), Some(expected)) => assert_eq!((identity.role, identity.agent_role), expected),
            (Err(error), None) => assert_eq!(error.claim(), Some("role"), "{role}"),
            (judged, _) => panic!("{role}: {judged:?}"),
        }
    }
}

#[test]
fn what_a_token_must_say() {
    // A claim, what it says instead (null: nothing), and whether that is believed.
    let many: serde_json::Map<_, _> = (0..33).map(|n| (n.to_string(), json!("x"))).collect();
    for (name, value, believed) in [
        ("exp", json!(null), false),
        ("exp", json!("3600"), false),
        ("exp", json!(1e300), false),
        ("exp", json!(-1e300), false),
        ("exp", json!(at(3600).as_duration().as_secs_f64() + 0.5), true),
        ("aud", json!(null), false),
        ("aud", json!("other"), false),
        ("aud", json!([]), false),
        ("aud", json!(["other", AUDIENCE]), true),
        ("aud", json!(["other"]), false),
        ("aud", json!(7), false),
        ("sub", json!(null), false),
        ("sub", json!(""), false),
        ("sub", json!("x".repeat(254)), true),
        ("sub", json!("x".repeat(255)), false),
        ("sub", json!("a\u{0}b"), false),
        ("sub", json!(7), false),
        // Those are this server's own.
        ("sub", json!("anon-00000000-0000-4000-8000-000000000007"), false),
        ("sub", json!("anon-ymous"), true),
        ("nbf", json!(at(-10).as_second()), true),
        ("nbf", json!("soon"), false),
        ("workspace", json!(""), false),
        ("workspace", json!("x".repeat(65)), false),
        ("name", json!("x".repeat(5000)), true),
        ("name", json!(7), false),
        ("attributes", json!({"a": 1}), false),
        ("attributes", json!(["a"]), false),
        ("attributes", json!({"a": "x".repeat(512)}), true),
        ("attributes", json!({"a": "x".repeat(513)}), false),
        ("attributes", json!({"": "x"}), false),
        ("attributes", Value::Object(many), false),
        ("nickname", json!({"ignored": true}), true),
    ] {
        let mut claims = claims();
        if value.is_null() {
            claims.as_object_mut().expect("claims").remove(name);
        } else {
            claims[name] = value.clone();
        }
        let judged = people().judge(&hs256(Some("h"), &claims), None);
        assert_eq!(judged.is_ok(), believed, "{name}: {value} {judged:?}");
    }
    assert!(people().judge(&hs256(Some("h"), &json!([1])), None).is_err());
}

#[test]
fn a_claim_that_is_there_twice_is_none() {
    let twice = format!(r#"{{"sub":"ann","sub":"owner","aud":"{AUDIENCE}","exp":{}}}"#, at(60).as_second());
    let message = format!("{}.{}", part(&json!({"alg": "HS256", "kid": "h"})), URL_SAFE_NO_PAD.encode(twice));
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, jsonwebtoken::Algorithm::HS256);
    assert!(people().judge(&format!("{message}.{}", signature.expect("signed")), None).is_err());
}

#[test]
fn time_is_the_clocks() {
    let people = |leeway: u64| people().leeway(Duration::from_secs(leeway));
    for (name, offset, leeway, believed) in [
        ("exp", 1, 0, true),
        ("exp", 0, 0, false),
        ("exp", -29, 30, true),
        ("exp", -30, 30, false),
        ("nbf", 0, 0, true),
        ("nbf", 1, 0, false),
        ("nbf", 30, 30, true),
        ("nbf", 31, 30, false),
    ] {
        let mut claims = claims();
        claims[name] = json!(at(offset).as_second());
        let judged = people(leeway).judge(&hs256(Some("h"), &claims), None);
        assert_eq!(judged.is_ok(), believed, "{name} in {offset} s, leeway {leeway}");
        if let Err(error) = judged {
            assert_eq!((error.is_expired(), error.is_too_early()), (name == "exp", name == "nbf"));
            let told = AuthError::from(error);
            assert_eq!(matches!(told, AuthError::Expired), name == "exp");
        }
    }
}

#[test]
fn an_issuer_is_compared_where_one_was_set() {
    let people = people().issuer("https://login.example");
    let mut claims = claims();
    for (issuer, believed) in
        [(json!("https://login.example"), true), (json!("https://evil.example"), false), (json!(null), false)]
    {
        claims["iss"] = issuer;
        let judged = people.judge(&hs256(Some("h"), &claims), None);
        assert_eq!(judged.is_ok(), believed);
        assert!(judged.err().is_none_or(|error| error.is_for_others()));
    }
}

/// Somebody else's token that has ended is somebody else's, and not expired: the next authenticator may know it.
#[test]
fn whose_it_is_comes_before_when_it_ends() {
    let mut claims = claims();
    claims["exp"] = json!(at(-3600).as_second());
    claims["aud"] = json!("other");
    let error = people().judge(&hs256(Some("h"), &claims), None).expect_err("refused");
    assert!(error.is_for_others() && !error.is_expired());
}

#[test]
fn forgeries() {
    let claims = claims();
    let believed = hs256(Some("h"), &claims);
    let (message, signature) = believed.rsplit_once('.').expect("a token");
    let payload = message.split_once('.').expect("two parts").1;
    let header = |header: Value| part(&header);
    let with_public_key = |kid| {
        let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
        header.kid = kid;
        sign(&header, &claims, &jsonwebtoken::EncodingKey::from_secret(PUBLIC))
    };
    for (what, token) in [
        ("another secret", common::hs256_with(OTHER, Some("h"), &claims)),
        ("another private key", {
            let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::EdDSA);
            header.kid = Some("e".into());
            sign(
                &header,
                &claims,
                &jsonwebtoken::EncodingKey::from_ed_pem(common::OTHER_PRIVATE).expect("a key"),
            )
        }),
        ("the public key as a secret", with_public_key(Some("e".into()))),
        ("the public key as a secret, under the secret's name", with_public_key(Some("h".into()))),
        ("no algorithm", raw(&json!({"alg": "none", "kid": "h"}), &claims, "")),
        ("No algorithm", raw(&json!({"alg": "None", "kid": "h"}), &claims, signature)),
        ("none, with a signature", raw(&json!({"alg": "none", "kid": "h"}), &claims, signature)),
        ("no alg at all", raw(&json!({"kid": "h"}), &claims, signature)),
        ("another hash", raw(&json!({"alg": "HS512", "kid": "h"}), &claims, signature)),
        ("the other key's algorithm", raw(&json!({"alg": "EdDSA", "kid": "h"}), &claims, signature)),
        (
            "a swapped header",
            format!("{}.{payload}.{signature}", header(json!({"alg": "HS256", "kid": "h", "x": 1}))),
        ),
        ("other claims", raw(&json!({"alg": "HS256", "kid": "h"}), &json!({"sub": "owner"}), signature)),
        ("no signature", format!("{message}.")),
        ("half a signature", format!("{message}.{}", &signature[..20])),
        (
            "what must be understood",
            common::with_header(json!({"alg": "HS256", "kid": "h", "crit": ["b64"], "b64": false}), &claims),
        ),
        ("an unknown name", hs256(Some("x"), &claims)),
        ("no name, with several keys", hs256(None, &claims)),
        ("a fourth part", format!("{believed}.x")),
        ("a space", format!(" {believed}")),
        ("padding", format!("{believed}=")),
        (
            "a key of its own",
            common::with_header(json!({"alg": "HS256", "jwk": {"kty": "oct", "k": "AA"}}), &claims),
        ),
    ] {
        let error = people().judge(&token, None).expect_err(what);
        assert!(!error.is_expired(), "{what}");
        assert!(!format!("{error:?} {error}").contains(std::str::from_utf8(SECRET).expect("text")), "{what}");
    }
    people().judge(&believed, None).expect("the one that is right");
}

#[test]
fn which_key_is_meant() {
    let secret = || JwtKey::hs256(SECRET).expect("a secret");
    let other = || JwtKey::hs256(OTHER).expect("a secret");
    for (set, kid, believed) in [
        (vec![secret()], None, true),
        (vec![secret().with_kid("h")], None, true),
        (vec![secret()], Some("h"), false),
        (vec![secret(), other().with_kid("o")], None, true),
        (vec![other(), secret().with_kid("h")], None, false),
        (vec![other(), secret().with_kid("h")], Some("h"), true),
        (vec![other().with_kid("o"), secret().with_kid("h")], None, false),
    ] {
        let judged = JwtAuthenticator::new(JwtKeys::new(set.clone()).expect("a set"), AUDIENCE)
            .clock(TestClock::default())
            .judge(&hs256(kid, &claims()), None);
        assert_eq!(judged.is_ok(), believed, "{set:?} {kid:?}");
    }
}

#[test]
fn what_is_no_key_and_no_set() {
    assert!(matches!(JwtKey::hs256(&[7; 31]), Err(JwtKeyError::ShortSecret)));
    assert!(matches!(JwtSigner::hs256(&[7; 31]), Err(JwtKeyError::ShortSecret)));
    for pem in [&b""[..], b"no key", PRIVATE, &PUBLIC[..60]] {
        assert!(matches!(JwtKey::ed25519_pem(pem), Err(JwtKeyError::NotEd25519(_))));
    }
    assert!(matches!(JwtSigner::ed25519_pem(PUBLIC), Err(JwtKeyError::NotEd25519(_))));
    let key = || JwtKey::hs256(SECRET).expect("a secret");
    assert!(matches!(JwtKeys::new([]), Err(JwtKeyError::NoKey)));
    assert!(matches!(JwtKeys::new([key(), key()]), Err(JwtKeyError::SameKid)));
    assert!(matches!(JwtKeys::new([key().with_kid("a"), key().with_kid("a")]), Err(JwtKeyError::SameKid)));
    let keys = keys();
    assert!(keys.replace([]).is_err());
    let people = JwtAuthenticator::new(keys, AUDIENCE).clock(TestClock::default());
    people.judge(&hs256(Some("h"), &claims()), None).expect("the set before stays");
}

#[test]
fn key_sets() {
    let x = "HMjiB1dLfgr0tAi0VxQYMVBlc96G4AJDtNpGIvooJ6E";
    let set = json!({"keys": [
        {"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB", "alg": "RS256"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "e", "x": x, "use": "sig", "alg": "EdDSA"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "enc", "x": x, "use": "enc"},
        {"kty": "OKP", "crv": "X25519", "kid": "x", "x": x},
        {"kty": "oct", "kid": "h", "k": URL_SAFE_NO_PAD.encode(SECRET)},
        {"kty": "oct", "kid": "h512", "k": URL_SAFE_NO_PAD.encode(SECRET), "alg": "HS512"},
    ]});
    let set = JwtKeys::new(JwtKey::from_jwks(&set.to_string()).expect("a set")).expect("two keys");
    let people = JwtAuthenticator::new(set, AUDIENCE).clock(TestClock::default());
    people.judge(&hs256(Some("h"), &claims()), None).expect("believed");
    people.judge(&ed25519(Some("e"), &claims()), None).expect("believed");
    for kid in ["enc", "x", "r"] {
        assert!(people.judge(&ed25519(Some(kid), &claims()), None).expect_err(kid).is_unknown_key());
    }
    for (text, problem) in [
        ("", "this is no JSON web key set"),
        ("[]", "this is no JSON web key set"),
        (r#"{"keys":{}}"#, "this is no JSON web key set"),
        (r#"{"keys":[]}"#, "there is no usable key"),
        (r#"{"keys":[{"kty":"RSA"}]}"#, "there is no usable key"),
        (r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#, "this is no Ed25519 key"),
        (r#"{"keys":[{"kty":"OKP","crv":"Ed25519"}]}"#, "this is no Ed25519 key"),
        (r#"{"keys":[{"kty":"oct","k":"AA"}]}"#, "a secret for HS256 has at least 32 bytes"),
        (r#"{"keys":[{"kty":"oct","k":"!"}]}"#, "a secret for HS256 has at least 32 bytes"),
    ] {
        assert_eq!(JwtKey::from_jwks(text).expect_err(text).to_string(), problem, "{text}");
    }
}

#[tokio::test]
async fn a_request_without_a_token_brings_nothing_and_one_of_another_workspace_may_not() {
    let missing = people().authenticate(&AuthRequest::new(AuthTarget::Socket)).await;
    assert!(matches!(missing, Err(AuthError::Missing)));

    let mut claims = claims();
    claims["workspace"] = json!("shop");
    let mut asked = request(&hs256(Some("h"), &claims));
    asked.workspace = Some(WorkspaceId::new("bank").expect("a name"));
    let identity = people().authenticate(&asked).await.expect("he is known");
    assert!(matches!(asked.permits(&identity), Err(AuthError::Forbidden)));
    // Without the claim, the one that was set holds, before the one that the request chose.
    let bound = people().workspace(WorkspaceId::new("shop").expect("a name"));
    let mut asked = request(&hs256(Some("h"), &common::claims()));
    asked.workspace = Some(WorkspaceId::new("bank").expect("a name"));
    let identity = bound.authenticate(&asked).await.expect("he is known");
    assert!(matches!(asked.permits(&identity), Err(AuthError::Forbidden)));
    let identity = people().authenticate(&asked).await.expect("he is known");
    assert!(asked.permits(&identity).is_ok());
}

#[test]
fn what_is_signed_is_read_back() {
    let ann =
        Identity::user(WorkspaceId::new("shop").expect("a name"), ParticipantId::new(ANN).expect("a name"));
    let mut ann = ann.with_name("Ann").with_expiry(at(3600));
    ann.email = Some("ann@lee.example".into());
    ann.attributes.insert("plan".into(), "gold".into());
    let ben = Identity::agent(WorkspaceId::default(), ParticipantId::new("ben").expect("a name"));
    let ben = ben.with_agent_role(AgentRole::Supervisor).with_expiry(at(3600));
    let people = people().leeway(Duration::ZERO).issuer("us");
    for signer in [
        JwtSigner::hs256(SECRET).expect("a secret").with_kid("h"),
        JwtSigner::ed25519_pem(PRIVATE).expect("a key").with_kid("e"),
    ] {
        let signer = signer.issuer("us");
        for identity in [&ann, &ben] {
            let token = signer.sign(identity, AUDIENCE).expect("signed");
            assert_eq!(&people.judge(&token, None).expect("believed"), identity);
        }
    }
    let endless = Identity::user(WorkspaceId::default(), ParticipantId::new(ANN).expect("a name"));
    let refused = JwtSigner::hs256(SECRET).expect("a secret").sign(&endless, AUDIENCE);
    assert_eq!(refused.expect_err("it must end").claim(), Some("exp"));
}

#[test]
fn long_ones_are_refused_unread_and_nothing_secret_is_shown() {
    let mut claims = claims();
    claims["x"] = json!("x".repeat(MAX_TOKEN_BYTES));
    assert!(people().judge(&hs256(Some("h"), &claims), None).is_err());
    let signer = JwtSigner::hs256(SECRET).expect("a secret");
    let shown = format!("{:?} {signer:?}", people());
    assert!(!shown.contains("secret") && !shown.contains(&format!("{SECRET:?}")), "{shown}");
}

fn never_believed(token: &str) {
    let people = FirstOf::new().then(people()).then(common::visitors());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let judged =
        std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(people.authenticate(&request(token)))));
    assert!(judged.expect("no panic").is_err(), "{token:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_refused(token in any::<String>()) {
        never_believed(&token);
    }

    #[test]
    fn any_parts_are_refused(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 1..5)) {
        let parts: Vec<_> = parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
        never_believed(&parts.join("."));
    }

    /// One letter of a good token is another: what it says or who signed it does not hold any more.
    #[test]
    fn a_changed_token_is_refused(at in any::<prop::sample::Index>(), letter in "[A-Za-z0-9_-]") {
        let good = hs256(Some("h"), &claims());
        let at = at.index(good.len());
        prop_assume!(&good[at..=at] != "." && good[at..=at] != letter);
        let mut bad = good.clone();
        bad.replace_range(at..=at, &letter);
        // The last letters of a part may carry bits that mean nothing; then it is refused too, as not canonical.
        never_believed(&bad);
    }
}
