//! The same below `/chat`.

use serde_json::json;

use super::Fixture;
use crate::adapter::{HOST_PAGE, HOST_TEXT, kit};

const ANN: (&str, &str) = ("authorization", "Bearer user:ann");

/// Links of the pages are relative, so they hold anywhere.
pub async fn pages_and_what_they_load(fixture: &Fixture) {
    let server = kit::below_chat(fixture).await;
    for path in ["/chat/index.html", "/chat/desk"] {
        let page = server.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for link in page.text().split('"').filter_map(|link| link.strip_prefix("./assets/")) {
            assert_eq!(server.get(&format!("/chat/assets/{link}")).await.status, 200, "{link}");
        }
    }
    assert_eq!(server.get("/chat/").await.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(server.get("/chat/desk/").await.header("location"), Some("../desk"));
}

/// Every path of a socket.
pub async fn sockets(fixture: &Fixture) {
    let server = kit::below_chat(fixture).await;
    for path in ["/chat/ws", "/chat/ws/", "/chat/ws/chat/user/ann/", "/chat/ws/chat/user/ann"] {
        server.socket_with(path, &[ANN]).await.expect("history").await;
    }
    assert_eq!(server.close_of("/chat/ws/chat/user/bob/", &[ANN]).await, 4503);
}

/// REST and health.
pub async fn rest(fixture: &Fixture) {
    let server = kit::below_chat(fixture).await;
    server.say("ann", "hi").await;
    let ben = ("authorization", "Bearer admin:ben");
    for path in ["/chat/api/users/", "/chat/api/users"] {
        assert_eq!(server.ask("GET", path, &[ben]).await.json(), json!(["ann"]));
    }
    assert_eq!(server.ask("GET", "/chat/api/session", &[ANN]).await.json()["email"], "ann");
    assert_eq!(server.get("/chat/healthz").await.text(), "ok");
}

/// At `/chat` the page's relative links would mean files beside it, so the client is led below it.
pub async fn without_a_slash_leads_in(fixture: &Fixture) {
    let server = kit::below_chat(fixture).await;
    for method in ["GET", "HEAD"] {
        let moved = server.ask(method, "/chat", &[]).await;
        assert_eq!(moved.status, 307, "{method}");
        let place = moved.header("location").and_then(|place| place.strip_prefix("./chat/"));
        let page = server.get(&format!("/chat/{}", place.expect("a place below the mount"))).await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    }
    assert_eq!(server.ask("POST", "/chat", &[]).await.status, 405);
}

/// Nothing of ours is at the root, and nothing of the host's is covered.
pub async fn beside_it_is_the_host(fixture: &Fixture) {
    let server = kit::below_chat(fixture).await;
    assert_eq!(server.get(HOST_PAGE).await.text(), HOST_TEXT);
    for path in ["/healthz", "/desk", "/api/session", "/ws", "/chatter", "/chat/nothing"] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
}
