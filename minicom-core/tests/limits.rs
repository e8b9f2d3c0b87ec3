//! How much is too much, over sockets: who is over it is told when to try again, and nobody else notices.

mod common;

use std::time::Duration;

use common::{Client, agent, user};
use minicom_core::{
    Admission, AuthError, AuthRequest, AuthTarget, Authenticator, Command, Identity, MemoryStore, Minicom,
    Outgoing, Rate, RateLimits, Target, WorkspaceId, WorkspaceRates, WorkspaceSettings,
};
use serde_json::{Value, json};

const SECOND: Duration = Duration::from_secs(1);

fn minicom(change: impl FnOnce(&mut RateLimits)) -> Minicom {
    let mut limits = RateLimits::default();
    change(&mut limits);
    Minicom::builder().store(MemoryStore::new()).rate_limits(limits).build().unwrap()
}

fn say(number: usize) -> Value {
    json!({"type": "message", "message": "hi", "client_id": number.to_string()})
}

/// The next frame that is an answer to what this client sent.
async fn answer(client: &mut Client) -> Value {
    loop {
        let frame = client.frame().await;
        if ["ack", "error", "pong", "list", "search"].iter().any(|kind| frame["type"] == *kind) {
            return frame;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_over_fifty_sockets_is_one_visitors_and_another_is_heard() {
    let minicom = minicom(|limits| {
        limits.workspace.visitor.messages = Rate::new(7, 70 * SECOND);
        limits.workspace.visitor.frames = Rate::new(5_000, SECOND);
    });
    let mut flood = Vec::new();
    for _ in 0..50 {
        flood.push(Client::user(&minicom, "eve").await.0);
    }
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    for (number, eve) in flood.iter().enumerate() {
        for message in 0..20 {
            eve.send(say(number * 20 + message));
        }
    }
    ann.send(say(0));
    assert_eq!(answer(&mut ann).await["type"], "ack");
    let (mut acked, mut refused) = (0, 0);
    for eve in &mut flood {
        for _ in 0..20 {
            let frame = answer(eve).await;
            if frame["type"] == "ack" {
                acked += 1;
            } else {
                assert_eq!(
                    (&frame["code"], &frame["retry_after_ms"]),
                    (&json!("rate_limited"), &json!(10_000))
                );
                refused += 1;
            }
        }
    }
    assert_eq!((acked, refused), (7, 993));
    let page = minicom
        .conversation(
            &user("eve"),
            &Target::Participant(user("eve").participant),
            minicom_core::PageRequest::latest(),
        )
        .await
        .unwrap();
    assert_eq!(page.last_seq.0, 7, "what was refused was not stored");
    // One more after the time that was told, on whichever socket.
    tokio::time::advance(10 * SECOND).await;
    flood[13].send(say(5_000));
    assert_eq!(answer(&mut flood[13]).await["type"], "ack");
    flood[14].send(say(5_001));
    assert_eq!(answer(&mut flood[14]).await["code"], "rate_limited");
}

#[tokio::test(start_paused = true)]
async fn frames_and_reads_are_counted_and_the_socket_lives_on() {
    let minicom = minicom(|limits| {
        limits.workspace.agent.frames = Rate::new(5, 5 * SECOND);
        limits.workspace.agent.reads = Rate::new(2, 20 * SECOND);
    });
    let mut ben = Client::connect(&minicom, &agent("ben"));
    for (frame, code) in [
        (json!({"type": "list", "client_id": "1"}), Value::Null),
        (json!({"type": "search", "query": "x", "client_id": "2"}), Value::Null),
        (json!({"type": "list", "client_id": "3"}), json!("rate_limited")),
        (json!({"type": "search", "query": "x", "client_id": "4"}), json!("rate_limited")),
        (json!({"type": "ping", "client_id": "5"}), Value::Null),
        (json!({"type": "ping", "client_id": "6"}), json!("rate_limited")),
        (json!("nonsense"), json!("rate_limited")),
    ] {
        ben.send(&frame);
        let answer = answer(&mut ben).await;
        assert_eq!((&answer["code"], &answer["client_id"]), (&code, &frame["client_id"]), "{answer}");
    }
    tokio::time::advance(SECOND).await;
    ben.send(json!({"type": "ping"}));
    assert_eq!(answer(&mut ben).await["type"], "pong");
}

#[tokio::test(start_paused = true)]
async fn conversations_begin_so_often_and_those_that_there_are_go_on() {
    let minicom = minicom(|limits| limits.workspace.conversations = Rate::new(1, 60 * SECOND));
    let (mut ann, _) = Client::user(&minicom, "ann").await;
    let (mut bob, _) = Client::user(&minicom, "bob").await;
    ann.send(say(1));
    assert_eq!(answer(&mut ann).await["type"], "ack");
    bob.send(say(1));
    let refused = answer(&mut bob).await;
    assert_eq!((&refused["code"], &refused["retry_after_ms"]), (&json!("rate_limited"), &json!(60_000)));
    ann.send(say(2));
    assert_eq!(answer(&mut ann).await["type"], "ack");
    // What the host does itself is not counted.
    for text in ["a", "b", "c"] {
        let target = Target::Participant(user("bob").participant);
        minicom.execute(&user("bob"), &target, Command::message(text)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn so_many_sockets_of_a_household_and_of_a_workspace_are_open() {
    let minicom = minicom(|limits| {
        limits.address.sockets = 2;
        limits.workspace.sockets = 3;
    });
    let from = |name, remote: &str| Client::connect_from(&minicom, &user(name), remote.parse().unwrap());
    let mut first = from("ann", "203.0.113.7");
    let mut second = from("bob", "203.0.113.7");
    let mut third = from("cid", "203.0.113.8");
    for client in [&mut first, &mut second, &mut third] {
        assert_eq!(client.frame().await["type"], "history");
    }
    for (name, remote) in [("dan", "203.0.113.7"), ("eve", "203.0.113.9")] {
        assert_eq!(closed(&mut from(name, remote)).await, (4429, "too_many;retry_after_ms=10000".into()));
    }
    drop(second);
    tokio::time::sleep(5 * SECOND).await;
    assert_eq!(from("dan", "203.0.113.7").frame().await["type"], "history");
}

#[tokio::test(start_paused = true)]
async fn sockets_open_so_often_by_one_and_by_a_whole_workspace() {
    let minicom = minicom(|limits| {
        limits.workspace.visitor.connects = Rate::new(2, 30 * SECOND);
        limits.workspace.all_visitors.connects = Rate::new(3, 30 * SECOND);
    });
    let mut elsewhere = user("ann");
    elsewhere.workspace = WorkspaceId::new("elsewhere").unwrap();
    for (who, waits) in [
        (user("ann"), None),
        (user("ann"), None),
        (user("ann"), Some("too_many;retry_after_ms=15000")),
        (user("bob"), None),
        (user("cid"), Some("too_many;retry_after_ms=10000")),
        (elsewhere, None),
        (agent("ben"), None),
    ] {
        let mut client = Client::connect(&minicom, &who);
        if let Some(reason) = waits {
            assert_eq!(closed(&mut client).await, (4429, reason.into()));
        } else {
            client.send(json!({"type": "ping"}));
            assert_eq!(answer(&mut client).await["type"], "pong");
        }
    }
    tokio::time::advance(15 * SECOND).await;
    assert_eq!(Client::connect(&minicom, &user("ann")).frame().await["type"], "history");
}

/// What all of a workspace do together is used up by many, each of whom does little; it has figures of its own, too.
#[tokio::test(start_paused = true)]
async fn a_workspace_that_floods_takes_nothing_from_another() {
    let mut own = WorkspaceRates::default();
    own.all_visitors.messages = Rate::new(5, 50 * SECOND);
    own.sockets = 12;
    let loud = WorkspaceId::new("loud").unwrap();
    let minicom = Minicom::builder()
        .store(MemoryStore::new())
        .rate_limits(RateLimits::default())
        .workspace(loud.clone(), WorkspaceSettings::default().rates(own))
        .build()
        .unwrap();
    let (mut flood, mut acked) = (Vec::new(), 0);
    for number in 0..12 {
        let mut who = user(&format!("eve{number}"));
        who.workspace = loud.clone();
        let mut eve = Client::connect(&minicom, &who);
        eve.send(say(number));
        acked += usize::from(answer(&mut eve).await["type"] == "ack");
        flood.push(eve);
    }
    assert_eq!(acked, 5);
    let mut one_more = user("eve");
    one_more.workspace = loud;
    assert_eq!(closed(&mut Client::connect(&minicom, &one_more)).await.0, 4429, "no room for a socket");
    for number in 0..20 {
        let (mut ann, _) = Client::user(&minicom, &format!("ann{number}")).await;
        ann.send(say(number));
        assert_eq!(answer(&mut ann).await["type"], "ack");
    }
}

async fn closed(client: &mut Client) -> (u16, String) {
    match client.next().await {
        Some(Outgoing::Close { code, reason }) => (code.code(), reason),
        other => panic!("a close was expected, not {other:?}"),
    }
}

/// Believes one token.
#[derive(Debug)]
struct OneToken;

#[async_trait::async_trait]
impl Authenticator for OneToken {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        match request.token.as_deref() {
            None => Err(AuthError::Missing),
            Some("right") => Ok(user("ann")),
            Some(_) => Err(AuthError::Unauthenticated),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_that_are_guessed_are_soon_not_looked_at() {
    let mut limits = RateLimits::default();
    limits.address.auth_failures = Rate::new(3, 30 * SECOND);
    let builder = Minicom::builder().store(MemoryStore::new()).authenticator(OneToken).rate_limits(limits);
    let minicom = builder.build().unwrap();
    let ask = async |token: &str, remote: &str| {
        let mut request = AuthRequest::new(AuthTarget::Rest);
        request.token = Some(token.into());
        request.remote = Some(remote.parse().unwrap());
        minicom.authenticate(&request).await
    };
    // Over a socket and over REST alike.
    let mut request = AuthRequest::new(AuthTarget::Socket);
    request.remote = Some("203.0.113.7".parse().unwrap());
    let mut socket = Client::connect_with(&minicom, Admission::Pending(request.clone()), 8);
    socket.send(json!({"type": "auth", "token": "wrong"}));
    assert_eq!(socket.close_code().await, 4501);
    for _ in 0..2 {
        assert!(matches!(ask("wrong", "203.0.113.7").await, Err(AuthError::Unauthenticated)));
    }
    let barred = ask("right", "203.0.113.7").await.unwrap_err();
    assert_eq!(barred.retry_after(), Some(10 * SECOND));
    let mut socket = Client::connect_with(&minicom, Admission::Pending(request), 8);
    socket.send(json!({"type": "auth", "token": "right"}));
    assert_eq!(closed(&mut socket).await, (4429, "too_many;retry_after_ms=10000".into()));
    // Who brings none, or sits elsewhere, is none of it.
    assert!(ask("right", "203.0.113.8").await.is_ok());
    tokio::time::advance(10 * SECOND).await;
    assert!(ask("right", "203.0.113.7").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn who_comes_too_often_is_told_when_to_come_back() {
    let minicom = minicom(|_| {});
    let retry_after = Duration::from_millis(1_500);
    let mut refused = Client::connect_with(&minicom, Admission::TooMany { retry_after }, 8);
    assert_eq!(closed(&mut refused).await, (4429, "too_many;retry_after_ms=1500".into()));
}

#[test]
fn nothing_is_counted_where_the_path_says_who_it_is() {
    let by_path = minicom_core::PathIdentity::new("127.0.0.1:8000".parse().unwrap()).unwrap();
    let builder = || Minicom::builder().store(MemoryStore::new());
    assert_eq!(builder().build().unwrap().rate_limits(), Some(&RateLimits::default()));
    assert_eq!(builder().without_rate_limits().build().unwrap().rate_limits(), None);
    assert_eq!(builder().authenticator(by_path.clone()).build().unwrap().rate_limits(), None);
    let limited = builder().authenticator(by_path).rate_limits(RateLimits::default()).build().unwrap();
    assert_eq!(limited.rate_limits(), Some(&RateLimits::default()));
}
