//! The agents' login over HTTP: what its cookie is, who may post, what is told of whom.

use std::sync::Arc;

use minicom_core::{
    AgentRole, AuthError, AuthRequest, Authenticator, Identity, Issued, MemoryStore, Minicom, ParticipantId,
    Store, WorkspaceId,
};
use minicom_login::{Login, LoginOptions};
use minicom_web::{WebOptions, WorkspaceOptions};
use serde_json::{Value, json};

use crate::{
    client::{self, Client, Reply, http},
    server::{self, Server},
};

const JSON: (&str, &str) = ("content-type", "application/json");
const PASSWORD: &str = "three apples and a pear";
const WRONG: &str = "not three apples, nor a pear";

/// A server whose first owner is `ann@example.com`, and her session's cookie.
struct Desk {
    server: Server,
    login: Login,
    ann: String,
}

async fn desk() -> Desk {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let login = Login::new(store.clone());
    let minicom =
        Minicom::builder().shared_store(store).authenticator(login.clone()).build().expect("a store");
    let options = WebOptions::default()
        .allow_origin("https://shop.example".parse().expect("an origin"))
        .login(login.clone());
    let server = server::serve_built(minicom, options, None).await;
    let link = login.setup_link(&WorkspaceId::default(), "http://localhost").await.expect("a store");
    let token = link.expect("nobody is there").rsplit('=').next().expect("a token").to_owned();
    let mut desk = Desk { server, login, ann: String::new() };
    let first = json!({"token": token, "email": "ann@example.com", "name": "Ann", "password": PASSWORD});
    let set_up = desk.post("/api/setup", "", &first).await;
    assert_eq!(
        (set_up.status, set_up.json()),
        (200, json!({"email": "ann@example.com", "name": "Ann", "agent_role": "owner"}))
    );
    desk.ann = cookie(&set_up);
    let again = desk.post("/api/setup", "", &first).await;
    assert_eq!((again.status, &again.json()["code"]), (410, &json!("setup_void")));
    desk
}

fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").and_then(|line| line.split(';').next()).expect("a cookie").to_owned()
}

impl Desk {
    fn origin(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// As a page of our own does it.
    async fn post(&self, path: &str, cookie: &str, body: &Value) -> Reply {
        let origin = self.origin();
        let headers = [JSON, ("origin", &origin), ("cookie", cookie)];
        client::post(self.server.address, path, &headers, body.to_string().as_bytes()).await
    }

    async fn get(&self, path: &str, cookie: &str) -> Reply {
        http(self.server.address, "GET", path, &[("cookie", cookie)]).await
    }

    async fn log_in(&self, email: &str, password: &str) -> Reply {
        self.post("/api/login", "", &json!({"email": email, "password": password})).await
    }

    /// Invites, and accepts.
    async fn join(&self, email: &str, role: &str) -> String {
        let invited =
            self.post("/api/invitations", &self.ann, &json!({"email": email, "agent_role": role})).await;
        assert_eq!((invited.status, invited.json()["expires_in_ms"].as_u64()), (201, Some(604_800_000)));
        let token = invited.json()["token"].clone();
        let who = self.post("/api/invited", "", &json!({"token": token})).await;
        assert_eq!((who.status, who.json()), (200, json!({"email": email, "agent_role": role})));
        let accept = json!({"token": token, "name": "Ben", "password": PASSWORD});
        let joined = self.post("/api/join", "", &accept).await;
        assert_eq!(joined.status, 200);
        let replayed = self.post("/api/join", "", &accept).await;
        assert_eq!((replayed.status, &replayed.json()["code"]), (410, &json!("invitation_void")));
        cookie(&joined)
    }
}

#[tokio::test]
async fn the_cookie_is_for_this_server_alone() {
    let desk = desk().await;
    let body = json!({"email": "ann@example.com", "password": PASSWORD}).to_string();
    for (host, origin, name, attributes) in [
        ("127.0.0.1:8000", "http://127.0.0.1:8000", "minicom-agent", ""),
        ("localhost", "https://localhost", "__Host-minicom-agent", "; Secure"),
        ("shop.example", "https://shop.example", "__Host-minicom-agent", "; Secure"),
        ("shop.example", "http://shop.example", "__Host-minicom-agent", "; Secure"),
    ] {
        let head = format!(
            "POST /api/login HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\ncontent-type: application/json\r\n\
             connection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let reply = client::raw(desk.server.address, head.as_bytes()).await;
        let line = reply.header("set-cookie").unwrap_or_else(|| panic!("{host}: {}", reply.text()));
        let (pair, rest) = line.split_once(';').expect("attributes");
        let (named, secret) = pair.split_once('=').expect("a value");
        assert_eq!((named, secret.len()), (name, 43), "{host}");
        assert_eq!(rest, format!(" Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax{attributes}"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert!(!reply.text().contains(secret), "the page's script never sees it");
    }
}

#[tokio::test]
async fn only_our_own_pages_post() {
    let desk = desk().await;
    let own = desk.origin();
    let body = json!({"email": "ben@example.com", "agent_role": "owner"}).to_string();
    let cookie = ("cookie", desk.ann.as_str());
    let own = ("origin", own.as_str());
    for (headers, status) in [
        (vec![JSON, cookie], 403),
        (vec![JSON, cookie, ("origin", "https://evil.example")], 403),
        (vec![JSON, cookie, ("origin", "https://shop.example")], 403),
        (vec![JSON, cookie, ("origin", "null")], 403),
        (vec![JSON, cookie, ("sec-fetch-site", "cross-site")], 403),
        (vec![JSON, cookie, ("sec-fetch-site", "same-site")], 403),
        (vec![JSON, cookie, own, ("origin", "https://evil.example")], 403),
        (vec![cookie, own, ("content-type", "text/plain")], 415),
        (vec![cookie, own, ("content-type", "application/x-www-form-urlencoded")], 415),
        (vec![cookie, own], 415),
        (vec![JSON, cookie, ("sec-fetch-site", "same-origin")], 201),
        (vec![JSON, cookie, own], 201),
    ] {
        for path in
            ["/api/invitations", "/api/login", "/api/logout", "/api/agents", "/api/join", "/api/setup"]
        {
            let path = if status == 201 { "/api/invitations" } else { path };
            let reply = client::post(desk.server.address, path, &headers, body.as_bytes()).await;
            assert_eq!(reply.status, status, "{path} {headers:?}");
            assert_eq!(reply.header("access-control-allow-origin"), None, "{path} {headers:?}");
            assert_eq!(reply.header("set-cookie"), None, "{path} {headers:?}");
        }
    }
    // Nobody may ask whether he might.
    let question = [("origin", "https://shop.example"), ("access-control-request-method", "POST")];
    assert_eq!(http(desk.server.address, "OPTIONS", "/api/login", &question).await.status, 405);
}

#[tokio::test]
async fn a_cookie_from_before_is_not_the_one_after() {
    let desk = desk().await;
    let before = desk.join("ben@example.com", "agent").await;
    for brought in [format!("minicom-agent={}", "A".repeat(43)), before.clone()] {
        let body = json!({"email": "ann@example.com", "password": PASSWORD});
        let reply = desk.post("/api/login", &brought, &body).await;
        assert_eq!(reply.status, 200);
        assert_ne!(cookie(&reply), brought);
        assert_eq!(desk.get("/api/session", &cookie(&reply)).await.json()["email"], "ann@example.com");
        assert_eq!(desk.get("/api/session", &brought).await.status, 401, "it ended");
    }
}

#[tokio::test]
async fn wrong_passwords_lock_and_say_for_how_long() {
    let desk = desk().await;
    for email in ["ann@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            let refused = desk.log_in(email, WRONG).await;
            assert_eq!((refused.status, &refused.json()["code"]), (401, &json!("wrong_password")), "{email}");
            assert!(refused.header("set-cookie").is_none());
        }
        let locked = desk.log_in(email, PASSWORD).await;
        assert_eq!((locked.status, &locked.json()["code"]), (429, &json!("locked")), "{email}");
        let left = locked.json()["retry_after_ms"].as_u64().expect("a time");
        assert!((1..=15_000).contains(&left), "{left}");
        let after: u64 = locked.header("retry-after").and_then(|after| after.parse().ok()).expect("seconds");
        assert_eq!(after, left.div_ceil(1_000));
    }
    assert_eq!(desk.get("/api/session", &desk.ann).await.status, 200, "who is in stays in");
}

#[tokio::test]
async fn bodies_that_are_none_say_nothing_back() {
    let desk = desk().await;
    let origin = desk.origin();
    let headers = [JSON, ("origin", origin.as_str())];
    let long = format!(r#"{{"email":"a@x","password":"{}"}}"#, "s3cret".repeat(2_000));
    for (body, status) in [
        ("", 400),
        ("[]", 400),
        (r#"{"email":"ann@example.com"}"#, 400),
        (r#"{"email":"ann@example.com","password":{"s3cret":1}}"#, 400),
        (r#"{"email":7,"password":"s3cret"}"#, 400),
        ("{\"email\":\"ann@example.com\",\"password\":\"s3cret\u{0}", 400),
        (long.as_str(), 413),
    ] {
        let reply = client::post(desk.server.address, "/api/login", &headers, body.as_bytes()).await;
        assert_eq!(reply.status, status, "{body:.60}");
        assert!(!reply.text().contains("s3cret"), "{}", reply.text());
    }
    for path in ["/api/join", "/api/invited", "/api/setup"] {
        let body = json!({"token": "x", "email": "a@x", "name": "A", "password": PASSWORD});
        assert_eq!(desk.post(path, "", &body).await.status, 400, "{path}");
    }
}

#[tokio::test]
async fn owners_manage_and_others_do_not() {
    let desk = desk().await;
    let ben = desk.join("ben@example.com", "supervisor").await;
    let all = desk.get("/api/agents", &desk.ann).await;
    assert_eq!(
        all.json(),
        json!({"agents": [
            {"email": "ann@example.com", "name": "Ann", "agent_role": "owner", "you": true},
            {"email": "ben@example.com", "name": "Ben", "agent_role": "supervisor"},
        ], "invitations": []})
    );
    let owner = json!({"email": "ben@example.com", "agent_role": "owner"});
    for cookie in [ben.as_str(), ""] {
        let status = if cookie.is_empty() { 401 } else { 403 };
        assert_eq!(desk.get("/api/agents", cookie).await.status, status);
        for path in ["/api/agents", "/api/invitations"] {
            assert_eq!(desk.post(path, cookie, &owner).await.status, status, "{path}");
        }
    }
    let ann = desk.ann.as_str();
    let last = json!({"email": "ann@example.com", "agent_role": null});
    let refused = desk.post("/api/agents", ann, &last).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("last_owner")));
    assert_eq!(
        desk.post("/api/agents", ann, &json!({"email": "x@x", "agent_role": "agent"})).await.status,
        404
    );
    assert_eq!(
        desk.post("/api/agents", ann, &json!({"email": "x@x", "agent_role": "king"})).await.status,
        400
    );
    assert_eq!(desk.post("/api/agents", ann, &owner).await.status, 204);
    assert_eq!(desk.get("/api/session", &ben).await.json()["agent_role"], "owner", "his session stays");
    assert_eq!(desk.post("/api/agents", &ben, &last).await.status, 204);
    assert_eq!(desk.get("/api/session", ann).await.status, 401);

    let invite = json!({"email": "cem@example.com", "agent_role": "agent"});
    let token = desk.post("/api/invitations", &ben, &invite).await.json()["token"].clone();
    let open = desk.get("/api/agents", &ben).await.json()["invitations"].clone();
    assert_eq!((&open[0]["email"], &open[0]["agent_role"]), (&json!("cem@example.com"), &json!("agent")));
    assert!(!open.to_string().contains(token.as_str().expect("a token")), "it is told once");
    let revoke = json!({"email": "cem@example.com", "agent_role": null});
    assert_eq!(desk.post("/api/invitations", &ben, &revoke).await.status, 204);
    assert_eq!(desk.post("/api/invited", "", &json!({"token": token})).await.status, 410);
}

/// Of a removed agent at once and for good; of one whose role changed so that they come back as what he is.
#[tokio::test]
async fn sockets_are_judged_anew() {
    let desk = desk().await;
    let ben = desk.join("ben@example.com", "supervisor").await;
    let connect = async || {
        let mut socket = Client::connect_with(desk.server.address, "/ws", &[("cookie", &ben)]).await;
        socket.send(json!({"type": "ai"})).await;
        let answer = socket.next().await;
        (socket, answer["type"].as_str().expect("a type").to_owned())
    };
    let (mut socket, answer) = connect().await;
    assert_eq!(answer, "ai", "a supervisor may");
    let role = |role: Value| json!({"email": "Ben@example.com", "agent_role": role});
    assert_eq!(desk.post("/api/agents", &desk.ann, &role("agent".into())).await.status, 204);
    assert_eq!(socket.closed().await.0, 4401);
    let (mut socket, answer) = connect().await;
    assert_eq!(answer, "error", "an agent may not");

    assert_eq!(desk.post("/api/agents", &desk.ann, &role(Value::Null)).await.status, 204);
    assert_eq!(socket.closed().await.0, 4401);
    let mut back = Client::connect_with(desk.server.address, "/ws", &[("cookie", &ben)]).await;
    assert_eq!(back.closed().await.0, 4501);
    // Ann's own were nobody else's business.
    let identity = desk.login.log_in(&WorkspaceId::default(), "ann@example.com", PASSWORD).await;
    assert_eq!(identity.expect("let in").identity.agent_role, AgentRole::Owner);
}

#[tokio::test]
async fn logging_out_everywhere_ends_all_of_ones_own() {
    let desk = desk().await;
    let phone = cookie(&desk.log_in("ann@example.com", PASSWORD).await);
    let ben = desk.join("ben@example.com", "agent").await;
    let out = desk.post("/api/logout", &phone, &json!({"everywhere": true})).await;
    assert_eq!(out.header("set-cookie"), Some("minicom-agent=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    for cookie in [&desk.ann, &phone] {
        assert_eq!(desk.get("/api/session", cookie).await.status, 401);
    }
    assert_eq!(desk.get("/api/session", &ben).await.status, 200);
    assert_eq!(desk.post("/api/logout", &phone, &json!({})).await.status, 204, "again is no harm");
}

/// For who is in by his cookie, knows the old one, and asks from our own page; his other browsers and their sockets are out.
#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let desk = desk().await;
    let other = "two plums and a quince";
    let phone = cookie(&desk.log_in("ann@example.com", PASSWORD).await);
    let mut socket = Client::connect_with(desk.server.address, "/ws", &[("cookie", &phone)]).await;
    let change = |current: &str, password: &str| json!({"current": current, "password": password});
    for (cookie, body, status, code) in [
        ("", change(PASSWORD, other), 401, "unauthenticated"),
        ("minicom-agent=AAAA", change(PASSWORD, other), 401, "unauthenticated"),
        (&desk.ann, change(WRONG, other), 401, "wrong_password"),
        (&desk.ann, change(PASSWORD, "short"), 400, "password_too_short"),
        (&desk.ann, json!({"password": other}), 400, "bad_request"),
    ] {
        let refused = desk.post("/api/password", cookie, &body).await;
        assert_eq!((refused.status, &refused.json()["code"]), (status, &json!(code)), "{body}");
        assert!(refused.header("set-cookie").is_none());
    }
    let body = change(PASSWORD, other).to_string();
    let own = desk.origin();
    for headers in [
        [JSON, ("origin", "https://evil.example"), ("cookie", &desk.ann)],
        [JSON, ("origin", "https://shop.example"), ("cookie", &desk.ann)],
        [JSON, ("sec-fetch-site", "cross-site"), ("cookie", &desk.ann)],
        [JSON, ("x-from", "nowhere"), ("cookie", &desk.ann)],
        [("content-type", "text/plain"), ("origin", &own), ("cookie", &desk.ann)],
    ] {
        let refused = client::post(desk.server.address, "/api/password", &headers, body.as_bytes()).await;
        assert!(matches!(refused.status, 403 | 415), "{headers:?}: {}", refused.status);
    }
    assert_eq!(desk.get("/api/password", &desk.ann).await.status, 405);

    let changed = desk.post("/api/password", &desk.ann, &change(PASSWORD, other)).await;
    assert_eq!((changed.status, &changed.json()["email"]), (200, &json!("ann@example.com")));
    assert_eq!(desk.get("/api/session", &cookie(&changed)).await.status, 200);
    for ended in [&desk.ann, &phone] {
        assert_eq!(desk.get("/api/session", ended).await.status, 401);
    }
    assert_eq!(socket.closed().await.0, 4401);
    assert_eq!(desk.log_in("ann@example.com", PASSWORD).await.status, 401);
    assert_eq!(desk.log_in("ann@example.com", other).await.status, 200);
}

/// Below `/w/{id}/`: accounts of its own, and a cookie that is sent nowhere else.
#[tokio::test]
async fn each_workspace_has_its_own() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let login = Login::new(store.clone());
    let minicom =
        Minicom::builder().shared_store(store).authenticator(login.clone()).build().expect("a store");
    let [red, blue] = ["red", "blue"].map(|id| WorkspaceId::new(id).expect(id));
    let options = WebOptions::default()
        .workspace(WorkspaceOptions::new(red.clone()).by_path())
        .workspace(WorkspaceOptions::new(blue.clone()).by_path())
        .login(login.clone());
    let address = server::serve_built(minicom, options, None).await.address;
    let origin = format!("http://{address}");
    let mut cookies = Vec::new();
    for workspace in [&red, &blue] {
        let link = login.setup_link(workspace, &format!("{origin}/w/{workspace}")).await.expect("a store");
        let link = link.expect("nobody is there");
        assert!(link.starts_with(&format!("{origin}/w/{workspace}/login#setup=")), "{link}");
        let token = link.rsplit('=').next().expect("a token");
        let first = json!({"token": token, "email": "ann@example.com", "name": "Ann", "password": PASSWORD});
        let path = format!("/w/{workspace}/api/setup");
        let headers = [JSON, ("origin", origin.as_str())];
        let set_up = client::post(address, &path, &headers, first.to_string().as_bytes()).await;
        assert_eq!(set_up.status, 200, "{}", set_up.text());
        let kept = set_up.header("set-cookie").expect("a cookie");
        assert!(kept.contains(&format!("; Path=/w/{workspace};")), "{kept}");
        cookies.push(cookie(&set_up));
    }
    for (path, cookie, status) in [
        ("/w/red/api/session", &cookies[0], 200),
        ("/w/blue/api/session", &cookies[1], 200),
        ("/w/red/api/session", &cookies[1], 401),
        ("/w/blue/api/session", &cookies[0], 401),
        ("/api/session", &cookies[0], 401),
    ] {
        assert_eq!(http(address, "GET", path, &[("cookie", cookie)]).await.status, status, "{path}");
    }
}

/// Makes visitors of whom nothing is known, and knows nobody.
#[derive(Debug)]
struct Newcomers;

#[async_trait::async_trait]
impl Authenticator for Newcomers {
    async fn authenticate(&self, _: &AuthRequest) -> Result<Identity, AuthError> {
        Err(AuthError::Missing)
    }
    fn offers_visitors(&self) -> bool {
        true
    }
    async fn new_visitor(&self, _: &AuthRequest) -> Result<Issued, AuthError> {
        let name = ParticipantId::new("newcomer").map_err(|_| AuthError::Unauthenticated)?;
        Ok(Issued::new(Identity::user(WorkspaceId::default(), name), "secret"))
    }
}

/// Where visitors need no session, the desk must learn where its agents get one.
#[tokio::test]
async fn who_is_nobody_may_be_a_visitor_or_sign_in() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let login = Login::with_options(store.clone(), LoginOptions::default().visitors(Newcomers));
    let minicom =
        Minicom::builder().shared_store(store).authenticator(login.clone()).build().expect("a store");
    let address = server::serve_built(minicom, WebOptions::default().login(login), None).await.address;
    let stale = format!("minicom-agent={}", "A".repeat(43));
    for cookie in ["", &stale] {
        let session = http(address, "GET", "/api/session", &[("cookie", cookie)]).await;
        assert_eq!((session.status, session.json()), (200, json!({"mode": "anonymous", "login": "login"})));
    }
    assert_eq!(client::post(address, "/api/visitor", &[JSON], b"{}").await.status, 200);
    assert_eq!(http(address, "GET", "/api/agents", &[]).await.status, 401);
}

#[tokio::test]
async fn the_page_is_as_strict_as_the_others() {
    let desk = desk().await;
    let page = desk.get("/login", "").await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").expect("a policy");
    for word in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'none'"] {
        assert!(policy.contains(word), "{policy}");
    }
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(desk.get("/login.html", "").await.status, 404);
    assert_eq!(desk.get("/login/", "").await.header("location"), Some("../login"));
    assert_eq!(desk.get("/api/login", "").await.header("allow"), Some("POST"));
    // Without a login all of it is the host's.
    let without = server::by_path().await.address;
    for path in ["/login", "/api/agents"] {
        assert_eq!(http(without, "GET", path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(client::post(without, "/api/login", &[JSON], b"{}").await.status, 404);
}
