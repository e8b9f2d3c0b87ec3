//! What a client may do to a socket, and what becomes of it, besides what the suite for adapters tries.

use std::time::Duration;

use minicom_core::{Limits, Minicom, PathIdentity};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, time::timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::{client::Client, server};

const KIB: usize = 1024;

async fn ann() -> Client {
    let server = server::by_path().await;
    let mut ann = Client::connect(server.address, "/ws/chat/user/ann/").await;
    ann.expect("history").await;
    ann
}

#[tokio::test]
async fn over_the_soft_limit_is_an_error_and_the_socket_lives_on() {
    let mut ann = ann().await;
    for size in [64 * KIB + 1, 1024 * KIB] {
        ann.send_raw(Message::text("x".repeat(size))).await;
        assert_eq!(ann.expect("error").await["code"], "too_large");
    }
    let longest = json!({"type": "ping", "x": ""}).to_string();
    let padded = longest.replace(r#""x":"""#, &format!(r#""x":"{}""#, "x".repeat(64 * KIB - longest.len())));
    assert_eq!(padded.len(), 64 * KIB);
    ann.send_raw(Message::text(padded)).await;
    ann.expect("pong").await;
}

#[tokio::test]
async fn a_close_frame_arrives_though_the_client_keeps_talking() {
    let server = server::by_token().await;
    let mut talker = Client::connect(server.address, "/ws/chat/user/ann/").await;
    for _ in 0..30 {
        talker.send_raw(Message::text("x".repeat(60 * KIB))).await;
    }
    assert_eq!(talker.closed().await.0, 4501);
}

#[tokio::test]
async fn pings_of_a_client_that_never_reads_do_not_pile_up() {
    // A masked ping of 125 bytes, many of them.
    let ping: Vec<u8> = [0x89, 0xfd, 0, 0, 0, 0].into_iter().chain([b'x'; 125]).collect();
    let chunk = ping.repeat(500);
    let mut ann = ann().await;
    let mut taken = 0;
    let stream = ann.stream();
    // The server stops reading once the kernel holds all the pongs that it will.
    while timeout(Duration::from_secs(1), stream.write_all(&chunk)).await.is_ok_and(|written| written.is_ok())
    {
        taken += chunk.len();
        assert!(taken < 128 * KIB * KIB, "it takes pings without end");
    }
}

#[tokio::test]
async fn who_answers_pings_stays_and_who_does_not_is_gone() {
    let mut limits = Limits::default();
    limits.ping_every = Duration::from_millis(50);
    let identity = PathIdentity::new("127.0.0.1:1".parse().expect("an address")).expect("loopback");
    let server = server::serve(Minicom::builder().authenticator(identity).limits(limits)).await;
    let mut absent = Client::connect(server.address, "/ws/chat/user/absent/").await;
    let mut present = Client::connect(server.address, "/ws/chat/user/present/").await;
    // Long enough for somebody who does not read, and so does not answer.
    present.pinged(6).await;
    present.send(json!({"type": "message", "message": "still here"})).await;
    assert_eq!(absent.closed().await, (4407, "unresponsive".into()));
    present.pinged(6).await;
}

#[tokio::test]
async fn a_drain_closes_every_socket_after_its_answers() {
    let server = server::by_path().await;
    let mut ann = Client::connect(server.address, "/ws/chat/user/ann/").await;
    let mut ben = Client::connect(server.address, "/ws/chat/admin/ben/").await;
    let mut waiting = Client::connect(server.address, "/ws/chat/user/bob/").await;
    ann.expect("history").await;
    waiting.expect("history").await;
    ben.expect_silence().await;
    ann.send(json!({"type": "message", "message": "last", "client_id": "1"})).await;
    ann.expect_all(["ack", "message"]).await;
    let close = (1012, "restart".to_owned());
    let ((), at_ann, at_ben, at_waiting) =
        tokio::join!(server.minicom.shutdown(), ann.closed(), ben.closed(), waiting.closed());
    assert_eq!((&at_ann, &at_ben, &at_waiting), (&close, &close, &close));
    let late = Client::try_connect(server.address, "/ws/chat/user/ann/", &[]).await;
    assert_eq!(late.err(), Some(503));
    let users: Value = crate::client::http(server.address, "GET", "/api/users/", &[]).await.json();
    assert_eq!(users, json!(["ann"]));
}

#[tokio::test]
async fn who_comes_while_it_drains_is_told_when_to_come_back_and_the_others_go_on() {
    let server = server::by_path().await;
    let mut ann = Client::connect(server.address, "/ws/chat/user/ann/").await;
    ann.expect("history").await;
    let drain = tokio::spawn({
        let minicom = server.minicom.clone();
        async move { minicom.drain(Duration::from_hours(1)).await }
    });
    while !server.minicom.is_draining() {
        tokio::task::yield_now().await;
    }
    let handshake = [
        ("upgrade", "websocket"),
        ("connection", "Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    for path in ["/ws", "/ws/chat/user/bob/", "/ws/chat/nobody/bob/"] {
        let refused = crate::client::http(server.address, "GET", path, &handshake).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{path}");
        assert_eq!(refused.json()["code"], "unavailable");
    }
    // What is no handshake is told so, and what is no socket is served.
    assert_eq!(crate::client::http(server.address, "GET", "/ws", &handshake[..3]).await.status, 400);
    assert_eq!(crate::client::http(server.address, "GET", "/", &[]).await.status, 200);
    ann.send(json!({"type": "message", "message": "still here", "client_id": "1"})).await;
    ann.expect_all(["ack", "message"]).await;
    // In a hurry after all.
    server.minicom.drain(Duration::ZERO).await;
    assert_eq!(ann.closed().await, (1012, "restart".to_owned()));
    drain.await.expect("over");
}
