//! How a socket begins and ends: identity, expiry, pings, slow readers, rooms that nobody needs, shutdown.

mod common;

use std::time::Duration;

use common::{Client, agent, minicom, user};
use minicom_core::{
    Admission, AuthError, AuthRequest, AuthTarget, Authenticator, CloseCode, Command, Identity, Limits,
    MemoryStore, Minicom, Outgoing, Target,
};
use serde_json::json;

/// Knows tokens `user:NAME` and `admin:NAME`.
#[derive(Debug)]
struct Tokens;

#[async_trait::async_trait]
impl Authenticator for Tokens {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        match request.token.as_deref().ok_or(AuthError::Missing)?.split_once(':') {
            Some(("user", name)) => {
                Ok(user(name).with_expiry(jiff::Timestamp::now() + Duration::from_mins(1)))
            }
            Some(("admin", name)) => Ok(agent(name)),
            _ => Err(AuthError::Unauthenticated),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_frame_may_bring_the_identity() {
    let minicom = Minicom::builder().store(MemoryStore::new()).authenticator(Tokens).build().unwrap();
    let pending = |target| Client::connect_with(&minicom, Admission::Pending(AuthRequest::new(target)), 64);

    let mut ann = pending(AuthTarget::Socket);
    ann.send(json!({"type": "ping"}));
    assert_eq!(ann.frame().await["type"], "pong");
    ann.send(json!({"type": "auth", "token": "user:ann", "client_id": "t"}));
    let ack = ann.frame().await;
    assert_eq!((&ack["type"], &ack["client_id"]), (&json!("ack"), &json!("t")));
    assert_eq!(ann.frame().await["type"], "history");
    // Renewal is for the same somebody, and a bad token costs nothing but an error.
    for (token, answer) in
        [("user:ann", json!(null)), ("user:bob", json!("forbidden")), ("x", json!("unauthenticated"))]
    {
        ann.send(json!({"type": "auth", "token": token, "client_id": "r"}));
        assert_eq!(ann.frame().await["code"], answer, "{token}");
    }
    for (first, code) in [
        (json!({"type": "auth", "token": "x"}), 4501),
        (json!({"type": "message", "message": "hi"}), 4501),
        (json!("nonsense"), 4501),
    ] {
        let mut nobody = pending(AuthTarget::Socket);
        nobody.send(first);
        assert_eq!(nobody.close_code().await, code);
    }
    let mut other = pending(AuthTarget::Path { role: "user".into(), email: "bob".into() });
    other.send(json!({"type": "auth", "token": "user:ann"}));
    assert_eq!(other.close_code().await, 4503);
    // Who says nothing is closed after ten seconds.
    let started = tokio::time::Instant::now();
    assert_eq!(pending(AuthTarget::Socket).close_code().await, 4501);
    assert_eq!(started.elapsed(), Limits::default().auth_within);
}

#[tokio::test(start_paused = true)]
async fn an_identity_ends_and_the_socket_with_it() {
    let minicom = minicom();
    let now: jiff::Timestamp = "2026-01-31T09:31:00Z".parse().unwrap();
    let mut ann = Client::connect(&minicom, &user("ann").with_expiry(now));
    assert_eq!(ann.frame().await["type"], "history");
    assert_eq!(ann.close_code().await, 4401);
    let mut late =
        Client::connect(&minicom, &user("ann").with_expiry("2020-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(late.close_code().await, 4401);
    let mut refused = Client::connect_with(&minicom, Admission::Refused(CloseCode::UnknownRole), 8);
    assert_eq!(refused.close_code().await, 4504);
}

#[tokio::test(start_paused = true)]
async fn a_socket_that_answers_no_ping_is_dead() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    // `close_code` would answer pings; this client only listens.
    let mut pings = 0;
    loop {
        match ann.receive_raw().await {
            Some(Outgoing::Ping) => pings += 1,
            Some(Outgoing::Close { code, .. }) => break assert_eq!(code, CloseCode::Unresponsive),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(pings, 2);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_answers_what_is_under_way_and_closes_with_1012() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    for n in 0..50 {
        ann.send(json!({"type": "message", "message": "x", "client_id": format!("{n}")}));
    }
    assert_eq!(ann.frame_of("ack").await["client_id"], "0");
    minicom.shutdown().await;
    assert_eq!(ann.close_code().await, 1012);
    ann.served.await.unwrap();
    assert_eq!(minicom.open_rooms(), 0);
    let target = Target::Participant(common::id("ann"));
    let refused = minicom.execute(&user("ann"), &target, Command::message("x")).await;
    assert!(refused.unwrap_err().is_retryable());
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_is_closed_and_the_others_are_not() {
    let mut limits = Limits::default();
    limits.outbox_bytes = 16 * 1024;
    let minicom = Minicom::builder().store(MemoryStore::new()).limits(limits).build().unwrap();
    let mut slow = Client::connect_with(&minicom, Admission::Known(user("ann")), 1);
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    for n in 0..60 {
        ann.send(json!({"type": "message", "message": "x".repeat(1000), "client_id": format!("{n}")}));
        ann.frame_of("ack").await;
    }
    assert_eq!(slow.close_code().await, 4408);
    ann.hears_no("error").await;
}

#[tokio::test(start_paused = true)]
async fn a_room_that_nobody_needs_is_closed_after_a_minute() {
    let minicom = minicom();
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    // He answers pings, and nothing else happens.
    assert!(tokio::time::timeout(Duration::from_mins(5), ann.next()).await.is_err());
    assert_eq!(minicom.open_rooms(), 1, "somebody watches it");
    ann.cut();
    tokio::time::sleep(Duration::from_secs(130)).await;
    assert_eq!(minicom.open_rooms(), 0);
    let (_ann, history) = Client::user(&minicom, "ann").await;
    assert_eq!(history["messages"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn somebodys_sockets_are_closed_at_once_and_no_others() {
    let minicom = Minicom::builder().store(MemoryStore::new()).authenticator(Tokens).build().unwrap();
    let mut ben = Client::connect(&minicom, &agent("ben"));
    // One that says who it is by a first frame.
    let pending = Admission::Pending(AuthRequest::new(AuthTarget::Socket));
    let mut late = Client::connect_with(&minicom, pending, 64);
    late.send(json!({"type": "auth", "token": "admin:ben", "client_id": "a"}));
    assert_eq!(late.frame().await["type"], "ack");
    let mut cid = Client::connect(&minicom, &agent("cid"));
    let mut visitor = Client::connect(&minicom, &user("ben"));
    assert_eq!(visitor.frame().await["type"], "history");
    for client in [&mut ben, &mut cid] {
        client.send(json!({"type": "ping"}));
        assert_eq!(client.frame().await["type"], "pong");
    }

    let disconnect = |name: &str| {
        let agent = agent(name);
        minicom.disconnect(&agent.workspace, &agent.actor().id, CloseCode::Forbidden)
    };
    assert_eq!(disconnect("ben"), 2);
    assert_eq!(ben.close_code().await, 4503);
    assert_eq!(late.close_code().await, 4503);
    for client in [&mut cid, &mut visitor] {
        client.send(json!({"type": "ping"}));
        assert_eq!(client.frame().await["type"], "pong");
    }
    // A socket that is gone is not counted.
    drop(cid);
    tokio::task::yield_now().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(disconnect("cid"), 0);
}

#[tokio::test(start_paused = true)]
async fn visitors_of_a_range_are_closed_and_its_agents_stay() {
    let minicom = minicom();
    let from =
        |identity: &Identity, remote: &str| Client::connect_from(&minicom, identity, remote.parse().unwrap());
    let mut near = from(&user("ann"), "::ffff:203.0.113.7");
    let mut far = from(&user("bob"), "203.0.114.7");
    let mut agent = from(&agent("ben"), "203.0.113.8");
    for client in [&mut near, &mut far] {
        assert_eq!(client.frame().await["type"], "history");
    }
    agent.send(json!({"type": "ping"}));
    assert_eq!(agent.frame().await["type"], "pong");
    let range = "203.0.113.0/24".parse().unwrap();
    let workspace = minicom_core::WorkspaceId::default();
    assert_eq!(minicom.disconnect_from(&workspace, &range, CloseCode::Forbidden), 1);
    assert_eq!(near.close_code().await, 4503);
    let elsewhere = minicom_core::WorkspaceId::new("elsewhere").unwrap();
    let everywhere = "0.0.0.0/0".parse().unwrap();
    assert_eq!(minicom.disconnect_from(&elsewhere, &everywhere, CloseCode::Forbidden), 0);
    for client in [&mut far, &mut agent] {
        client.send(json!({"type": "ping"}));
        assert_eq!(client.frame().await["type"], "pong");
    }
}
