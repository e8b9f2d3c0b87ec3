//! The little REST there is.

use std::sync::Arc;

use minicom_core::Minicom;
use minicom_web::WebOptions;
use serde_json::json;

use super::Fixture;
use crate::{
    adapter::kit::{self, Server},
    faulty::{Faults, FaultyStore},
};

const BEN: (&str, &str) = ("authorization", "Bearer admin:ben");
const ANN: (&str, &str) = ("authorization", "bearer user:ann");

/// Those who spoke, by code point, with and without the slash, to agents alone.
pub async fn users_are_for_agents(fixture: &Fixture) {
    let server = kit::by_token(fixture).await;
    for name in ["zoe", "ann", "Zoe", "a/b"] {
        server.say(name, "hi").await;
    }
    for path in ["/api/users/", "/api/users"] {
        let users = server.ask("GET", path, &[BEN]).await;
        assert_eq!((users.status, users.json()), (200, json!(["Zoe", "a/b", "ann", "zoe"])), "{path}");
        assert_eq!(users.header("content-type"), Some("application/json"));
        assert_eq!(users.header("cache-control"), Some("no-store"));

        let visitor = server.ask("GET", path, &[ANN]).await;
        assert_eq!((visitor.status, &visitor.json()["code"]), (403, &json!("forbidden")));
        let nobody = server.get(path).await;
        assert_eq!((nobody.status, nobody.header("www-authenticate")), (401, Some("Bearer")));
    }
}

/// What can be asked without a socket, by those who may, from pages that may.
pub async fn acts_are_for_those_who_may(fixture: &Fixture) {
    let server = kit::by_token(fixture).await;
    server.say("ann", "hi").await;
    let stranger = ("origin", "https://elsewhere.example");
    for (path, headers, status) in [
        ("/api/chat/user/ann/handoff", &[][..], 401),
        ("/api/chat/user/ann/handoff", &[ANN, stranger], 403),
        ("/api/chat/user/bob/handoff", &[ANN], 403),
        ("/api/chat/admin/ann/take_over", &[ANN], 403),
        ("/api/chat/user/ann/take_over", &[ANN], 403),
        ("/api/chat/user/%ff/handoff", &[ANN], 400),
        ("/api/chat/user/ann/stop", &[ANN], 204),
        ("/api/chat/user/ann/handoff", &[ANN], 204),
        ("/api/chat/admin/ann/hand_back/", &[BEN], 204),
        ("/api/chat/admin/nobody/hand_back", &[BEN], 404),
    ] {
        assert_eq!(server.ask("POST", path, headers).await.status, status, "{path} {headers:?}");
    }
    assert_eq!(server.kinds_of_events("ann").await, ["message", "handoff", "handed_back"]);
    let refused = server.ask("GET", "/api/chat/user/ann/handoff", &[ANN]).await;
    assert_eq!((refused.status, refused.header("allow")), (405, Some("POST, OPTIONS")));
}

/// With identity by path everybody may ask, as of the original.
pub async fn users_are_open_by_path(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    assert_eq!(server.get("/api/users/").await.json(), json!([]));
    server.say("ann", "hi").await;
    assert_eq!(server.get("/api/users").await.json(), json!(["ann"]));
}

/// The page asks its visitor.
pub async fn session_by_path(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    assert_eq!(server.get("/api/session").await.json(), json!({"mode": "path"}));
}

/// The server knows.
pub async fn session_by_token(fixture: &Fixture) {
    let server = kit::by_token(fixture).await;
    for path in ["/api/session", "/api/session/"] {
        let session = server.ask("GET", path, &[ANN]).await.json();
        assert_eq!(
            session,
            json!({"mode": "session", "role": "user", "workspace": "default", "email": "ann", "name": null})
        );
        assert_eq!(server.get(path).await.status, 401);
    }
}

/// For whoever watches over the process.
pub async fn health(fixture: &Fixture) {
    let server = kit::by_session(fixture).await;
    for path in ["/healthz", "/healthz/"] {
        let health = server.get(path).await;
        assert_eq!((health.status, health.text()), (200, "ok"));
        assert_eq!(health.header("content-type"), Some("text/plain; charset=utf-8"));
    }
}

/// For whoever sends people here: not while the store does not write, nor at the end.
pub async fn readiness(fixture: &Fixture) {
    let store = Arc::new(FaultyStore::shared(fixture.store(), Faults::none()));
    let builder = Minicom::builder().shared_store(store.clone()).without_rate_limits();
    let minicom = builder.build().expect("a store is given");
    let server = Server::start_built(fixture, minicom, WebOptions::default(), None).await;
    let before = store.committed();
    for path in ["/readyz", "/readyz/"].repeat(20) {
        let ready = server.get(path).await;
        assert_eq!((ready.status, ready.text()), (200, "ready"));
        assert_eq!(ready.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(ready.header("cache-control"), Some("no-store"));
    }
    assert!(store.committed() > before, "it writes");

    // A server of its own: that it was ready is believed for a second.
    let broken = Arc::new(FaultyStore::shared(fixture.store(), Faults::none()));
    broken.break_down();
    let minicom = Minicom::builder().shared_store(broken).build().expect("a store is given");
    let failing = Server::start_built(fixture, minicom, WebOptions::default(), None).await;
    let unready = failing.get("/readyz").await;
    assert_eq!((unready.status, unready.text()), (503, "the store does not write"));
    assert_eq!(failing.get("/healthz").await.status, 200, "it is alive");

    server.minicom.shutdown().await;
    let draining = server.get("/readyz").await;
    assert_eq!((draining.status, draining.text()), (503, "draining"));
    assert_eq!(server.get("/healthz").await.text(), "ok");
}
