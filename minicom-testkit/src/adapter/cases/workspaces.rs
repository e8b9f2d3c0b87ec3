//! Workspaces: chosen by path, host name or identity, and each closed to the others. Names of frames and routes are those of
//! the code, so that a new one without a case does not compile.

use minicom_core::{FrameKind, MemoryStore, Minicom};
use minicom_web::{RouteKind, Web, WebOptions};
use serde_json::json;

use super::Fixture;
use crate::adapter::{
    SESSION_HEADER,
    http::Reply,
    kit::{self, Header, Server},
    people,
    tenants::{self, MARK, NOWHERE, THERE},
};

/// Visitors and owners of one workspace try every frame with names, ids, numbers, cursors and keys of another. They get
/// what they get for those that exist nowhere, and change nothing.
pub async fn no_frame_reaches_another(fixture: &Fixture) {
    for kind in FrameKind::ALL {
        // Of two servers that are the same, one is asked about somebody, the other about nobody.
        let (server, double) = (tenants::start(fixture).await, tenants::start(fixture).await);
        let before = tenants::seen_there(&server).await;
        for who in ["user:ann#here", "user:sam#here", "admin:amy#here"] {
            for [there, nowhere] in tenants::attempts(*kind) {
                let one = tenants::answers(&mut tenants::socket(&server, who).await, &there).await;
                let other = tenants::answers(&mut tenants::socket(&double, who).await, &nowhere).await;
                let (one, other) = (tenants::told(&one, THERE), tenants::told(&other, NOWHERE));
                assert_eq!(one, other, "{who}: {there}");
                let echoed = there.to_string().contains(MARK);
                assert!(echoed || !one.contains(MARK), "{who}: {there}: {one}");
            }
        }
        assert_eq!(tenants::seen_there(&server).await, before, "{kind:?} changed something there");
    }
}

/// What an answer says, whole.
fn whole(reply: &Reply) -> (u16, Option<&str>, &[u8]) {
    (reply.status, reply.header("content-type"), &reply.body)
}

/// The same for every route.
pub async fn no_route_reaches_another(fixture: &Fixture) {
    let server = tenants::start(fixture).await;
    let before = tenants::seen_there(&server).await;
    let minicom = Minicom::builder().store(MemoryStore::new()).build().expect("a store is given");
    let web = Web::with_options(minicom, tenants::options());
    for kind in RouteKind::ALL {
        for path in paths(*kind) {
            assert_eq!(web.route_kind(path), Some(*kind), "{path}");
            let below = format!("/w/there{path}");
            for who in ["user:ann#here", "admin:amy#here"] {
                let token = format!("Bearer {who}");
                let with = &[("authorization", &*token)][..];
                match kind {
                    RouteKind::Asset
                    | RouteKind::Panel
                    | RouteKind::Slash
                    // It makes somebody new, who is of the workspace that was chosen.
                    | RouteKind::Visitor
                    | RouteKind::Health
                    | RouteKind::Ready
                    | RouteKind::Workspace => is_nobodys(&server, path, with).await,
                    RouteKind::Users => is_ones_own(&server, path, with, json!(["ann", "sam"])).await,
                    RouteKind::Session | RouteKind::Login => {
                        assert_eq!(server.ask("GET", &below, with).await.status, 403, "{who}");
                    }
                    // Of the whole process, so of no workspace, and for nobody of them.
                    RouteKind::Metrics => {
                        assert_eq!(server.ask("GET", path, with).await.status, 401, "{who}");
                        assert_eq!(server.ask("GET", &below, with).await.status, 404, "{who}");
                    }
                    RouteKind::Widget => {
                        let own = server.ask("GET", path, with).await;
                        assert_eq!(own.json(), json!({"title": "Here"}), "{who}");
                    }
                    RouteKind::Socket => assert_eq!(server.close_of(&below, with).await, 4503, "{who}"),
                    RouteKind::Chat => tells_no_names_apart(&server, path, with).await,
                    RouteKind::Act => does_nothing_there(&server, path, with).await,
                }
            }
        }
    }
    assert_eq!(tenants::seen_there(&server).await, before, "something changed there");
}

/// A path of each kind.
fn paths(kind: RouteKind) -> &'static [&'static str] {
    match kind {
        RouteKind::Asset => &["/", "/desk", "/widget.js"],
        RouteKind::Panel => &["/panel"],
        RouteKind::Slash => &["/desk/", "/panel/"],
        RouteKind::Chat => &["/ws/chat/user/bob/", "/ws/chat/admin/bob/"],
        RouteKind::Act => &["/api/chat/user/bob/handoff", "/api/chat/admin/bob/handoff"],
        RouteKind::Socket => &["/ws"],
        RouteKind::Users => &["/api/users/"],
        RouteKind::Session => &["/api/session"],
        RouteKind::Widget => &["/api/widget"],
        RouteKind::Visitor => &["/api/visitor"],
        RouteKind::Health => &["/healthz"],
        RouteKind::Ready => &["/readyz"],
        RouteKind::Metrics => &["/metrics"],
        RouteKind::Login => &["/api/agents"],
        RouteKind::Workspace => &["/w/there", "/w/here"],
    }
}

/// It is the same for whoever asks, and at every workspace.
async fn is_nobodys(server: &Server, path: &str, with: &[Header<'_>]) {
    let alone = server.get(path).await;
    assert_eq!(whole(&server.ask("GET", path, with).await), whole(&alone), "{path}");
    if !path.starts_with("/w/") {
        for workspace in ["/w/here", "/w/there"] {
            assert_eq!(
                whole(&server.get(&format!("{workspace}{path}")).await),
                whole(&alone),
                "{workspace}{path}"
            );
        }
    }
    // One that no path leads to is as one that does not exist.
    let hidden = server.ask("GET", &format!("/w/hidden{path}"), with).await;
    let nowhere = server.ask("GET", &format!("/w/nothere{path}"), with).await;
    assert_eq!((hidden.status, whole(&hidden)), (404, whole(&nowhere)), "{path}");
}

/// An agent reads his own workspace's, a visitor none; and at another's address neither reads anything.
async fn is_ones_own(server: &Server, path: &str, with: &[Header<'_>], own: serde_json::Value) {
    let is_agent = with.iter().any(|(_, value)| value.contains("admin"));
    let reply = server.ask("GET", path, with).await;
    assert_eq!(reply.status, if is_agent { 200 } else { 403 });
    assert!(!is_agent || reply.json() == own, "{}", reply.text());
    let elsewhere = server.ask("GET", &format!("/w/there{path}"), with).await;
    assert_eq!((elsewhere.status, &elsewhere.json()["code"]), (403, &json!("forbidden")));
}

/// A socket at the path of somebody there ends as one at the path of nobody.
async fn tells_no_names_apart(server: &Server, path: &str, with: &[Header<'_>]) {
    let nowhere = path.replace(THERE, NOWHERE);
    let refused = with.iter().any(|(_, value)| value.contains("user")) || path.contains("/user/");
    if refused {
        assert_eq!(server.close_of(path, with).await, 4503, "{path}");
        assert_eq!(server.close_of(&nowhere, with).await, 4503, "{nowhere}");
    } else {
        for path in [path, &nowhere] {
            server.socket_with(path, with).await.is_alive_and_silent().await;
        }
    }
    assert_eq!(server.close_of(&format!("/w/there{path}"), with).await, 4503, "{path}");
}

/// What can be asked of a conversation finds none.
async fn does_nothing_there(server: &Server, path: &str, with: &[Header<'_>]) {
    for act in RouteKind::acts() {
        let there = path.replace("handoff", act);
        let one = server.ask("POST", &there, with).await;
        let other = server.ask("POST", &there.replace(THERE, NOWHERE), with).await;
        assert_eq!(whole(&one), whole(&other), "{there}");
        assert!([403, 404].contains(&one.status), "{there}: {}", one.status);
        assert_eq!(server.ask("POST", &format!("/w/there{there}"), with).await.status, 403, "{there}");
    }
}

/// While one workspace is full of life, whoever listens in another hears nothing.
pub async fn nothing_of_another_is_heard(fixture: &Fixture) {
    let server = tenants::start(fixture).await;
    let mut visitor = tenants::socket(&server, "user:sam#here").await;
    let mut agent = tenants::socket(&server, "admin:amy#here").await;
    agent.watch("sam").await;
    agent.send(json!({"type": "list"})).await;
    agent.expect("list").await;
    let mut amy = tenants::socket(&server, "admin:amy#there").await;
    for kind in FrameKind::ALL {
        tenants::answers(&mut amy, &tenants::own(*kind)).await;
        visitor.is_alive_and_silent().await;
        agent.is_alive_and_silent().await;
    }
    let mut sam = tenants::socket(&server, "user:sam#there").await;
    sam.send(json!({"type": "message", "message": "hush, sam", "client_id": "said"})).await;
    while sam.next().await["client_id"] != "said" {}
    visitor.is_alive_and_silent().await;
    agent.is_alive_and_silent().await;
}

async fn by_path(fixture: &Fixture, mount: Option<&'static str>) -> Server {
    Server::start(fixture, people::path_identity(), tenants::options(), mount).await
}

/// The path and the host name choose, and what they choose holds: conversations, looks, origins.
pub async fn are_chosen_by_path_and_host_name(fixture: &Fixture) {
    // The path is believed under loopback names alone, so that the host name's people say it by token.
    let server = by_path(fixture, None).await;
    let mut here = server.visitor("ann").await;
    let mut ann = server.socket("/w/here/ws/chat/user/ann/").await;
    ann.expect("history").await;
    ann.send(json!({"type": "message", "message": "hi"})).await;
    ann.expect("message").await;
    here.is_alive_and_silent().await;
    for (path, users) in [("/w/here", json!(["ann"])), ("/w/there", json!([])), ("", json!([]))] {
        assert_eq!(server.get(&format!("{path}/api/users/")).await.json(), users, "{path}");
    }

    let server = tenants::start(fixture).await;
    for (path, host, title) in [
        ("/api/widget", "here.example", "Here"),
        ("/api/widget", "HERE.example:8443", "Here"),
        ("/w/here/api/widget", "elsewhere.example", "Here"),
        ("/w/here/api/widget", "here.example", "Here"),
        ("/api/widget", "elsewhere.example", "All"),
    ] {
        let looks = server.ask("GET", path, &[("host", host)]).await;
        assert_eq!(looks.json(), json!({"title": title}), "{path} at {host}");
    }
    for path in ["/", "/api/widget", "/ws", "/healthz"] {
        let both = server.ask("GET", &format!("/w/here{path}"), &[("host", "there.example")]).await;
        assert_eq!(both.status, 404, "one's path at another's name: {path}");
    }
    for (path, allowed) in [("/w/here", true), ("/w/there", false), ("", false)] {
        let origin = ("origin", "https://here.example");
        let read = server.ask("GET", &format!("{path}/api/widget"), &[origin]).await;
        assert_eq!(read.header("access-control-allow-origin").is_some(), allowed, "{path}");
        let panel = server.get(&format!("{path}/panel")).await;
        let policy = panel.header("content-security-policy").expect("a policy");
        assert_eq!(policy.contains("https://here.example"), allowed, "{path}");
    }
}

/// The links of the pages are relative and hold below a workspace's path, and that below a mount.
pub async fn are_below_a_mount(fixture: &Fixture) {
    for (mount, root) in [(None, ""), (Some("chat"), "/chat")] {
        let server = by_path(fixture, mount).await;
        let bare = server.get(&format!("{root}/w/here")).await;
        assert_eq!((bare.status, bare.header("location")), (307, Some("./here/")), "{root}");
        for page in ["", "desk", "panel"] {
            let page = server.get(&format!("{root}/w/here/{page}")).await;
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{root}");
            let links: Vec<_> =
                page.text().split('"').filter_map(|link| link.strip_prefix("./assets/")).collect();
            assert!(!links.is_empty());
            for link in links {
                assert_eq!(server.get(&format!("{root}/w/here/assets/{link}")).await.status, 200, "{link}");
            }
        }
        server.socket(&format!("{root}/w/here/ws/chat/user/ann/")).await.expect("history").await;
        for path in ["/w/hidden/", "/w/nothere/", "/w/", "/w", "/w/here/basket"] {
            assert_eq!(server.get(&format!("{root}{path}")).await.status, 404, "{root}{path}");
        }
    }
    // Where no workspace has a path, all of it is the host's.
    let server = Server::start(fixture, people::path_identity(), WebOptions::default(), None).await;
    assert_eq!(server.get("/w/here/").await.status, 404);
}

/// Whoever vouches for them, and however they say it.
pub async fn another_ones_people_are_refused(fixture: &Fixture) {
    let server = tenants::start(fixture).await;
    let (session, token) = ("user:ann#there", "Bearer user:ann#there");
    for who in [(SESSION_HEADER, session), ("authorization", token)] {
        for at in [&[who][..], &[who, ("host", "here.example")]] {
            let root = if at.len() == 1 { "/w/here" } else { "" };
            assert_eq!(server.close_of(&format!("{root}/ws"), at).await, 4503, "{at:?}");
            assert_eq!(server.close_of(&format!("{root}/ws/chat/user/ann/"), at).await, 4503, "{at:?}");
            let session = server.ask("GET", &format!("{root}/api/session"), at).await;
            assert_eq!((session.status, &session.json()["code"]), (403, &json!("forbidden")), "{at:?}");
        }
        server.socket_with("/w/there/ws", &[who]).await.expect("history").await;
    }
    let mut late = server.socket("/w/here/ws").await;
    late.send(json!({"type": "auth", "token": "user:ann#there"})).await;
    assert_eq!(late.closed().await, 4503);
}

/// Who renews his token on an open socket stays in the workspace that the path chose.
pub async fn a_renewal_stays_where_it_is(fixture: &Fixture) {
    let server = Server::start(fixture, people::Placed, tenants::options(), None).await;
    for (path, code) in [("/w/here/ws", "ack"), ("/ws", "ack")] {
        let mut ann = server.socket_with(path, &[("authorization", "Bearer ann")]).await;
        ann.expect("history").await;
        ann.send(json!({"type": "auth", "token": "ann", "client_id": "again"})).await;
        assert_eq!(ann.expect(code).await["client_id"], "again", "{path}");
    }
    assert_eq!(kit::by_token(fixture).await.get("/w/here/").await.status, 404);
}
