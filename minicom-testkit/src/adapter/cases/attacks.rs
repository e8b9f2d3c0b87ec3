//! What strangers send: each row of `adapter::attacks`, with its answer. After each table the server answers others.

use minicom_core::{Identity, ParticipantId, WorkspaceId};
use minicom_jwt::JwtAuthenticator;
use minicom_web::{WebOptions, WorkspaceOptions};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use super::Fixture;
use crate::adapter::{
    attack::Opens,
    attacks::{self, SHOP, tokens},
    http::Line,
    kit::{self, Server},
    people::Tokens,
};

async fn besieged(fixture: &Fixture) -> Server {
    let options = WebOptions::default().allow_origin(SHOP.parse().expect("an origin"));
    let server = Server::start(fixture, Tokens::default(), options, None).await;
    server.say("ann", "hi").await;
    server
}

async fn stands(server: &Server) {
    assert_eq!(server.get("/healthz").await.text(), "ok");
    assert_eq!(server.kinds_of_events("ann").await, ["message"], "nobody changed anything");
}

/// Who, from where, and in what words.
pub async fn handshakes(fixture: &Fixture) {
    let server = besieged(fixture).await;
    for row in attacks::handshakes::ALL {
        assert_eq!(row.tried(&server).await, row.opens, "{}", row.what);
    }
    stands(&server).await;
}

/// Tokens that somebody signed: in the handshake, in a first frame and over REST they are judged alike.
pub async fn tokens(fixture: &Fixture) {
    let people = JwtAuthenticator::new(tokens::keys(), tokens::AUDIENCE);
    let lamps = WorkspaceOptions::new(WorkspaceId::new(tokens::LAMPS).expect("a workspace")).by_path();
    let server = Server::start(fixture, people, WebOptions::default().workspace(lamps), None).await;
    server.say("ann", "hi").await;
    for row in tokens::ALL {
        let (what, token) = (row.what, (row.token)());
        let bearer = format!("Bearer {token}");
        let with = [("authorization", bearer.as_str())];
        let (code, status) = match row.opens {
            Opens::Closed(4503) => (Some(4503), 403),
            Opens::Closed(code) => (Some(code), 401),
            _ => (None, 200),
        };
        let path = format!("{}/ws", row.mount);
        let mut at_once = server.socket_with(&path, &with).await;
        assert_eq!(at_once.refused_with().await, code, "{what}");
        let mut later = server.socket(&path).await;
        later.send(json!({"type": "auth", "token": token})).await;
        assert_eq!(later.refused_with().await, code, "{what}, in a first frame");
        let session = server.ask("GET", &format!("{}/api/session", row.mount), &with).await;
        assert_eq!(session.status, status, "{what}, over REST");
    }
    stands(&server).await;
}

/// REST: who, from where, and how. Nobody but an allowed page is told that it may read.
pub async fn requests(fixture: &Fixture) {
    let server = besieged(fixture).await;
    for row in attacks::requests::ALL {
        let reply = row.tried(&server).await;
        assert_eq!(reply.status, row.status, "{}", row.what);
        let allowed = row.headers.contains(&("origin", SHOP)) && row.status == 204;
        assert_eq!(reply.header("access-control-allow-origin"), allowed.then_some(SHOP), "{}", row.what);
        assert_eq!(reply.header("access-control-allow-private-network"), None, "{}", row.what);
        assert_eq!(reply.header("set-cookie"), None, "{}", row.what);
    }
    stands(&server).await;
}

/// Another workspace has its own list, and its visitors their own conversations, whatever they are called.
pub async fn workspaces(fixture: &Fixture) {
    let server = besieged(fixture).await;
    let eve = ("authorization", "Bearer elsewhere:eve");
    assert_eq!(server.ask("GET", "/api/users/", &[eve]).await.json(), json!([]));
    let mut eve = server.socket_with("/ws", &[eve]).await;
    assert_eq!(eve.watch("ann").await["messages"], json!([]));
    let namesake = ("authorization", "Bearer stranger:ann");
    let mut namesake = server.socket_with("/ws/chat/user/ann/", &[namesake]).await;
    assert_eq!(namesake.expect("history").await["messages"], json!([]));
    namesake.send(json!({"type": "message", "message": "elsewhere"})).await;
    assert_eq!(namesake.words().await, "elsewhere");
    assert_eq!(eve.words().await, "elsewhere");
    let workspace = WorkspaceId::new("elsewhere").expect("a workspace");
    let owner = Identity::agent(workspace, ParticipantId::new("eve").expect("a name"));
    let participants = server.minicom.participants(&owner).await.expect("a list");
    assert_eq!(participants, [ParticipantId::new("ann").expect("a name")]);
    stands(&server).await;
}

/// Paths that lead out of what is served, or around who may see it.
pub async fn targets(fixture: &Fixture) {
    let server = besieged(fixture).await;
    for target in attacks::requests::TARGETS {
        let mut line = Line::open(server.address).await;
        let head = line.head("GET", target, &[]);
        line.send(head.as_bytes()).await;
        let status = line.status().await;
        assert!(matches!(status, 400 | 404), "{target}: {status}");
    }
    stands(&server).await;
}

/// Bytes that two readers could take for different requests.
pub async fn heads(fixture: &Fixture) {
    let server = besieged(fixture).await;
    for row in attacks::raw::ALL {
        let status = row.tried(&server).await;
        assert!(row.statuses.contains(&status), "{}: {status}", row.what);
    }
    stands(&server).await;
}

/// More headers, and longer ones, than anybody needs.
pub async fn oversized_heads(fixture: &Fixture) {
    let server = besieged(fixture).await;
    let many = "x-a: y\r\n".repeat(5_000);
    let long = format!("x-long: {}\r\n", "y".repeat(4 << 20));
    let target = format!("/{}", "a".repeat(1 << 20));
    for (target, headers) in [("/healthz", many.as_str()), ("/healthz", &long), (&target, "")] {
        let mut line = Line::open(server.address).await;
        let head = format!("GET {target} HTTP/1.1\r\nhost: {}\r\n{headers}\r\n", server.address);
        line.send(head.as_bytes()).await;
        let status = line.status().await;
        assert!(matches!(status, 0 | 400 | 404 | 414 | 431), "{} bytes: {status}", head.len());
    }
    stands(&server).await;
}

/// A length beside chunks: the chunks count, or nothing does. What a reader of the length would take for a part of the
/// body must not become a request of its own, nor the other way round.
pub async fn a_length_beside_chunks_smuggles_nothing(fixture: &Fixture) {
    let server = besieged(fixture).await;
    let act = "POST /api/chat/user/ann/handoff HTTP/1.1\r\nhost: h\r\nx-test-identity: user:ann\r\n\r\n";
    for framing in [
        format!("content-length: {}\r\ntransfer-encoding: chunked", 5 + act.len()),
        format!("transfer-encoding: chunked\r\ncontent-length: {}", 5 + act.len()),
    ] {
        let mut line = Line::open(server.address).await;
        let chunk = format!("{:x}\r\n{act}\r\n0\r\n\r\n", act.len());
        let head = format!("POST /api/session HTTP/1.1\r\nhost: {}\r\n{framing}\r\n\r\n", server.address);
        line.send(format!("{head}{chunk}").as_bytes()).await;
        let status = line.status().await;
        assert!(matches!(status, 0 | 400 | 405), "{framing}: {status}");
    }
    stands(&server).await;
}

/// What RFC 6455 forbids ends the socket with the code that it names.
pub async fn frames(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for row in attacks::frames::ALL {
        let mut socket = server.visitor("mallory").await;
        socket.stream().write_all(row.bytes).await.expect("a server that reads");
        assert_eq!(socket.closed().await, row.closes, "{}", row.what);
    }
    server.say("ann", "hi").await;
    stands(&server).await;
}
