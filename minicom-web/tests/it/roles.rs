//! Who may do what, tried: every type of frame and every route by every role, as `docs/roles.md` has it.

use std::{net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use minicom_core::{
    AgentRole, AuthError, AuthRequest, Authenticator, Command, FrameKind, Identity, MemoryStore, Minicom,
    ParticipantId, Role, Target, WorkspaceId,
};
use minicom_login::Login;
use minicom_web::{RouteKind, WebOptions};
use serde_json::{Value, json};

use crate::{
    client::{Client, http},
    doc_table, server,
};

const ROLES: [&str; 5] = ["visitor", "agent", "supervisor", "owner", "AI"];

/// Knows everybody by his role. The visitor is ann.
#[derive(Debug)]
struct ByRole;

fn identity(role: &str) -> Option<Identity> {
    let name = ParticipantId::new(if role == "visitor" { "ann" } else { role }).expect("a name");
    let agent = Identity::agent(WorkspaceId::default(), name.clone());
    Some(match role {
        "visitor" => Identity::user(WorkspaceId::default(), name),
        "agent" | "watcher" => agent,
        "supervisor" => agent.with_agent_role(AgentRole::Supervisor),
        "owner" => agent.with_agent_role(AgentRole::Owner),
        "AI" => {
            let mut ai = agent;
            ai.role = Role::Ai;
            ai
        }
        _ => return None,
    })
}

#[async_trait]
impl Authenticator for ByRole {
    async fn authenticate(&self, request: &AuthRequest) -> Result<Identity, AuthError> {
        let token = request.token.as_deref().ok_or(AuthError::Missing)?;
        identity(token).ok_or(AuthError::Unauthenticated)
    }
}

/// A server on which ann and bob have said something.
async fn start() -> SocketAddr {
    // The login has a store of its own: here tokens say who somebody is.
    let options = WebOptions::default().login(Login::new(Arc::new(MemoryStore::new())));
    let server = server::serve_with(Minicom::builder().authenticator(ByRole), options, None).await;
    for name in ["ann", "bob"] {
        let visitor = Identity::user(WorkspaceId::default(), ParticipantId::new(name).expect(name));
        let own = Target::Participant(visitor.participant.clone());
        server.minicom.execute(&visitor, &own, Command::message("hello")).await.expect("stored");
    }
    server.address
}

async fn socket(address: SocketAddr, role: &str) -> Client {
    let token = format!("Bearer {role}");
    let mut socket =
        Client::try_connect(address, "/ws", &[("authorization", &token)]).await.expect("a socket");
    if role == "visitor" {
        socket.expect("history").await;
    }
    socket
}

/// A frame of each type that is about somebody, if it is about anybody.
fn frame(kind: FrameKind, name: &str, role: &str) -> Value {
    let mut frame = match kind {
        FrameKind::Message => json!({"to": name, "message": "hi"}),
        FrameKind::GetConversation
        | FrameKind::ReadMessages
        | FrameKind::HandOff
        | FrameKind::TakeOver
        | FrameKind::HandBack
        | FrameKind::Ban
        | FrameKind::LiftBan
        | FrameKind::Review
        | FrameKind::Stop => json!({"email": name}),
        FrameKind::Typing => json!({"email": name, "typing": true}),
        FrameKind::Rate => json!({"email": name, "answer": 1, "helpful": true}),
        FrameKind::Personality => json!({"email": name, "personality": "technical"}),
        FrameKind::Search => json!({"query": "hello"}),
        FrameKind::SetAi => json!({"policy": {}}),
        FrameKind::SetWordLists => json!({"lists": {}}),
        FrameKind::Auth => json!({"token": role}),
        FrameKind::List | FrameKind::Ai | FrameKind::WordLists | FrameKind::Leave | FrameKind::Ping => {
            json!({})
        }
    };
    frame["type"] = kind.as_str().into();
    frame["client_id"] = "asked".into();
    frame
}

/// Whether a frame is not refused; of what nobody answers, whether it is heard.
async fn may_send(kind: FrameKind, name: &str, role: &str) -> bool {
    let address = start().await;
    let mut watcher = socket(address, "watcher").await;
    watcher.send(json!({"type": "get_conversation", "email": name})).await;
    watcher.expect("conversation").await;
    let mut socket = socket(address, role).await;
    socket.send(frame(kind, name, role)).await;
    // Waits for the same queue, and is an error for everybody.
    let fence =
        json!({"type": "rate", "email": name, "answer": 9_999_999, "helpful": true, "client_id": "end"});
    socket.send(fence).await;
    let mut refused = false;
    loop {
        let answer = socket.next().await;
        if answer["client_id"] == "end" {
            break;
        }
        let of_this = answer["type"] == "error" && answer["client_id"] == "asked";
        refused |= of_this && answer["code"] == "forbidden";
    }
    if kind != FrameKind::Typing {
        return !refused;
    }
    watcher.send(json!({"type": "ping"})).await;
    watcher.next().await["type"] == "typing"
}

/// What is written for what he may do in his own conversation and in another's.
fn cell(own: bool, others: bool) -> &'static str {
    match (own, others) {
        (true, true) => "yes",
        (true, false) => "his own",
        (false, false) => "no",
        (false, true) => panic!("another's, and not his own"),
    }
}

async fn frame_cell(kind: FrameKind, role: &str) -> &'static str {
    cell(may_send(kind, "ann", role).await, may_send(kind, "bob", role).await)
}

const HEADER: &str = "visitor | agent | supervisor | owner | AI |\n| --- | --- | --- | --- | --- | --- |";

#[tokio::test]
async fn every_frame_is_documented() {
    let mut rows = Vec::new();
    for kind in FrameKind::ALL {
        let mut cells = Vec::new();
        for role in ROLES {
            cells.push(frame_cell(*kind, role).await);
        }
        rows.push(format!("| `{}` | {} |", kind.as_str(), cells.join(" | ")));
    }
    doc_table::check_in("roles.md", "frames", &format!("| frame | {HEADER}"), &rows);
}

/// Whether a request is not refused, by the status.
async fn may_ask(method: &str, path: &str, role: Option<&str>) -> bool {
    let token = role.map(|role| format!("Bearer {role}"));
    let headers: Vec<_> = token.iter().map(|token| ("authorization", token.as_str())).collect();
    let status = http(start().await, method, path, &headers).await.status;
    assert!([200, 204, 400, 401, 403, 404].contains(&status), "{method} {path}: {status}");
    ![401, 403].contains(&status)
}

/// How a socket at a path ends at once, if it does.
async fn may_connect(path: &str, role: &str) -> bool {
    let token = format!("Bearer {role}");
    let address = start().await;
    let mut socket =
        Client::try_connect(address, path, &[("authorization", &token)]).await.expect("a handshake");
    // The page of a visitor comes first. Who is refused gets no answer.
    socket.send(json!({"type": "ping"})).await;
    loop {
        match socket.try_next().await {
            Some(frame) if frame["type"] == "pong" => return true,
            Some(_) => {}
            None => return false,
        }
    }
}

/// The word of the original path for a role, in which the AI does not occur.
fn path_role(role: &str) -> &str {
    if role == "visitor" { "user" } else { "admin" }
}

async fn route_cell(kind: RouteKind, act: Option<&str>, role: &str) -> Option<&'static str> {
    let word = path_role(role);
    Some(match kind {
        // For everybody, and nothing of anybody's is in them.
        RouteKind::Asset
        | RouteKind::Panel
        | RouteKind::Slash
        | RouteKind::Visitor
        | RouteKind::Health
        | RouteKind::Ready
        // Nobody's by his role: who has its token reads it.
        | RouteKind::Metrics
        | RouteKind::Workspace => {
            return None;
        }
        RouteKind::Users => {
            let may = may_ask("GET", "/api/users/", Some(role)).await;
            cell(may, may)
        }
        RouteKind::Session => {
            let may = may_ask("GET", "/api/session", Some(role)).await;
            cell(may, may)
        }
        RouteKind::Widget => {
            let may = may_ask("GET", "/api/widget", Some(role)).await;
            cell(may, may)
        }
        // What else there is of it is for everybody, and asks for a password or a token.
        RouteKind::Login => {
            let may = may_ask("GET", "/api/agents", Some(role)).await;
            cell(may, may)
        }
        RouteKind::Socket => {
            let may = may_connect("/ws", role).await;
            cell(may, may)
        }
        RouteKind::Chat => {
            let (own, others) = (format!("/ws/chat/{word}/ann/"), format!("/ws/chat/{word}/bob/"));
            cell(may_connect(&own, role).await, may_connect(&others, role).await)
        }
        RouteKind::Act => {
            let path = |name: &str| format!("/api/chat/{word}/{name}/{}", act.unwrap_or_default());
            let own = may_ask("POST", &path("ann"), Some(role)).await;
            cell(own, may_ask("POST", &path("bob"), Some(role)).await)
        }
    })
}

/// The routes as the documentation writes them; what can be asked of a conversation, one by one.
fn written(kind: RouteKind) -> Vec<(String, Option<&'static str>)> {
    let one = |path: &str| vec![(path.to_owned(), None)];
    match kind {
        RouteKind::Asset
        | RouteKind::Panel
        | RouteKind::Slash
        | RouteKind::Visitor
        | RouteKind::Health
        | RouteKind::Ready
        | RouteKind::Metrics
        | RouteKind::Workspace => Vec::new(),
        RouteKind::Chat => one("/ws/chat/{role}/{email}/"),
        RouteKind::Socket => one("/ws"),
        RouteKind::Users => one("GET /api/users/"),
        RouteKind::Session => one("GET /api/session"),
        RouteKind::Widget => one("GET /api/widget"),
        RouteKind::Login => one("GET /api/agents"),
        RouteKind::Act => RouteKind::acts()
            .map(|act| (format!("POST /api/chat/{{role}}/{{email}}/{act}"), Some(act)))
            .collect(),
    }
}

#[tokio::test]
async fn every_route_is_documented() {
    let mut rows = Vec::new();
    for kind in RouteKind::ALL {
        for (route, act) in written(*kind) {
            let mut cells = Vec::new();
            for role in ROLES {
                cells.extend(route_cell(*kind, act, role).await);
            }
            rows.push(format!("| `{route}` | {} |", cells.join(" | ")));
        }
    }
    doc_table::check_in("roles.md", "routes", &format!("| route | {HEADER}"), &rows);
}

#[tokio::test]
async fn what_can_be_asked_both_ways_is_answered_alike() {
    for act in RouteKind::acts() {
        let kind = FrameKind::ALL.iter().copied().find(|kind| kind.as_str() == act).expect(act);
        // The path has no word for an AI.
        for role in &ROLES[..4] {
            let by_rest = route_cell(RouteKind::Act, Some(act), role).await;
            assert_eq!(by_rest, Some(frame_cell(kind, role).await), "{act} by {role}");
        }
    }
}

#[tokio::test]
async fn nobody_gets_nothing() {
    for (method, path, may) in [
        ("GET", "/api/users/", false),
        ("GET", "/api/session", false),
        ("GET", "/api/widget", true),
        ("POST", "/api/chat/user/ann/handoff", false),
        ("POST", "/api/chat/admin/ann/take_over", false),
    ] {
        assert_eq!(may_ask(method, path, None).await, may, "{method} {path}");
    }
}
