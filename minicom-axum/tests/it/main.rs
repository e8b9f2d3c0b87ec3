//! Ways to put the router into an axum server that the suite for adapters does not try: a fallback of the host's own, and
//! axum's other ways to nest.

// One client for all adapters.
#[path = "../../../minicom-web/tests/it/client.rs"]
mod client;

use std::net::SocketAddr;

use axum::{Router, routing::get};
use client::{Client, http};
use minicom_core::{MemoryStore, Minicom, PathIdentity};
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
async fn merged_it_leaves_the_rest_to_the_hosts_own_fallback() {
    let host = Router::new().route("/basket", get(async || "empty")).fallback(async || "the host's own");
    let address = serve(host.merge(minicom_axum::router(minicom()))).await;
    talk(address, "").await;
    assert_eq!(http(address, "GET", "/index.html", &[]).await.status, 200);
    assert_eq!(http(address, "GET", "/basket", &[]).await.text(), "empty");
    assert_eq!(http(address, "GET", "/elsewhere", &[]).await.text(), "the host's own");
    assert_eq!(http(address, "GET", "/assets/none.js", &[]).await.status, 404);
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
