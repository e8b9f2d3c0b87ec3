//! Ten thousand connections of people who mean no good, some hundreds at a time, and somebody who chats meanwhile. What they
//! took is given back: file descriptors and rooms are counted. A binary of its own, because descriptors are the process's.
#![cfg(target_os = "linux")]

#[path = "it/client.rs"]
mod client;
#[path = "it/server.rs"]
mod server;

use std::{fs, net::SocketAddr, time::Duration};

use client::{Client, PATIENCE, http};
use minicom_core::{Limits, Minicom, PathIdentity};
use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep},
};

const CONNECTIONS: usize = 10_000;
const AT_ONCE: usize = 250;

/// A whole handshake, but for the empty line at its end.
fn handshake(address: SocketAddr, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
}

/// A connection that was done harm with, still open on this side.
async fn attack(address: SocketAddr, kind: usize, number: usize) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(address).await.expect("a server that accepts");
    let whole = handshake(address, "/ws/chat/user/ann/") + "\r\n";
    match kind {
        // Half open: says nothing.
        0 => {}
        1 => write(&mut stream, b"\0\x16\x03 nonsense \xff\xfe\r\n\r\n").await,
        // A handshake that never ends, a byte more each time one looks.
        2 => write(&mut stream, &handshake(address, "/ws").as_bytes()[..number % 120]).await,
        // Let in, and never reads.
        3 => {
            write(&mut stream, whole.as_bytes()).await;
            let ask = br#"{"type":"get_conversation"}"#;
            let mut frame = vec![0x81, 0x80 | u8::try_from(ask.len()).expect("short"), 0, 0, 0, 0];
            frame.extend(ask);
            write(&mut stream, &frame.repeat(3)).await;
        }
        // Gone with a reset, in the middle of the handshake or after it.
        4 => {
            write(&mut stream, whole.as_bytes()).await;
            stream.set_zero_linger().expect("a socket's option");
            return None;
        }
        // Let in by what the path says, and sends what is no frame.
        5 => {
            write(&mut stream, whole.as_bytes()).await;
            write(&mut stream, &[0xff; 64]).await;
        }
        // Nobody: lets the server wait for a first frame.
        6 => write(&mut stream, (handshake(address, "/ws") + "\r\n").as_bytes()).await,
        // A head that never ends.
        _ => {
            write(&mut stream, b"GET /healthz HTTP/1.1\r\n").await;
            write(&mut stream, "x-a: b\r\n".repeat(200).as_bytes()).await;
        }
    }
    Some(stream)
}

/// A server may have had enough of it before all is written.
async fn write(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("the kernel's own listing").count()
}

/// Waits until something is as it was. How long it takes is not judged, but that it comes to pass.
async fn until(what: &str, is: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE * 12;
    while !is() {
        assert!(Instant::now() < end, "{what}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_who_mean_no_good_leave_nothing_behind() {
    let mut limits = Limits::default();
    limits.room_idle = Duration::ZERO;
    let loopback = PathIdentity::new("127.0.0.1:1".parse().expect("an address")).expect("loopback");
    let server = server::serve(Minicom::builder().authenticator(loopback).limits(limits)).await;
    let address = server.address;
    // Somebody with a little history, which those who never read are sent again and again.
    let mut ann = Client::connect(address, "/ws/chat/user/ann/").await;
    ann.expect("history").await;
    for _ in 0..20 {
        ann.send(json!({"type": "message", "message": "x".repeat(500)})).await;
        ann.expect("message").await;
    }
    ann.close().await;
    drop(ann);
    until("the room closes", || server.minicom.open_rooms() == 0).await;
    let before = descriptors();

    for batch in 0..CONNECTIONS / AT_ONCE {
        let mut attackers = JoinSet::new();
        for number in 0..AT_ONCE {
            attackers.spawn(attack(address, number % 8, batch + number));
        }
        let mut open = Vec::new();
        while let Some(attacker) = attackers.join_next().await {
            open.extend(attacker.expect("no attacker panics"));
        }
        // They are all still there, and others are answered.
        assert_eq!(http(address, "GET", "/healthz", &[]).await.text(), "ok");
        let mut bob = Client::connect(address, "/ws/chat/user/bob/").await;
        bob.expect("history").await;
        bob.send(json!({"type": "message", "message": format!("still there? {batch}")})).await;
        bob.expect("message").await;
        bob.close().await;
        // Half of them go politely, the others are torn off.
        for (number, mut stream) in open.into_iter().enumerate() {
            if number % 2 == 0 {
                let _ = stream.shutdown().await;
                let _ = stream.try_read(&mut [0; 64]);
            } else {
                stream.set_zero_linger().expect("a socket's option");
            }
        }
    }
    until("every room is closed", || server.minicom.open_rooms() == 0).await;
    until("every descriptor is given back", || descriptors() <= before).await;

    let mut ann = Client::connect(address, "/ws/chat/user/ann/").await;
    assert_eq!(ann.expect("history").await["last_seq"], 20);
    let mut bob = Client::connect(address, "/ws/chat/user/bob/").await;
    assert_eq!(bob.expect("history").await["last_seq"], CONNECTIONS / AT_ONCE);
}
