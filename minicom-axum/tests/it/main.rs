//! The router in an axum server: merged, nested, and with the host's own session.

// One client for all adapters.
#[path = "../../../minicom-web/tests/it/client.rs"]
mod client;

use std::net::SocketAddr;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    routing::get,
};
use client::{Client, http};
use minicom_core::{Identity, MemoryStore, Minicom, ParticipantId, PathIdentity, WorkspaceId};
use minicom_web::WebOptions;
use serde_json::json;
use tokio::net::TcpListener;

fn minicom() -> Minicom {
    let identity = PathIdentity::new("127.0.0.1:1".parse().expect("an address")).expect("loopback");
    Minicom::builder().store(MemoryStore::new()).authenticator(identity).build().expect("a store")
}

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn talk(address: SocketAddr, mount: &str) {
    let mut ann = Client::connect(address, &format!("{mount}/ws/chat/user/a%2Fb%40example.com/")).await;
    ann.expect("history").await;
    ann.send(json!({"type": "message", "message": "hello", "client_id": "1"})).await;
    let said = ann.expect_all(["ack", "message"]).await;
    assert_eq!(said["message"]["message"]["email"], "a/b@example.com");
    let users = http(address, "GET", &format!("{mount}/api/users/"), &[]).await;
    assert_eq!(users.json(), json!(["a/b@example.com"]));
}

#[tokio::test]
async fn merged_it_serves_every_path_and_leaves_the_rest_to_the_host() {
    let host = Router::new().route("/basket", get(async || "empty")).fallback(async || "the host's own");
    let address = serve(host.merge(minicom_axum::router(minicom()))).await;
    talk(address, "").await;
    for path in [
        "/",
        "/index.html",
        "/desk",
        "/favicon.svg",
        "/api/users",
        "/api/session",
        "/api/session/",
        "/healthz",
    ] {
        assert_eq!(http(address, "GET", path, &[]).await.status, 200, "{path}");
    }
    let page = http(address, "GET", "/", &[("accept-encoding", "br")]).await;
    assert_eq!(page.header("content-encoding"), Some("br"));
    assert!(page.header("content-security-policy").is_some());
    let head = http(address, "HEAD", "/", &[]).await;
    let whole = http(address, "GET", "/", &[]).await.body.len().to_string();
    assert_eq!((head.status, head.header("content-length")), (200, Some(whole.as_str())));
    let refused = http(address, "POST", "/", &[]).await;
    assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
    let moved = http(address, "GET", "/desk/", &[]).await;
    assert_eq!((moved.status, moved.header("location")), (308, Some("../desk")));
    assert_eq!(http(address, "GET", "/basket", &[]).await.text(), "empty");
    assert_eq!(http(address, "GET", "/elsewhere", &[]).await.text(), "the host's own");
    assert_eq!(http(address, "GET", "/assets/none.js", &[]).await.status, 404);
    let no_email = Client::connect(address, "/ws/chat/user//").await.closed().await;
    assert_eq!(no_email, (4503, "forbidden".into()));
    let stranger = Client::try_connect(address, "/ws", &[("origin", "https://evil.example")]).await;
    assert_eq!(stranger.err(), Some(403));
}

#[tokio::test]
async fn nested_its_pages_find_what_they_load() {
    let chat = || minicom_axum::router(minicom());
    let host = || Router::new().route("/", get(async || "the shop"));
    for (app, pages) in [
        (host().nest("/chat", chat()), ["/chat/index.html", "/chat/desk"]),
        (host().nest_service("/chat", chat()), ["/chat/", "/chat/desk"]),
        (host().nest("/chat/", chat()), ["/chat/", "/chat/desk"]),
    ] {
        let address = serve(app).await;
        assert_eq!(http(address, "GET", "/", &[]).await.text(), "the shop");
        for path in pages {
            let page = http(address, "GET", path, &[]).await;
            assert_eq!(page.status, 200, "{path}");
            // Relative, so that they mean files below the mount whatever it is called.
            let script =
                page.text().split('"').find(|link| link.starts_with("./assets/")).expect("a file").to_owned();
            let file = script.strip_prefix("./assets/").expect("a relative link");
            assert_eq!(http(address, "GET", &format!("/chat/assets/{file}"), &[]).await.status, 200);
        }
        let moved = http(address, "GET", "/chat/desk/", &[]).await;
        assert_eq!((moved.status, moved.header("location")), (308, Some("../desk")));
        talk(address, "/chat").await;
    }
    for app in [host().nest("/chat", chat()), host().nest_service("/chat", chat())] {
        let address = serve(app).await;
        let moved = http(address, "GET", "/chat", &[]).await;
        assert_eq!((moved.status, moved.header("location")), (307, Some("./chat/index.html")));
    }
}

#[tokio::test]
async fn the_hosts_middleware_says_who_it_is() {
    async fn session(mut request: Request, next: Next) -> axum::response::Response {
        let name =
            request.headers().get("x-name").and_then(|name| ParticipantId::new(name.to_str().ok()?).ok());
        if let Some(name) = name {
            request.extensions_mut().insert(Identity::user(WorkspaceId::default(), name));
        }
        next.run(request).await
    }
    let minicom = Minicom::builder().store(MemoryStore::new()).build().expect("a store");
    let options = WebOptions::default();
    let app = Router::new()
        .nest_service("/chat", minicom_axum::router_with(minicom.clone(), options))
        .layer(middleware::from_fn(session));
    let address = serve(app).await;
    let mut ann = Client::connect_with(address, "/chat/ws", &[("x-name", "ann")]).await;
    ann.expect("history").await;
    let session = http(address, "GET", "/chat/api/session", &[("x-name", "ann")]).await.json();
    assert_eq!((&session["mode"], &session["email"]), (&json!("session"), &json!("ann")));
    assert_eq!(http(address, "GET", "/chat/api/users/", &[("x-name", "ann")]).await.status, 403);
    assert_eq!(Client::connect(address, "/chat/ws").await.closed().await.0, 4501);

    let ((), close) = tokio::join!(minicom.shutdown(), ann.closed());
    assert_eq!(close, (1012, "restart".into()));
}
