//! The agents' login: what a request's body, cookie and mount must come through as.

use minicom_core::{Minicom, WorkspaceId};
use minicom_login::Login;
use minicom_web::{WebOptions, WorkspaceOptions, login_paths};
use serde_json::{Value, json};

use super::Fixture;
use crate::adapter::{
    http::{Line, Reply},
    kit::{Header, Server},
};

const JSON: Header<'static> = ("content-type", "application/json");
const PASSWORD: &str = "three apples and a pear";

/// A server that has a login, and the token that makes its first owner.
async fn start(fixture: &Fixture, mount: Option<&'static str>) -> (Server, String) {
    let store = fixture.store();
    let login = Login::new(store.clone());
    let link = login.setup_link(&WorkspaceId::default(), "http://localhost").await.expect("a store");
    let token = link.expect("nobody is there").rsplit('=').next().expect("a token").to_owned();
    let builder = Minicom::builder().shared_store(store).authenticator(login.clone());
    let minicom = builder.build().expect("a store is given");
    (Server::start_built(fixture, minicom, WebOptions::default().login(login), mount).await, token)
}

async fn post(server: &Server, path: &str, headers: &[Header<'_>], body: &Value) -> Reply {
    let body = body.to_string();
    let length = body.len().to_string();
    let headers = [headers, &[JSON, ("content-length", &length)]].concat();
    let mut line = Line::open(server.address).await;
    let head = line.head("POST", path, &headers);
    line.send(format!("{head}{body}").as_bytes()).await;
    line.reply("POST").await
}

/// The cookie that a browser would send back.
fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").and_then(|line| line.split(';').next()).expect("a cookie").to_owned()
}

fn first_owner(token: &str) -> Value {
    json!({"token": token, "email": "ann@example.com", "name": "Ann", "password": PASSWORD})
}

/// The first owner, his session over REST and at a socket, and its end.
pub async fn comes_in_and_goes(fixture: &Fixture) {
    let (server, token) = start(fixture, None).await;
    let page = server.get("/login").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let nobody = server.get("/api/session").await;
    assert_eq!((nobody.status, &nobody.json()["login"]), (401, &json!("login")));

    let set_up = post(&server, "/api/setup", &[], &first_owner(&token)).await;
    assert_eq!((set_up.status, &set_up.json()["agent_role"]), (200, &json!("owner")));
    let login = json!({"email": "Ann@example.com", "password": PASSWORD});
    let kept = cookie(&post(&server, "/api/login/", &[], &login).await);
    let known = server.ask("GET", "/api/session", &[("cookie", &kept)]).await;
    assert_eq!((known.status, &known.json()["email"]), (200, &json!("ann@example.com")));
    let mut socket = server.socket_with("/ws", &[("cookie", &kept)]).await;
    socket.send(json!({"type": "ping"})).await;
    socket.expect("pong").await;

    let origin = format!("http://{}", server.address);
    let own = [("cookie", kept.as_str()), ("origin", &origin)];
    assert_eq!(post(&server, "/api/logout", &own, &json!({})).await.status, 204);
    assert_eq!(socket.closed().await, 4401);
    assert_eq!(server.ask("GET", "/api/session", &[("cookie", &kept)]).await.status, 401);
    assert_eq!(server.close_of("/ws", &[("cookie", &kept)]).await, 4501);
}

/// A server with a login in two workspaces by path, each with an owner of the same password, and a setup token of neither.
async fn in_two_workspaces(fixture: &Fixture) -> Server {
    let store = fixture.store();
    let login = Login::new(store.clone());
    let workspace = |id: &str| WorkspaceId::new(id).expect(id);
    let options = ["here", "there"].iter().fold(WebOptions::default(), |options, id| {
        options.workspace(WorkspaceOptions::new(workspace(id)).by_path())
    });
    let builder = Minicom::builder().without_rate_limits().shared_store(store).authenticator(login.clone());
    let minicom = builder.build().expect("a store is given");
    let server = Server::start_built(fixture, minicom, options.login(login.clone()), None).await;
    for (id, email) in [("here", "ann@example.com"), ("there", "bob@example.com")] {
        let link = login.setup_link(&workspace(id), "http://localhost").await.expect("a store");
        let token = link.expect("nobody is there").rsplit('=').next().expect("a token").to_owned();
        let mut owner = first_owner(&token);
        owner["email"] = email.into();
        let other = if id == "here" { "there" } else { "here" };
        // One's link is no link at the other's address.
        let wrong = post(&server, &format!("/w/{other}/api/setup"), &[], &owner).await;
        assert_ne!(wrong.status, 200, "{}", wrong.text());
        let made = post(&server, &format!("/w/{id}/api/setup"), &[], &owner).await;
        assert_eq!(made.status, 200, "{}", made.text());
    }
    server
}

/// An account, a session or an invitation of one workspace is in another as one that never was.
pub async fn holds_in_its_workspace_alone(fixture: &Fixture) {
    let server = in_two_workspaces(fixture).await;
    let come_in = |email: &str| json!({"email": email, "password": PASSWORD});
    let whole = |reply: &Reply| (reply.status, reply.body.clone(), reply.header("set-cookie").is_some());
    let of_there = post(&server, "/w/here/api/login", &[], &come_in("bob@example.com")).await;
    let of_nobody = post(&server, "/w/here/api/login", &[], &come_in("zed@example.com")).await;
    assert_eq!((of_there.status != 200, whole(&of_there)), (true, whole(&of_nobody)));

    let bob = post(&server, "/w/there/api/login", &[], &come_in("bob@example.com")).await;
    assert!(bob.header("set-cookie").is_some_and(|line| line.contains("/w/there")), "its cookie stays there");
    let bob = cookie(&bob);
    let invented = bob.split_once('=').map(|(name, token)| {
        let swapped: String = token.chars().rev().collect();
        format!("{name}={swapped}")
    });
    let invented = invented.expect("a cookie");
    let origin = format!("http://{}", server.address);
    let own = [("cookie", bob.as_str()), ("origin", &origin)];
    let invite = json!({"email": "cy@example.com", "agent_role": "agent"});
    let invitation = post(&server, "/w/there/api/invitations", &own, &invite).await;
    assert_eq!(invitation.status, 201, "{}", invitation.text());
    let token = invitation.json()["token"].as_str().expect("a token").to_owned();

    for (method, path) in
        [("GET", "/w/here/api/agents"), ("GET", "/w/here/api/session"), ("GET", "/w/here/api/users/")]
    {
        let real = server.ask(method, path, &own).await;
        let none = server.ask(method, path, &[("cookie", &invented), ("origin", &origin)]).await;
        assert_eq!(whole(&real), whole(&none), "{path}");
        assert_ne!(real.status, 200, "{path}");
    }
    assert_eq!(
        server.close_of("/w/here/ws", &own).await,
        server.close_of("/w/here/ws", &[("cookie", &invented), ("origin", &origin)]).await
    );
    let swapped: String = token.chars().rev().collect();
    for (path, more) in [
        ("/w/here/api/invited", json!({})),
        ("/w/here/api/join", json!({"name": "Cy", "password": PASSWORD})),
    ] {
        let with = |token: &str| {
            let mut body = more.clone();
            body["token"] = token.into();
            body
        };
        let real = post(&server, path, &[], &with(&token)).await;
        let none = post(&server, path, &[], &with(&swapped)).await;
        assert_eq!(whole(&real), whole(&none), "{path}");
        assert_ne!(real.status, 200, "{path}");
    }
    assert_eq!(post(&server, "/w/there/api/invited", &[], &json!({"token": token})).await.status, 200);
}

/// A browser sends the cookies of the paths above along, and those first whose names it guards.
pub async fn holds_beside_that_of_a_path_above(fixture: &Fixture) {
    let server = in_two_workspaces(fixture).await;
    let mut tokens = Vec::new();
    for (id, email) in [("here", "ann@example.com"), ("there", "bob@example.com")] {
        let entered = json!({"email": email, "password": PASSWORD});
        let kept = cookie(&post(&server, &format!("/w/{id}/api/login"), &[], &entered).await);
        tokens.push(kept.split_once('=').expect("a cookie").1.to_owned());
    }
    let [ann, bob] = tokens.as_slice() else { unreachable!("two have come in") };
    let both = format!("__Host-minicom-agent={ann}; __Secure-minicom-agent={bob}");
    let origin = format!("http://{}", server.address);
    let own = [("cookie", both.as_str()), ("origin", &origin)];
    for (id, email) in [("here", "ann@example.com"), ("there", "bob@example.com")] {
        let known = server.ask("GET", &format!("/w/{id}/api/session"), &own).await;
        assert_eq!((known.status, &known.json()["email"]), (200, &json!(email)));
    }
    // He leaves there, and not here.
    assert_eq!(post(&server, "/w/there/api/logout", &own, &json!({})).await.status, 204);
    assert_eq!(server.ask("GET", "/w/there/api/session", &own).await.status, 401);
    assert_eq!(server.ask("GET", "/w/here/api/session", &own).await.status, 200);
}

/// In chunks, and slowly.
pub async fn bodies_are_read_in_whatever_pieces(fixture: &Fixture) {
    let (server, token) = start(fixture, None).await;
    assert_eq!(post(&server, "/api/setup", &[], &first_owner(&token)).await.status, 200);
    let body = json!({"email": "ann@example.com", "password": PASSWORD}).to_string();
    let (one, other) = body.split_at(7);
    let mut line = Line::open(server.address).await;
    let head = line.head("POST", "/api/login", &[JSON, ("transfer-encoding", "chunked")]);
    line.send(head.as_bytes()).await;
    line.send(format!("{:x}\r\n{one}\r\n", one.len()).as_bytes()).await;
    line.send(format!("{:x}\r\n{other}\r\n0\r\n\r\n", other.len()).as_bytes()).await;
    assert_eq!(line.reply("POST").await.status, 200);
    // The connection is good for more.
    assert_eq!(line.ask("GET", "/healthz", &[]).await.text(), "ok");
}

/// Whether it says so or not.
pub async fn too_long_a_body_is_refused(fixture: &Fixture) {
    let (server, _) = start(fixture, None).await;
    let mut line = Line::open(server.address).await;
    let head = line.head("POST", "/api/login", &[JSON, ("content-length", "8193")]);
    line.send(head.as_bytes()).await;
    assert_eq!(line.reply("POST").await.status, 413);

    let mut line = Line::open(server.address).await;
    let head = line.head("POST", "/api/login", &[JSON, ("transfer-encoding", "chunked")]);
    line.send(head.as_bytes()).await;
    line.send(format!("2001\r\n{}\r\n", "x".repeat(0x2001)).as_bytes()).await;
    assert_eq!(line.reply("POST").await.status, 413);
    assert_eq!(server.get("/healthz").await.status, 200);
}

/// The cookie holds there, and nowhere beside.
pub async fn below_a_mount(fixture: &Fixture) {
    let (server, token) = start(fixture, Some("chat")).await;
    assert_eq!(server.get("/chat/login").await.status, 200);
    assert_eq!(server.get("/chat/login/").await.header("location"), Some("../login"));
    assert_eq!(server.get("/login").await.status, 404);
    let set_up = post(&server, "/chat/api/setup/", &[], &first_owner(&token)).await;
    let line = set_up.header("set-cookie").expect("a cookie");
    assert!(line.contains("; Path=/chat;") && line.contains("; HttpOnly"), "{line}");
    let kept = cookie(&set_up);
    assert_eq!(server.ask("GET", "/chat/api/agents", &[("cookie", &kept)]).await.status, 200);
    let origin = format!("http://{}", server.address);
    let change = json!({"current": PASSWORD, "password": "two plums and a quince"});
    let own = [("cookie", kept.as_str()), ("origin", &origin)];
    let changed = post(&server, "/chat/api/password", &own, &change).await;
    let line = changed.header("set-cookie").expect("a cookie");
    assert!(changed.status == 200 && line.contains("; Path=/chat;"), "{line}");
    // Whatever the login has is there, and none of it is the host's.
    for path in login_paths() {
        for path in [format!("/chat{path}"), format!("/chat{path}/")] {
            assert_ne!(server.get(&path).await.status, 404, "{path}");
        }
    }
}

/// A host may have a login of its own at the same place.
pub async fn without_one_its_paths_are_the_hosts(fixture: &Fixture) {
    let server = crate::adapter::kit::by_path(fixture).await;
    for path in ["/login", "/login/", "/login.html", "/api/agents"] {
        assert_eq!(server.get(path).await.status, 404, "{path}");
    }
    assert_eq!(server.ask("POST", "/api/login", &[JSON]).await.status, 404);
}
