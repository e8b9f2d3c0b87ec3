//! REST: who may ask what, and which pages may read the answer.

use minicom_core::{Command, Minicom, PageRequest, ParticipantId, PathIdentity, Role, Target};
use minicom_web::WebOptions;
use serde_json::json;

use crate::{
    client::http,
    server::{self, Tokens, identity},
};

fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

async fn say(minicom: &Minicom, name: &str) {
    let visitor = identity(Role::User, name);
    let own = Target::Participant(ParticipantId::new(name).expect(name));
    minicom.execute(&visitor, &own, Command::message("hi")).await.expect("stored");
}

#[tokio::test]
async fn users_are_those_who_spoke_sorted_and_for_agents_alone() {
    let server = server::by_token().await;
    for name in ["zoe@example.com", "Ann@example.com", "ann@example.com", "\u{e9}mile", "a/b"] {
        say(&server.minicom, name).await;
    }
    let silent = identity(Role::User, "silent");
    let own = Target::Participant(silent.participant.clone());
    server.minicom.conversation(&silent, &own, PageRequest::latest()).await.expect("a page");

    let (name, agent) = bearer("admin:ben");
    for path in ["/api/users", "/api/users/"] {
        let users = http(server.address, "GET", path, &[(name, &agent)]).await;
        assert_eq!((users.status, users.header("content-type")), (200, Some("application/json")));
        assert_eq!(users.header("cache-control"), Some("no-store"));
        assert_eq!(
            users.json(),
            json!(["Ann@example.com", "a/b", "ann@example.com", "zoe@example.com", "\u{e9}mile"])
        );
    }
    for (token, status, code) in [
        ("user:ann@example.com", 403, "forbidden"),
        ("nobody", 401, "unauthenticated"),
        ("expired", 401, "unauthenticated"),
        ("down", 503, "unavailable"),
    ] {
        let (name, token) = bearer(token);
        let refused = http(server.address, "GET", "/api/users/", &[(name, &token)]).await;
        assert_eq!((refused.status, &refused.json()["code"]), (status, &json!(code)), "{token}");
        assert!(refused.json()["message"].as_str().is_some_and(|text| !text.contains("inside")));
        assert_eq!(refused.header("www-authenticate").is_some(), status == 401, "{token}");
        assert_eq!(refused.header("retry-after").is_some(), status == 503, "{token}");
    }
    assert_eq!(http(server.address, "GET", "/api/users/", &[]).await.status, 401);
}

#[tokio::test]
async fn with_path_identity_the_list_is_as_open_as_the_original() {
    let server = server::by_path().await;
    assert_eq!(http(server.address, "GET", "/api/users/", &[]).await.json(), json!([]));
    say(&server.minicom, "ann").await;
    assert_eq!(http(server.address, "GET", "/api/users/", &[]).await.json(), json!(["ann"]));
}

#[tokio::test]
async fn the_session_says_how_a_page_learns_who_its_visitor_is() {
    let by_path = server::by_path().await.address;
    assert_eq!(http(by_path, "GET", "/api/session", &[]).await.json(), json!({"mode": "path"}));

    let by_token = server::by_token().await.address;
    let (name, ann) = bearer("user:ann");
    let session = http(by_token, "GET", "/api/session/", &[(name, &ann)]).await.json();
    assert_eq!(
        session,
        json!({"mode": "session", "role": "user", "workspace": "default", "email": "ann", "name": null})
    );
    assert_eq!(http(by_token, "GET", "/api/session", &[]).await.status, 401);

    // The host's own session goes before everything else.
    let loopback = PathIdentity::new("127.0.0.1:1".parse().expect("an address")).expect("loopback");
    let ben = identity(Role::Agent, "ben").with_name("Ben");
    let builder = Minicom::builder().authenticator(loopback);
    let by_host = server::serve_with(builder, WebOptions::default(), Some(ben.clone())).await.address;
    let session = http(by_host, "GET", "/api/session", &[]).await.json();
    let expected = json!({"mode": "session", "role": "admin", "workspace": "default", "agent_role": "agent", "email": "ben", "name": "Ben"});
    assert_eq!(session, expected);

    let ended = ben.with_expiry("2020-01-01T00:00:00Z".parse().expect("a time"));
    let by_host = server::serve_with(Minicom::builder(), WebOptions::default(), Some(ended)).await.address;
    assert_eq!(http(by_host, "GET", "/api/session", &[]).await.status, 401);
}

#[tokio::test]
async fn pages_of_listed_origins_may_read_and_no_others() {
    let options = WebOptions::default().allow_origin("https://shop.example".parse().expect("an origin"));
    let server = server::serve_with(Minicom::builder().authenticator(Tokens), options, None).await;
    let (name, ben) = bearer("admin:ben");
    for (origin, allowed) in [
        ("https://shop.example", true),
        ("http://shop.example", false),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let asked = http(server.address, "GET", "/api/users/", &[("origin", origin), (name, &ben)]).await;
        assert_eq!(asked.status, 200);
        assert_eq!(asked.header("vary"), Some("Origin"));
        assert_eq!(asked.header("access-control-allow-origin"), allowed.then_some(origin));
        assert_eq!(asked.header("access-control-allow-credentials"), allowed.then_some("true"));

        let question = [
            ("origin", origin),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization"),
        ];
        let answer = http(server.address, "OPTIONS", "/api/session", &question).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        assert_eq!(answer.header("vary"), Some("Origin"));
        assert_eq!(answer.header("access-control-allow-origin"), allowed.then_some(origin));
        assert_eq!(answer.header("access-control-allow-methods"), allowed.then_some("GET, HEAD, POST"));
        assert_eq!(answer.header("access-control-allow-headers"), allowed.then_some("authorization"));
    }
    // A refusal can be read too, so that a page can tell what is wrong.
    let refused = http(server.address, "GET", "/api/users/", &[("origin", "https://shop.example")]).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("access-control-allow-origin"), Some("https://shop.example"));
}
