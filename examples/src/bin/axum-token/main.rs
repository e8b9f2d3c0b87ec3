//! A shop and a chat on different origins. The shop knows its customers by its own cookie; the chat knows them by JSON web
//! tokens that the shop signs, each for a minute, and the chat's script asks for the next one in time. Who is not signed in
//! chats as a visitor without a name; when he signs in, what he said becomes his.
//!
//! ```sh
//! cargo run -p minicom-examples --bin axum-token
//! ```
//!
//! Then open `http://127.0.0.1:8001/`. In place of a password there is a button for each of the two accounts.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::{Path, State},
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, COOKIE, SET_COOKIE},
    },
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use clap::Parser;
use minicom_core::{
    AgentRole, Clock, FirstOf, Identity, MemoryStore, Minicom, ParticipantId, SystemClock, WorkspaceId,
};
use minicom_jwt::{AnonymousVisitors, JwtAuthenticator, JwtKey, JwtKeys, JwtSigner};
use minicom_web::WebOptions;
use tokio::net::TcpListener;
use uuid::Uuid;

/// A shop, and a chat that believes its tokens.
#[derive(Debug, Parser)]
struct Options {
    /// Where the shop listens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8001")]
    shop: SocketAddr,

    /// Where the chat listens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    chat: SocketAddr,

    /// For how many seconds a token is good.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    lifetime: u64,
}

/// Whom a token is for.
const AUDIENCE: &str = "chat.example.com";

/// The names of sessions, which nobody guesses, and whose they are.
#[derive(Debug, Clone, Default)]
struct Sessions(Arc<Mutex<HashMap<String, Identity>>>);

impl Sessions {
    fn find(&self, secret: &str) -> Option<Identity> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(secret).cloned()
    }

    fn begin(&self, identity: Identity) -> String {
        let secret = Uuid::new_v4().simple().to_string();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(secret.clone(), identity);
        secret
    }
}

/// A key for this run. One that is to outlast it, or to be known to another process, comes from a secret store.
fn fresh_secret() -> Vec<u8> {
    [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()].iter().flat_map(|uuid| *uuid.as_bytes()).collect()
}

/// What the shop knows.
#[derive(Debug, Clone)]
struct Shop {
    sessions: Sessions,
    signer: JwtSigner,
    lifetime: Duration,
    page: Arc<str>,
}

impl Shop {
    fn customer(&self, headers: &HeaderMap) -> Option<Identity> {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = cookies.flat_map(|value| value.split(';')).map(str::trim);
        self.sessions.find(cookies.find_map(|cookie| cookie.strip_prefix("session="))?)
    }
}

/// The two accounts of this shop.
fn account(name: &str) -> Option<Identity> {
    let participant = ParticipantId::new(format!("{name}@example.com")).ok()?;
    match name {
        "ann" => Some(Identity::user(WorkspaceId::default(), participant).with_name("Ann")),
        "ben" => Some(
            Identity::agent(WorkspaceId::default(), participant)
                .with_agent_role(AgentRole::Owner)
                .with_name("Ben"),
        ),
        _ => None,
    }
}

async fn sign_in(State(shop): State<Shop>, Path(name): Path<String>) -> Response {
    let Some(identity) = account(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let cookie = format!("session={}; Path=/; HttpOnly; SameSite=Lax", shop.sessions.begin(identity));
    ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

async fn sign_out() -> Response {
    ([(SET_COOKIE, "session=; Path=/; Max-Age=0")], Redirect::to("/")).into_response()
}

/// A token for whoever is signed in; what the page's `getToken` asks for.
async fn token(State(shop): State<Shop>, headers: HeaderMap) -> Response {
    let end = SystemClock.now().checked_add(shop.lifetime);
    match (shop.customer(&headers), end) {
        (Some(customer), Ok(end)) => match shop.signer.sign(&customer.with_expiry(end), AUDIENCE) {
            Ok(token) => ([(CACHE_CONTROL, "no-store")], token).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Options { shop, chat, lifetime } = Options::parse();
    let (shop, chat) = (TcpListener::bind(shop).await?, TcpListener::bind(chat).await?);
    let shop_origin = format!("http://{}", shop.local_addr()?);
    let chat_origin = format!("http://{}", chat.local_addr()?);

    let secret = fresh_secret();
    // Both run on one machine, so their clocks are one.
    let customers =
        JwtAuthenticator::new(JwtKeys::new([JwtKey::hs256(&secret)?])?, AUDIENCE).leeway(Duration::ZERO);
    let people = FirstOf::new().then(customers).then(AnonymousVisitors::new(&fresh_secret())?);
    let minicom = Minicom::builder().store(MemoryStore::new()).authenticator(people).build()?;
    let options = WebOptions::default().allow_origin(shop_origin.parse()?);

    let page = include_str!("shop.html").replace("CHAT", &chat_origin).into();
    let signer = JwtSigner::hs256(&secret)?;
    let known = Shop { sessions: Sessions::default(), signer, lifetime: Duration::from_secs(lifetime), page };
    let pages = Router::new()
        .route("/", get(|State(shop): State<Shop>| async move { Html(shop.page.to_string()) }))
        .route("/sign-in/{name}", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/token", get(token))
        .with_state(known);

    println!("shop  {shop_origin}/   with the chat of {chat_origin}");
    let chat = axum::serve(chat, minicom_axum::router_with(minicom, options)).into_future();
    let shop = axum::serve(shop, pages).into_future();
    tokio::try_join!(chat, shop)?;
    Ok(())
}
