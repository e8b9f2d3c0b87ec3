//! Starting, refusing to start, and stopping.

use std::{ffi::OsStr, time::Instant};

use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    client::{Client, http},
    desk::{Desk, command, fails},
};

fn arguments<const N: usize>(texts: [&str; N]) -> [&OsStr; N] {
    texts.map(OsStr::new)
}

#[tokio::test]
async fn it_refuses_an_address_that_others_can_reach() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8000"] {
        let ended = fails(command(&arguments(["--store", "memory", "--listen", address]))).await;
        assert_eq!(ended.code, Some(2), "{address}: {ended:?}");
        for hint in
            [address, "loopback", "--auth login", "--auth jwt", "--jwt-audience", "MINICOM_JWT_SECRET"]
        {
            assert!(ended.stderr.contains(hint), "{hint}: {ended:?}");
        }
        assert_eq!(ended.stderr.lines().count(), 2, "why, and what to do: {ended:?}");
    }
    let unknown = fails(command(&arguments(["--store", "paper"]))).await;
    assert_eq!(unknown.code, Some(2));
    let other = fails(command(&arguments(["--framework", "rails"]))).await;
    assert_eq!(other.code, Some(2));
    let no_origin = fails(command(&arguments(["--allow-origin", "shop.example"]))).await;
    assert_eq!(no_origin.code, Some(2));
}

#[tokio::test]
async fn what_it_cannot_have_is_one_clear_line() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let port = fails(command(&arguments(["--store", "memory", "--listen", &address]))).await;
    assert_eq!((port.code, port.stderr.lines().count()), (Some(1), 1), "{port:?}");
    assert!(port.stderr.contains(&address) && port.stderr.contains("in use"), "{port:?}");

    let folder = TempDir::new().expect("a folder");
    let text = folder.path().join("letter.txt");
    std::fs::write(&text, "Dear reader, this is not a database. ".repeat(40)).expect("written");
    for path in [folder.path().join("none/minicom.db"), text] {
        let listen = ["--listen", "127.0.0.1:0", "--db"].map(OsStr::new);
        let db = fails(command(&[&listen[..], &[path.as_os_str()]].concat())).await;
        assert_eq!((db.code, db.stderr.lines().count()), (Some(1), 1), "{db:?}");
        assert!(db.stderr.contains(&*path.to_string_lossy()), "{db:?}");
    }
}

#[tokio::test]
async fn the_environment_chooses_too() {
    let mut by_environment = command(&[]);
    by_environment.env("MINICOM_LISTEN", "127.0.0.1:0").env("MINICOM_STORE", "memory");
    by_environment.env("MINICOM_ALLOW_ORIGIN", "https://a.example,https://b.example");
    by_environment.env("MINICOM_RESPONDER", "none").env("MINICOM_FRAMEWORK", "warp");
    let desk = Desk::spawn(by_environment).await;
    for (origin, status) in [("https://b.example", None), ("https://c.example", Some(403))] {
        let connected = Client::try_connect(desk.address, "/ws/chat/user/ann/", &[("origin", origin)]).await;
        assert_eq!(connected.err(), status, "{origin}");
    }
    desk.signal("INT");
    assert_eq!(desk.ended().await.code, Some(0));
}

#[tokio::test]
async fn the_widget_looks_and_speaks_as_was_chosen() {
    let looks = ["--widget-accent", "#0f766e", "--widget-side", "start", "--widget-offset", "12,80"];
    let texts =
        ["--widget-title", "Lamps & Co", "--widget-greeting", "Which lamp?", "--widget-intro", "Ask us."];
    let mut chosen = command(&[arguments(looks), arguments(texts)].concat());
    chosen.env("MINICOM_LISTEN", "127.0.0.1:0").env("MINICOM_STORE", "memory");
    chosen.env("MINICOM_WIDGET_ICON", "mail").env("MINICOM_WIDGET_THEME", "dark");
    chosen.env("MINICOM_WIDGET_Z_INDEX", "-3").env("MINICOM_WIDGET_LAUNCHER", "Ask the shop");
    // What is said on the command line goes before the environment.
    chosen.env("MINICOM_WIDGET_SIDE", "end");
    let desk = Desk::spawn(chosen).await;
    let answer = http(desk.address, "GET", "/api/widget", &[]).await.json();
    let expected = json!({
        "accent": "#0f766e", "side": "start", "offset": {"inline": 12, "block": 80}, "icon": "mail", "theme": "dark",
        "zIndex": -3, "title": "Lamps & Co", "greeting": "Which lamp?", "intro": "Ask us.", "launcher": "Ask the shop",
    });
    assert_eq!(answer, expected);

    for (option, value, hint) in [
        ("--widget-accent", "red", "#rrggbb"),
        ("--widget-offset", "401,0", "400"),
        ("--widget-offset", "20", "INLINE,BLOCK"),
        ("--widget-side", "left", "start, end"),
        ("--widget-title", " ", "200 characters"),
    ] {
        let refused = fails(command(&arguments(["--store", "memory", option, value]))).await;
        assert_eq!(refused.code, Some(2), "{option} {value}: {refused:?}");
        assert!(refused.stderr.contains(hint), "{option} {value}: {refused:?}");
    }
}

#[tokio::test]
async fn with_axum_it_serves_and_stops_and_keeps_what_was_said() {
    serves_and_stops_and_keeps_what_was_said("axum").await;
}

#[tokio::test]
async fn with_warp_it_serves_and_stops_and_keeps_what_was_said() {
    serves_and_stops_and_keeps_what_was_said("warp").await;
}

async fn serves_and_stops_and_keeps_what_was_said(framework: &str) {
    let folder = TempDir::new().expect("a folder");
    let db = folder.path().join("minicom.db");
    let start = arguments(["--framework", framework, "--listen", "127.0.0.1:0", "--db"]);
    let desk = Desk::spawn(command(&[&start[..], &[db.as_os_str()]].concat())).await;
    assert_eq!(http(desk.address, "GET", "/healthz", &[]).await.text(), "ok");
    for path in ["/", "/desk"] {
        assert_eq!(http(desk.address, "GET", path, &[]).await.status, 200, "{path}");
    }
    let mut ann = Client::connect(desk.address, "/ws/chat/user/ann/").await;
    let mut ben = Client::connect(desk.address, "/ws/chat/admin/ben/").await;
    ann.expect("history").await;
    ann.send(json!({"type": "message", "message": "hello", "client_id": "1"})).await;
    ann.expect_all(["ack", "message"]).await;
    ben.send(json!({"type": "message", "to": "ann", "message": "hi", "client_id": "1"})).await;
    ben.expect("ack").await;
    ann.expect("message").await;

    desk.signal("TERM");
    let restart = (1012, "restart".to_owned());
    assert_eq!((ann.closed().await, ben.closed().await), (restart.clone(), restart));
    let ended = desk.ended().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").flatten().collect();
    assert_eq!(left.len(), 1, "nothing but the database: {left:?}");

    let desk = Desk::start(&db).await;
    let mut ann = Client::connect(desk.address, "/ws/chat/user/ann/").await;
    let messages = ann.expect("history").await["messages"].clone();
    assert_eq!((&messages[0]["content"], &messages[1]["content"]), (&json!("hello"), &json!("hi")));
}

#[tokio::test]
async fn no_client_can_keep_axum_from_stopping() {
    no_client_can_keep_it_from_stopping("axum").await;
}

#[tokio::test]
async fn no_client_can_keep_warp_from_stopping() {
    no_client_can_keep_it_from_stopping("warp").await;
}

async fn no_client_can_keep_it_from_stopping(framework: &str) {
    let start = ["--framework", framework, "--store", "memory", "--listen", "127.0.0.1:0"];
    let desk = Desk::spawn(command(&arguments(start))).await;
    // One that never finishes its request, one that never reads, and one that never answers the close frame.
    let mut slow = TcpStream::connect(desk.address).await.expect("a server");
    slow.write_all(b"GET / HTTP/1.1\r\nhost:").await.expect("written");
    let mut deaf = Client::connect(desk.address, "/ws/chat/user/deaf/").await;
    for _ in 0..200 {
        deaf.send(json!({"type": "message", "message": "x".repeat(10_000)})).await;
    }
    let mut mute = TcpStream::connect(desk.address).await.expect("a server");
    let handshake = "GET /ws/chat/user/mute/ HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                     sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    mute.write_all(handshake.as_bytes()).await.expect("written");
    let mut answer = [0; 12];
    mute.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 101");

    let asked = Instant::now();
    desk.signal("TERM");
    let ended = desk.ended().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(asked.elapsed().as_secs_f32() < 6.5, "{:?}", asked.elapsed());
}

#[tokio::test]
async fn with_axum_a_drain_refuses_who_comes_serves_who_is_there_and_a_second_signal_ends_it() {
    a_drain_can_be_hurried("axum").await;
}

#[tokio::test]
async fn with_warp_a_drain_refuses_who_comes_serves_who_is_there_and_a_second_signal_ends_it() {
    a_drain_can_be_hurried("warp").await;
}

async fn a_drain_can_be_hurried(framework: &str) {
    let folder = TempDir::new().expect("a folder");
    let db = folder.path().join("minicom.db");
    let start = ["--framework", framework, "--listen", "127.0.0.1:0", "--drain-seconds", "65535", "--db"];
    let desk = Desk::spawn(command(&[&arguments(start)[..], &[db.as_os_str()]].concat())).await;
    // One of a hundred sockets has more than ten minutes left, whatever the others drew.
    let mut visitors = Vec::new();
    for n in 0..100 {
        let mut visitor = Client::connect(desk.address, &format!("/ws/chat/user/visitor-{n}/")).await;
        visitor.expect("history").await;
        visitors.push((n, visitor));
    }
    desk.signal("TERM");
    // Until it has heard of it, it lets people in.
    loop {
        match Client::try_connect(desk.address, "/ws/chat/user/late/", &[]).await {
            Ok(mut early) => early.close().await,
            Err(status) => break assert_eq!(status, 503),
        }
    }
    assert_eq!(http(desk.address, "GET", "/healthz", &[]).await.text(), "ok", "it lives");
    let mut answered = Vec::new();
    for (n, visitor) in &mut visitors {
        visitor.send(json!({"type": "message", "message": "still here", "client_id": "1"})).await;
        let Some(frame) = visitor.try_next().await else { continue };
        assert!(["ack", "message"].contains(&frame["type"].as_str().expect("a type")), "{frame}");
        answered.push(*n);
    }
    assert!(answered.len() > 50, "an hour has not passed: {}", answered.len());
    desk.signal("TERM");
    assert_eq!(desk.ended().await.code, Some(1), "ended at once");

    let desk = Desk::start(&db).await;
    for n in answered {
        let mut visitor = Client::connect(desk.address, &format!("/ws/chat/user/visitor-{n}/")).await;
        assert_eq!(visitor.expect("history").await["messages"][0]["content"], "still here");
    }
}

#[tokio::test]
async fn an_interrupt_waits_for_nobody() {
    let start = ["--store", "memory", "--listen", "127.0.0.1:0", "--drain-seconds", "65535"];
    let desk = Desk::spawn(command(&arguments(start))).await;
    let mut ann = Client::connect(desk.address, "/ws/chat/user/ann/").await;
    desk.signal("INT");
    assert_eq!(ann.closed().await, (1012, "restart".to_owned()));
    assert_eq!(desk.ended().await.code, Some(0));
}

/// A command that inherits a socket as systemd hands it over.
#[cfg(unix)]
fn with_socket(socket: &std::net::TcpListener, arguments: &[&OsStr]) -> tokio::process::Command {
    let plain = command(arguments);
    let mut shell = tokio::process::Command::new("sh");
    shell.args(["-c", r#"export LISTEN_FDS=1 LISTEN_PID=$$; exec "$0" "$@" 3<&0 </dev/null"#]);
    shell.arg(plain.as_std().get_program()).args(plain.as_std().get_args());
    for (name, value) in plain.as_std().get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.stdin(std::os::fd::OwnedFd::from(socket.try_clone().expect("a socket"))).kill_on_drop(true);
    shell.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    shell
}

#[cfg(unix)]
#[tokio::test]
async fn who_comes_between_two_processes_on_one_socket_waits_and_is_let_in() {
    for framework in ["axum", "warp"] {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = socket.local_addr().expect("an address");
        // What it would listen on otherwise is taken.
        let start = arguments(["--framework", framework, "--store", "memory", "--listen", "127.0.0.1:1"]);
        let old = Desk::spawn(with_socket(&socket, &start)).await;
        assert_eq!(old.address, address);
        drop(Client::connect(address, "/ws/chat/user/ann/").await);
        old.signal("TERM");
        assert_eq!(old.ended().await.code, Some(0));
        let waiting = tokio::spawn(async move { Client::connect(address, "/ws/chat/user/ann/").await });
        // It is connected before anybody is there to accept it.
        drop(TcpStream::connect(address).await.expect("the queue"));
        let new = Desk::spawn(with_socket(&socket, &start)).await;
        waiting.await.expect("let in").expect("history").await;
        new.signal("TERM");
        assert_eq!(new.ended().await.code, Some(0));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn an_inherited_socket_that_others_can_reach_is_refused_like_any() {
    let socket = std::net::TcpListener::bind("0.0.0.0:0").expect("a port");
    let ended = fails(with_socket(&socket, &arguments(["--store", "memory"]))).await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("loopback"), "{ended:?}");
    let datagrams = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let mut wrong = with_socket(&socket, &arguments(["--store", "memory"]));
    wrong.stdin(std::os::fd::OwnedFd::from(datagrams));
    let ended = fails(wrong).await;
    assert_eq!((ended.code, ended.stderr.lines().count()), (Some(2), 1), "{ended:?}");
}

/// What systemd's `Type=notify` waits for.
#[cfg(unix)]
#[tokio::test]
async fn whoever_started_it_is_told_when_it_is_ready_and_when_it_stops() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("notify");
    let notices = tokio::net::UnixDatagram::bind(&path).expect("a socket");
    let mut start = command(&arguments(["--store", "memory", "--listen", "127.0.0.1:0"]));
    start.env("NOTIFY_SOCKET", &path);
    let desk = Desk::spawn(start).await;
    let told = async || {
        let mut text = [0; 64];
        let length = tokio::time::timeout(crate::client::PATIENCE, notices.recv(&mut text)).await;
        let length = length.expect("in time").expect("a notice");
        String::from_utf8_lossy(&text[..length]).trim().to_owned()
    };
    assert_eq!(told().await, "READY=1");
    desk.signal("TERM");
    assert_eq!(told().await, "STOPPING=1");
    assert_eq!(desk.ended().await.code, Some(0));
}
