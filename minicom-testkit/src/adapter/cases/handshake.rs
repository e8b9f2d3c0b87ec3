//! The opening handshake, byte by byte.

use serde_json::Value;

use super::Fixture;
use crate::adapter::{
    http::Line,
    kit::{self, Header},
};

const PATH: &str = "/ws/chat/user/ann/";
const UPGRADE: Header<'_> = ("upgrade", "websocket");
const CONNECTION: Header<'_> = ("connection", "Upgrade");
const VERSION: Header<'_> = ("sec-websocket-version", "13");
/// The key of RFC 6455 section 1.3, and what answers it.
const KEY: Header<'_> = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// The example of the RFC.
pub async fn is_answered(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let answer = server.ask("GET", PATH, &[UPGRADE, CONNECTION, VERSION, KEY]).await;
    assert_eq!((answer.status, answer.header("sec-websocket-accept")), (101, Some(ACCEPT)));
    for name in ["upgrade", "connection"] {
        let value = answer.header(name).expect(name).to_ascii_lowercase();
        assert_eq!(value, if name == "upgrade" { "websocket" } else { "upgrade" });
    }
}

/// 426 for what is no handshake or another version, 400 for a wrong key; and never silence.
pub async fn what_is_wrong_is_told(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for path in ["/ws", PATH] {
        for (headers, status) in [
            (&[][..], 426),
            (&[CONNECTION, VERSION, KEY], 426),
            (&[UPGRADE, VERSION, KEY], 426),
            (&[("upgrade", "h2c"), CONNECTION, VERSION, KEY], 426),
            (&[UPGRADE, CONNECTION, KEY], 426),
            (&[UPGRADE, CONNECTION, ("sec-websocket-version", "8"), KEY], 426),
            (&[UPGRADE, CONNECTION, VERSION], 400),
            (&[UPGRADE, CONNECTION, VERSION, ("sec-websocket-key", "short")], 400),
            (&[UPGRADE, CONNECTION, VERSION, KEY, KEY], 400),
        ] {
            let refused = server.ask("GET", path, headers).await;
            assert_eq!(refused.status, status, "{headers:?} at {path}");
            assert_eq!(refused.json()["code"], "bad_request");
            if status == 426 {
                assert_eq!(refused.header("sec-websocket-version"), Some("13"));
                assert_eq!(refused.header("upgrade"), Some("websocket"));
            }
        }
        let posted = server.ask("POST", path, &[UPGRADE, CONNECTION, VERSION, KEY]).await;
        assert_eq!(posted.status, 405);
    }
}

/// HTTP/1.0 has no upgrades.
pub async fn takes_no_old_http(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut line = Line::open(server.address).await;
    let head = line.head("GET", PATH, &[UPGRADE, CONNECTION, VERSION, KEY]).replace("HTTP/1.1", "HTTP/1.0");
    line.send(head.as_bytes()).await;
    assert_eq!(line.reply("GET").await.status, 426);
}

/// A client that does not wait for the answer loses nothing.
pub async fn takes_bytes_that_came_with_it(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut line = Line::open(server.address).await;
    let mut bytes = line.head("GET", PATH, &[UPGRADE, CONNECTION, VERSION, KEY]).into_bytes();
    // A whole text of 15 bytes under a mask of zeros.
    bytes.extend_from_slice(b"\x81\x8f\0\0\0\0");
    bytes.extend_from_slice(br#"{"type":"ping"}"#);
    line.send(&bytes).await;
    assert_eq!(line.reply("GET").await.status, 101);
    let mut socket = line.into_socket().await;
    socket.expect("history").await;
    assert_eq!(socket.expect("pong").await["client_id"], Value::Null);
}

/// As Firefox and proxies send it.
pub async fn takes_lists_and_any_case(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let headers = [("Upgrade", "WebSocket"), ("Connection", "keep-alive, upgrade"), VERSION, KEY];
    assert_eq!(server.ask("GET", PATH, &headers).await.status, 101);
}
