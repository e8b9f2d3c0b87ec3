//! Plain HTTP: methods, paths, bodies, connections, and the host's own page beside ours.

use super::Fixture;
use crate::adapter::{HOST_PAGE, HOST_TEXT, http::Line, kit};

/// 405, with what is allowed.
pub async fn other_methods_are_refused(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for (method, path, allowed) in [
        ("POST", "/", "GET, HEAD"),
        ("OPTIONS", "/desk", "GET, HEAD"),
        ("DELETE", "/favicon.svg", "GET, HEAD"),
        ("PATCH", "/healthz", "GET, HEAD"),
        ("POST", "/api/users/", "GET, HEAD, OPTIONS"),
        ("PUT", "/api/session", "GET, HEAD, OPTIONS"),
        ("POST", "/ws", "GET"),
        ("HEAD", "/ws/chat/user/ann/", "GET"),
        ("BREW", "/healthz", "GET, HEAD"),
    ] {
        let refused = server.ask(method, path, &[]).await;
        assert_eq!((refused.status, refused.header("allow")), (405, Some(allowed)), "{method} {path}");
    }
}

/// What is not ours is the host's to answer.
pub async fn other_paths_are_the_hosts(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let host = server.get(HOST_PAGE).await;
    assert_eq!((host.status, host.text()), (200, HOST_TEXT));
    for path in [
        "/nothing",
        "/desk.html",
        "/assets",
        "/assets/",
        "/assets/none.js",
        "/assets/../desk",
        "/ws/chat",
        "/ws/chat/user",
        "/ws/chat/user/a/b/",
        "/api",
        "/api/users/ann",
        "//",
        "//desk",
    ] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
}

/// A body that nobody asked for harms nobody.
pub async fn bodies_do_not_matter(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut line = Line::open(server.address).await;
    let head = line.head("GET", "/healthz", &[("content-length", "5")]);
    line.send(format!("{head}hello").as_bytes()).await;
    assert_eq!(line.reply("GET").await.text(), "ok");

    let mut line = Line::open(server.address).await;
    let head = line.head("POST", "/api/users/", &[("transfer-encoding", "chunked")]);
    line.send(format!("{head}5\r\nhello\r\n0\r\n\r\n").as_bytes()).await;
    assert_eq!(line.reply("POST").await.status, 405);

    // Answered before it is all there, and whether or not the rest is read.
    let mut line = Line::open(server.address).await;
    let head = line.head("GET", "/healthz", &[("content-length", "8388608")]);
    line.send(head.as_bytes()).await;
    line.send(&vec![b'x'; 64 << 10]).await;
    assert_eq!(line.reply("GET").await.text(), "ok");
    assert_eq!(server.get("/healthz").await.status, 200);
}

/// One connection, several requests, a socket at last.
pub async fn connections_are_kept(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut line = Line::open(server.address).await;
    for path in ["/", HOST_PAGE, "/healthz", "/api/users/", "/favicon.svg"] {
        assert_eq!(line.ask("GET", path, &[]).await.status, 200, "{path}");
    }
    let headers = [
        ("upgrade", "websocket"),
        ("connection", "upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    assert_eq!(line.ask("GET", "/ws/chat/user/ann/", &headers).await.status, 101);
    let mut socket = line.into_socket().await;
    socket.expect("history").await;
    socket.is_alive_and_silent().await;
}

/// Sent together, answered in order.
pub async fn requests_may_come_together(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let mut line = Line::open(server.address).await;
    let requests = [("GET", "/healthz"), ("HEAD", "/desk"), ("GET", "/nothing"), ("GET", "/api/session")];
    let all: String = requests.iter().map(|(method, path)| line.head(method, path, &[])).collect();
    line.send(all.as_bytes()).await;
    let mut statuses = Vec::new();
    for (method, _) in requests {
        statuses.push(line.reply(method).await.status);
    }
    assert_eq!(statuses, [200, 200, 404, 200]);
}

/// As a client sends them to a proxy.
pub async fn absolute_addresses(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    let address = format!("http://{}", server.address);
    for path in ["/healthz", "/desk", HOST_PAGE] {
        assert_eq!(server.get(&format!("{address}{path}")).await.status, 200, "{path}");
    }
}
