//! Being let in, and not.

use std::time::Duration;

use minicom_core::{Limits, Minicom, Role};
use minicom_web::WebOptions;
use serde_json::json;

use crate::{
    client::{Client, http},
    server::{self, Server, Tokens, identity},
};

const KEY: (&str, &str) = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
const UPGRADE: (&str, &str) = ("upgrade", "websocket");
const CONNECTION: (&str, &str) = ("connection", "Upgrade");
const VERSION: (&str, &str) = ("sec-websocket-version", "13");

async fn close_of(server: &Server, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    Client::connect_with(server.address, path, headers).await.closed().await
}

#[tokio::test]
async fn a_handshake_is_answered_or_told_what_is_wrong() {
    let address = server::by_path().await.address;
    let path = "/ws/chat/user/ann/";
    let accepted = http(address, "GET", path, &[UPGRADE, CONNECTION, VERSION, KEY]).await;
    assert_eq!(accepted.status, 101);
    assert_eq!(accepted.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(accepted.header("upgrade"), Some("websocket"));

    let old = http(address, "GET", path, &[UPGRADE, CONNECTION, ("sec-websocket-version", "8"), KEY]).await;
    assert_eq!((old.status, old.header("sec-websocket-version")), (426, Some("13")));
    let plain = http(address, "GET", path, &[]).await;
    assert_eq!((plain.status, plain.header("upgrade")), (426, Some("websocket")));
    let bad_key =
        http(address, "GET", path, &[UPGRADE, CONNECTION, VERSION, ("sec-websocket-key", "x")]).await;
    assert_eq!(bad_key.status, 400);
    let no_key = http(address, "GET", path, &[UPGRADE, CONNECTION, VERSION]).await;
    assert_eq!(no_key.status, 400);
}

#[tokio::test]
async fn strangers_pages_may_not_connect() {
    let options = WebOptions::default().allow_origin("https://shop.example".parse().expect("an origin"));
    let server = server::serve_with(Minicom::builder().authenticator(Tokens), options, None).await;
    let own = format!("http://{}", server.address);
    let own_by_tls = format!("https://{}", server.address);
    let ann = ("authorization", "Bearer user:ann");
    for (origin, allowed) in [
        (None, true),
        (Some(own.as_str()), true),
        (Some(own_by_tls.as_str()), true),
        (Some("https://shop.example"), true),
        (Some("http://127.0.0.1"), false),
        (Some("https://evil.example"), false),
        (Some("https://shop.example.evil.example"), false),
        (Some("null"), false),
    ] {
        let mut headers = vec![ann];
        headers.extend(origin.map(|origin| ("origin", origin)));
        for path in ["/ws", "/ws/chat/user/ann/"] {
            let connected = Client::try_connect(server.address, path, &headers).await;
            assert_eq!(connected.err(), (!allowed).then_some(403), "{origin:?} at {path}");
        }
    }
}

#[tokio::test]
async fn the_email_is_one_segment_decoded_once() {
    let server = server::by_path().await;
    let long = "a".repeat(254);
    for (segment, email) in [
        ("ann%40example.com", "ann@example.com"),
        ("ann@example.com", "ann@example.com"),
        ("a%2Fb", "a/b"),
        ("a+b", "a+b"),
        ("a%2Bb", "a+b"),
        ("%2541", "%41"),
        ("%F0%9F%8C%B5", "\u{1f335}"),
        (&long, &long),
    ] {
        for slash in ["", "/"] {
            let mut ann = Client::connect(server.address, &format!("/ws/chat/user/{segment}{slash}")).await;
            ann.expect("history").await;
            ann.send(json!({"type": "message", "message": "hi"})).await;
            let said = ann.expect("message").await;
            assert_eq!(said["message"]["email"], email, "{segment}");
        }
    }
    let too_long = "a".repeat(255);
    for segment in ["%zz", "%ff", "%", "a%0Ab", "", &too_long] {
        let close = close_of(&server, &format!("/ws/chat/user/{segment}/"), &[]).await;
        assert_eq!(close, (4503, "forbidden".into()), "{segment}");
    }
    assert_eq!(Client::try_connect(server.address, "/ws/chat/user/a/b/", &[]).await.err(), Some(404));
}

#[tokio::test]
async fn a_refusal_is_a_socket_that_is_closed_at_once() {
    let server = server::by_token().await;
    let token = |token: &str| ("authorization", format!("Bearer {token}"));
    for (path, who, close) in [
        ("/ws/chat/user/ann/", "nobody", (4501, "unauthenticated")),
        ("/ws", "nobody", (4501, "unauthenticated")),
        ("/ws/chat/user/ann/", "expired", (4401, "expired")),
        ("/ws/chat/user/ann/", "down", (4430, "unavailable;retry_after_ms=1000")),
        ("/ws/chat/user/ann/", "user:bob", (4503, "forbidden")),
        ("/ws/chat/admin/ann/", "user:ann", (4503, "forbidden")),
        ("/ws/chat/user/ben/", "admin:ben", (4503, "forbidden")),
        ("/ws/chat/ai/ann/", "user:ann", (4504, "unknown_role")),
        ("/ws/chat/%zz/ann/", "user:ann", (4504, "unknown_role")),
        ("/ws/chat/Admin/ann/", "admin:ann", (4504, "unknown_role")),
    ] {
        let (name, value) = token(who);
        let got = close_of(&server, path, &[(name, &value)]).await;
        assert_eq!(got, (close.0, close.1.to_owned()), "{who} at {path}");
    }
    assert_eq!(close_of(&server, "/ws/chat/user/ann/", &[]).await.0, 4501, "a path without a token");
    let by_path = server::by_path().await;
    assert_eq!(close_of(&by_path, "/ws/chat/owner/ann/", &[]).await.0, 4504);
    assert_eq!(close_of(&by_path, "/ws", &[]).await.0, 4501);
    let (name, value) = token("admin:ben");
    Client::connect_with(server.address, "/ws/chat/admin/dummy/", &[(name, &value)])
        .await
        .expect_silence()
        .await;
}

#[tokio::test]
async fn the_hosts_own_session_is_who_it_is() {
    let ann = identity(Role::User, "ann@example.com");
    let server = server::serve_with(Minicom::builder(), WebOptions::default(), Some(ann)).await;
    for path in ["/ws", "/ws/", "/ws/chat/user/ann%40example.com/"] {
        Client::connect(server.address, path).await.expect("history").await;
    }
    assert_eq!(close_of(&server, "/ws/chat/user/bob/", &[]).await.0, 4503);
    assert_eq!(close_of(&server, "/ws/chat/admin/dummy/", &[]).await.0, 4503);
}

#[tokio::test]
async fn a_first_frame_may_say_who_it_is() {
    let mut limits = Limits::default();
    limits.auth_within = Duration::from_millis(300);
    let server = server::serve(Minicom::builder().authenticator(Tokens).limits(limits)).await;

    let mut ann = Client::connect(server.address, "/ws").await;
    ann.send(json!({"type": "auth", "token": "user:ann", "client_id": "a"})).await;
    assert_eq!(ann.expect("ack").await["client_id"], "a");
    ann.expect("history").await;

    let mut liar = Client::connect(server.address, "/ws").await;
    liar.send(json!({"type": "auth", "token": "nobody"})).await;
    assert_eq!(liar.closed().await.0, 4501);

    let mut hasty = Client::connect(server.address, "/ws").await;
    hasty.send(json!({"type": "message", "message": "hi"})).await;
    assert_eq!(hasty.closed().await.0, 4501);

    assert_eq!(close_of(&server, "/ws", &[]).await, (4501, "unauthenticated".into()), "said nothing in time");
}
