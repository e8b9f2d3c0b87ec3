//! A shop with accounts of its own, and the chat below `/chat/`. The shop's middleware says who is there; the chat asks
//! nobody for an email, and strangers get nothing.
//!
//! In place of a password there is a button for each of the two accounts. An argument names another address than
//! `127.0.0.1:8000`.

use std::{
    collections::HashMap,
    env,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Extension, Router,
    extract::{Path, Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{COOKIE, SET_COOKIE},
    },
    middleware::{self, Next},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use minicom_core::{AgentRole, Identity, MemoryStore, Minicom, ParticipantId, WorkspaceId};
use tokio::net::TcpListener;
use uuid::Uuid;

/// Who is signed in, by the value of his cookie.
#[derive(Debug, Clone, Default)]
struct Sessions(Arc<Mutex<HashMap<String, Identity>>>);

impl Sessions {
    fn find(&self, headers: &HeaderMap) -> Option<Identity> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = cookies.flat_map(|value| value.split(';')).map(str::trim);
        let cookie = cookies.find_map(|cookie| cookie.strip_prefix("session="))?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(cookie).cloned()
    }

    fn start(&self, identity: Identity) -> String {
        // 74 of its bits come from the system's source of randomness.
        let session = Uuid::now_v7().simple().to_string();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(session.clone(), identity);
        session
    }
}

/// What Minicom needs of the host: these three lines.
async fn identify(State(sessions): State<Sessions>, mut request: Request, next: Next) -> Response {
    if let Some(identity) = sessions.find(request.headers()) {
        request.extensions_mut().insert(identity);
    }
    next.run(request).await
}

/// The two accounts of this shop.
fn account(name: &str) -> Option<Identity> {
    let participant = |id| ParticipantId::new(id).ok();
    match name {
        "ann" => {
            Some(Identity::user(WorkspaceId::default(), participant("ann@example.com")?).with_name("Ann"))
        }
        "ben" => {
            let ben = Identity::agent(WorkspaceId::default(), participant("ben@example.com")?);
            Some(ben.with_agent_role(AgentRole::Owner).with_name("Ben"))
        }
        _ => None,
    }
}

async fn sign_in(State(sessions): State<Sessions>, Path(name): Path<String>) -> Response {
    let Some(identity) = account(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let cookie = format!("session={}; Path=/; HttpOnly; SameSite=Lax", sessions.start(identity));
    ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

async fn shop(identity: Option<Extension<Identity>>) -> Html<String> {
    let greeting = match identity.and_then(|Extension(identity)| identity.name) {
        Some(name) => format!("<p>Hello, {name}. <a href=chat/>Chat</a> or <a href=chat/desk>desk</a>?</p>"),
        None => "<p>Nobody is signed in.</p>".into(),
    };
    let buttons = ["ann", "ben"]
        .map(|name| format!("<form method=post action=sign-in/{name}><button>I am {name}</button></form>"));
    let head = "<!doctype html><title>Shop</title><link rel=icon href=data:,><script src=chat/widget.js async></script>";
    Html(format!("{head}<h1>Shop</h1>{greeting}{}", buttons.concat()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    let sessions = Sessions::default();
    let app = Router::new()
        .route("/", get(shop))
        .route("/sign-in/{name}", post(sign_in))
        .nest_service("/chat", minicom_axum::router(minicom))
        .layer(middleware::from_fn_with_state(sessions.clone(), identify))
        .with_state(sessions);
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8000".into());
    let listener = TcpListener::bind(address).await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}
