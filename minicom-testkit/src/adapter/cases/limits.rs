//! How much an address may do, how the address is known that stands behind a proxy, and who is banned.

use std::time::Duration;

use minicom_core::{
    AddressBan, AgentRole, Ban, Identity, ParticipantId, Rate, RateLimits, Target, WorkspaceId,
};
use minicom_web::{TrustedProxies, WebOptions};

use super::Fixture;
use crate::adapter::kit::{self, Header, Server};

const BEARER: Header<'_> = ("authorization", "Bearer user:ann");
/// Nothing comes back while a case runs.
const LONG: Duration = Duration::from_hours(10);

async fn limited(fixture: &Fixture, change: impl FnOnce(&mut RateLimits)) -> Server {
    let mut limits = RateLimits::default();
    change(&mut limits);
    Server::limited(fixture, &limits, WebOptions::default()).await
}

/// Too many requests are answered 429 with `Retry-After`, whatever they ask for; a check of health is none.
pub async fn requests_of_an_address(fixture: &Fixture) {
    let server = limited(fixture, |limits| limits.address.requests = Rate::new(3, LONG)).await;
    for path in ["/", "/api/session", "/healthz", "/api/widget", "/healthz"] {
        assert_ne!(server.ask("GET", path, &[BEARER]).await.status, 429, "{path}");
    }
    for path in ["/", "/api/session", "/api/widget", "/assets/nothing"] {
        let reply = server.ask("GET", path, &[BEARER]).await;
        if path == "/assets/nothing" {
            assert_eq!(reply.status, 404, "what is not ours is not counted");
        } else {
            assert_eq!((reply.status, reply.header("retry-after")), (429, Some("12000")), "{path}");
            assert_eq!(reply.json()["code"], "rate_limited");
        }
    }
    assert_eq!(server.get("/healthz").await.status, 200);
}

/// A handshake too many is accepted and closed with 4429, which says when to come back.
pub async fn handshakes_of_an_address(fixture: &Fixture) {
    let server = limited(fixture, |limits| limits.address.connects = Rate::new(2, LONG)).await;
    for _ in 0..2 {
        server.socket_with("/ws", &[BEARER]).await.expect("history").await;
    }
    let (code, reason) = server.socket_with("/ws", &[BEARER]).await.closed_with().await;
    let wait = reason.strip_prefix("too_many;retry_after_ms=").and_then(|wait| wait.parse::<u64>().ok());
    // It rounds up, and some time has passed.
    assert!(wait.is_some_and(|wait| (17_000_000..=18_000_000).contains(&wait)), "{reason}");
    assert_eq!(code, 4429);
    assert_eq!(server.ask("GET", "/api/session", &[BEARER]).await.status, 200);
}

/// So many sockets of an address are open, and one that ends makes room.
pub async fn sockets_of_an_address(fixture: &Fixture) {
    let server = limited(fixture, |limits| {
        limits.address.sockets = 2;
        // How often it is tried until a place is free is not what is asked here.
        limits.address.connects = Rate::new(u32::MAX, LONG);
        limits.address.requests = Rate::new(u32::MAX, LONG);
    })
    .await;
    let mut first = server.socket_with("/ws", &[BEARER]).await;
    let mut second = server.socket_with("/ws", &[BEARER]).await;
    first.expect("history").await;
    second.expect("history").await;
    assert_eq!(server.close_of("/ws", &[BEARER]).await, 4429);
    second.is_alive_and_silent().await;
    drop(first);
    loop {
        let mut again = server.socket_with("/ws", &[BEARER]).await;
        if again.opens().await {
            break;
        }
    }
}

/// Tokens that are guessed are soon not looked at, over REST and at the socket, not even the right one.
pub async fn guesses_of_an_address(fixture: &Fixture) {
    let server = limited(fixture, |limits| limits.address.auth_failures = Rate::new(2, LONG)).await;
    let wrong = ("authorization", "Bearer nonsense");
    assert_eq!(server.ask("GET", "/api/session", &[wrong]).await.status, 401);
    assert_eq!(server.close_of("/ws", &[wrong]).await, 4501);
    assert_eq!(server.ask("GET", "/api/session", &[BEARER]).await.status, 429);
    assert_eq!(server.close_of("/ws", &[BEARER]).await, 4429);
    assert_eq!(server.ask("GET", "/api/session", &[]).await.status, 401, "who brings none guesses nothing");
}

/// What the people of a workspace have used up is refused them alone, over REST and at the socket.
pub async fn one_workspace_takes_nothing_from_another(fixture: &Fixture) {
    let server = limited(fixture, |limits| {
        limits.workspace.all_agents.reads = Rate::new(1, LONG);
        limits.workspace.all_agents.connects = Rate::new(1, LONG);
    })
    .await;
    for (who, status, close) in [
        ("Bearer admin:ann#loud", 200, None),
        ("Bearer admin:bob#loud", 429, Some(4429)),
        ("Bearer admin:bob#calm", 200, None),
    ] {
        let with = [("authorization", who)];
        let reply = server.ask("GET", "/api/users/", &with).await;
        assert_eq!(reply.status, status, "{who}");
        assert!(status == 200 || reply.header("retry-after").is_some(), "{who}");
        match close {
            Some(code) => assert_eq!(server.close_of("/ws", &with).await, code, "{who}"),
            None => server.socket_with("/ws", &with).await.is_alive_and_silent().await,
        }
    }
}

/// Behind a proxy that is trusted each client has his own limits; the word of any other is not heard.
pub async fn a_trusted_proxy_says_who_is_behind_it(fixture: &Fixture) {
    let mut limits = RateLimits::default();
    limits.address.requests = Rate::new(1, LONG);
    let own = "127.0.0.0/8".parse().expect("a range");
    let options = WebOptions::default().trusted_proxies(TrustedProxies::default().allow(own));
    let behind = Server::limited(fixture, &limits, options).await;
    let direct = Server::limited(fixture, &limits, WebOptions::default()).await;
    for (client, status, unheard) in [
        ("203.0.113.1", 200, 200),
        ("203.0.113.2", 200, 429),
        ("203.0.113.1", 429, 429),
        ("203.0.113.3, 203.0.113.1", 429, 429),
        ("203.0.113.1, 203.0.113.3", 200, 429),
    ] {
        let from = [("x-forwarded-for", client)];
        assert_eq!(behind.ask("GET", "/api/widget", &from).await.status, status, "{client}");
        assert_eq!(direct.ask("GET", "/api/widget", &from).await.status, unheard, "{client}");
    }
}

fn supervisor() -> Identity {
    let sue = ParticipantId::new("sue").expect("a name");
    Identity::agent(WorkspaceId::default(), sue).with_agent_role(AgentRole::Supervisor)
}

/// A ban of an address ends its visitors' sockets at once, with 4505, and lets none in, by whatever way; agents stay.
pub async fn a_banned_address_is_let_nowhere(fixture: &Fixture) {
    let server = kit::by_token(fixture).await;
    let agent = ("authorization", "Bearer admin:ben");
    let mut ann = server.socket_with("/ws", &[BEARER]).await;
    ann.expect("history").await;
    let mut ben = server.socket_with("/ws", &[agent]).await;
    ben.is_alive_and_silent().await;
    let here = "127.0.0.0/8".parse().expect("a range");
    let ban = AddressBan::new(here, Ban::new("spam"));
    server.minicom.ban_address(&supervisor(), ban).await.expect("banned");
    assert_eq!(ann.closed_with().await, (4505, "banned".into()));
    assert_eq!(server.close_of("/ws", &[BEARER]).await, 4505);
    assert_eq!(
        server.ask("GET", "/api/session", &[BEARER]).await.status,
        200,
        "the page learns it at the socket"
    );
    let refused = server.ask("POST", "/api/chat/user/ann/handoff", &[BEARER]).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &"banned".into()));
    ben.is_alive_and_silent().await;
    server.minicom.lift_address_ban(&supervisor(), here).await.expect("lifted");
    server.socket_with("/ws", &[BEARER]).await.expect("history").await;
}

/// So does a ban of a visitor, wherever he comes from; what he asks for over REST is refused and not done.
pub async fn a_banned_visitor_is_let_nowhere(fixture: &Fixture) {
    let server = kit::by_token(fixture).await;
    server.say("ann", "hello").await;
    let mut ann = server.socket_with("/ws", &[BEARER]).await;
    ann.expect("history").await;
    let his = Target::Participant(ParticipantId::new("ann").expect("a name"));
    server.minicom.ban(&supervisor(), &his, Ban::new("spam"), false).await.expect("banned");
    assert_eq!(ann.closed_with().await, (4505, "banned".into()));
    assert_eq!(server.close_of("/ws", &[BEARER]).await, 4505);
    let refused = server.ask("POST", "/api/chat/user/ann/handoff", &[BEARER]).await;
    assert_eq!((refused.status, &refused.json()["code"]), (403, &"banned".into()));
    server.socket_with("/ws", &[("authorization", "Bearer user:bob")]).await.expect("history").await;
    server.minicom.lift_ban(&supervisor(), &his).await.expect("lifted");
    assert_eq!(server.kinds_of_events("ann").await, ["message"], "bans are told to agents alone");
}
