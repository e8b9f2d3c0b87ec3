//! What a client may do to a socket, and what becomes of it.

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use super::Fixture;
use crate::adapter::kit;

const KIB: usize = 1024;

/// Over 64 KiB is refused, and the socket lives on.
pub async fn too_large_is_an_error(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut ann = server.visitor("ann").await;
    for size in [64 * KIB + 1, 1024 * KIB] {
        ann.send_raw(Message::text("x".repeat(size))).await;
        assert_eq!(ann.expect("error").await["code"], "too_large", "{size}");
    }
    ann.send(json!({"type": "message", "message": "short"})).await;
    assert_eq!(ann.words().await, "short");
}

/// Over 1 MiB closes with 1009, whole or in pieces.
pub async fn far_too_large_is_the_end(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut whole = server.visitor("ann").await;
    whole.send_raw(Message::text("x".repeat(1024 * KIB + 1))).await;
    assert_eq!(whole.closed().await, 1009);

    let mut pieces = server.visitor("bob").await;
    let piece = "x".repeat(600 * KIB);
    pieces.send_piece(piece.as_bytes(), true, false).await;
    pieces.send_piece(piece.as_bytes(), false, true).await;
    assert_eq!(pieces.closed().await, 1009);
}

/// Frames are text.
pub async fn binary_is_not_spoken(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut ann = server.visitor("ann").await;
    ann.send_raw(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(ann.closed().await, 1003);
}

/// A message may come in pieces that split a character, with pings between them.
pub async fn pieces_with_pings_between(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut ann = server.visitor("ann").await;
    let text = json!({"type": "message", "message": "Gr\u{fc}\u{df}e"}).to_string();
    let last = text.len() - 1;
    for (at, byte) in text.bytes().enumerate() {
        ann.send_piece(&[byte], at == 0, at == last).await;
        if at % 10 == 0 {
            ann.send_raw(Message::Ping(vec![byte].into())).await;
        }
    }
    assert_eq!(ann.words().await, "Gr\u{fc}\u{df}e");
}

/// With what they brought.
pub async fn pings_are_answered(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut ann = server.visitor("ann").await;
    ann.send_raw(Message::Ping(b"still there?".to_vec().into())).await;
    loop {
        match ann.message().await.expect("an open socket") {
            Message::Pong(payload) => return assert_eq!(&payload[..], b"still there?"),
            Message::Ping(_) => {}
            other => panic!("a pong was expected, not {other:?}"),
        }
    }
}

/// A close frame is answered with one, and then the connection ends.
pub async fn goodbye_is_answered(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut ann = server.visitor("ann").await;
    let goodbye = CloseFrame { code: CloseCode::Normal, reason: "bye".into() };
    ann.send_raw(Message::Close(Some(goodbye))).await;
    assert_eq!(ann.closed().await, 1000);
}

/// No UTF-8: 1007. No mask: 1002.
pub async fn nonsense_is_told(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut ann = server.visitor("ann").await;
    ann.send_piece(&[0xff, 0xfe], true, true).await;
    assert_eq!(ann.closed().await, 1007);

    let mut bob = server.visitor("bob").await;
    bob.stream().write_all(b"\x81\x02hi").await.expect("a server that reads");
    assert_eq!(bob.closed().await, 1002);
}
