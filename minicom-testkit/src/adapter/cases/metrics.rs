//! What the server counts, and who may read it.

use minicom_core::Minicom;
use minicom_web::{Metrics, WebOptions};

use super::Fixture;
use crate::adapter::{
    kit::{self, Server},
    people,
};

const TOKEN: &str = "m3tr1cs-t0k3n-0123";

/// A server whose metrics are read with [`TOKEN`].
async fn counting(fixture: &Fixture, mount: Option<&'static str>) -> Server {
    let metrics = Metrics::new(TOKEN).expect("it is long enough");
    let builder = Minicom::builder().shared_store(fixture.store()).authenticator(people::path_identity());
    let minicom = metrics.within(|| builder.build()).expect("a store is given");
    Server::start_built(fixture, minicom, WebOptions::default().metrics(metrics), mount).await
}

/// The path stays the host's, which may have metrics of its own.
pub async fn are_closed_unless_they_are_chosen(fixture: &Fixture) {
    let server = kit::by_path(fixture).await;
    for path in ["/metrics", "/metrics/"] {
        for with in [&[][..], &[("authorization", &*format!("Bearer {TOKEN}"))]] {
            assert_eq!(server.ask("GET", path, with).await.status, 404, "{path}");
        }
    }
}

/// Nobody else gets them, this machine included; and what is refused says nothing of them.
pub async fn are_for_whoever_has_the_token(fixture: &Fixture) {
    let server = counting(fixture, None).await;
    let right = format!("Bearer {TOKEN}");
    let wrong = [
        format!("Bearer {TOKEN}x"),
        format!("Bearer {}", &TOKEN[1..]),
        format!("Basic {TOKEN}"),
        TOKEN.to_owned(),
        "Bearer ".to_owned(),
        "Bearer admin:ben".to_owned(),
    ];
    for with in wrong.iter().map(|value| vec![("authorization", value.as_str())]).chain([
        vec![],
        vec![("cookie", TOKEN)],
        vec![("authorization", &right), ("authorization", &right)],
    ]) {
        let refused = server.ask("GET", "/metrics", &with).await;
        assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer")), "{with:?}");
        assert!(!refused.text().contains("minicom_"), "{with:?}");
    }
    let asked = format!("/metrics?token={TOKEN}");
    assert_eq!(server.get(&asked).await.status, 401);
    assert_eq!(server.ask("POST", "/metrics", &[("authorization", &right)]).await.status, 405);

    // A page of an allowed origin may not read them either: there is no word that lets it.
    let page =
        server.ask("GET", "/metrics", &[("authorization", &right), ("origin", "https://evil.example")]).await;
    assert_eq!(page.header("access-control-allow-origin"), None);
}

/// In the text format of Prometheus, also below a mount.
pub async fn are_told_as_prometheus_reads_them(fixture: &Fixture) {
    let server = counting(fixture, Some("chat")).await;
    let bearer = format!("Bearer {TOKEN}");
    let with = [("authorization", bearer.as_str())];
    let mut visitor = server.socket("/chat/ws/chat/user/ann/").await;
    visitor.expect("history").await;
    server.say("ann", "Hello?").await;
    visitor.expect("message").await;
    assert_eq!(server.get("/chat/api/users/").await.status, 200);
    assert_eq!(server.ask("GET", "/chat/metrics", &[]).await.status, 401);
    let told = server.ask("GET", "/chat/metrics", &with).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(told.header("cache-control"), Some("no-store"));
    for line in [
        "# TYPE minicom_sockets gauge",
        "minicom_sockets 1",
        "minicom_sockets_closed_total{code=\"slow\"} 0",
        "minicom_rooms 1",
        "# TYPE minicom_ack_duration_seconds histogram",
        "minicom_ack_duration_seconds_bucket{le=\"+Inf\"} 1",
        "minicom_batch_commands_bucket{le=\"1\"} 1",
        "minicom_refusals_total{code=\"unauthenticated\"} 1",
    ] {
        assert!(told.text().lines().any(|own| own == line), "{line}: {}", told.text());
    }
    assert_eq!(server.ask("HEAD", "/chat/metrics", &with).await.status, 200);
}
