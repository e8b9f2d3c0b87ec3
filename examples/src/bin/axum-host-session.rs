//! A shop with accounts of its own, by `axum-login` and `tower-sessions`, and the chat below `/chat/`. The shop's session says
//! who is there; the chat asks nobody for an email, and strangers get nothing.
//!
//! In place of a password there is a button for each of the four accounts. An argument names another address than
//! `127.0.0.1:8000`.

use std::{convert::Infallible, env, net::SocketAddr};

use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend};
use minicom_core::{AgentRole, Identity, MemoryStore, Minicom, ParticipantId, Role, WorkspaceId};
use tokio::net::TcpListener;
use tower_sessions::{SessionManagerLayer, cookie::SameSite};

/// The accounts: two customers, and two who answer them.
const ACCOUNTS: [(&str, &str, Role); 4] = [
    ("ann", "Ann", Role::User),
    ("bob", "Bob", Role::User),
    ("ben", "Ben", Role::Agent),
    ("eva", "Eva", Role::Agent),
];

/// Somebody with an account.
#[derive(Debug, Clone)]
struct Account {
    name: &'static str,
    /// Whom the chat is to take him for.
    identity: Identity,
}

impl AuthUser for Account {
    type Id = String;

    fn id(&self) -> String {
        self.name.to_owned()
    }

    /// A shop with passwords gives the hash of his, so that his sessions end when he changes it.
    fn session_auth_hash(&self) -> &[u8] {
        self.name.as_bytes()
    }
}

/// The shop's books.
#[derive(Debug, Clone)]
struct Shop;

impl Shop {
    /// Whoever has an account under this name.
    fn account(name: &str) -> Option<Account> {
        let (name, spoken, role) = ACCOUNTS.into_iter().find(|(account, ..)| *account == name)?;
        let participant = ParticipantId::new(format!("{name}@example.com")).ok()?;
        let identity = match role {
            Role::Agent => {
                Identity::agent(WorkspaceId::default(), participant).with_agent_role(AgentRole::Owner)
            }
            Role::User | Role::Ai => Identity::user(WorkspaceId::default(), participant),
        };
        Some(Account { name, identity: identity.with_name(spoken) })
    }
}

impl AuthnBackend for Shop {
    type User = Account;
    /// Whose button was pressed.
    type Credentials = String;
    type Error = Infallible;

    async fn authenticate(&self, name: String) -> Result<Option<Account>, Infallible> {
        Ok(Self::account(&name))
    }

    async fn get_user(&self, name: &String) -> Result<Option<Account>, Infallible> {
        Ok(Self::account(name))
    }
}

async fn sign_in(mut auth: AuthSession<Shop>, Path(name): Path<String>) -> Response {
    let Ok(Some(account)) = auth.authenticate(name).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match auth.login(&account).await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn shop(auth: AuthSession<Shop>) -> Html<String> {
    let greeting = match auth.user.and_then(|account| account.identity.name) {
        Some(name) => format!("<p>Hello, {name}. <a href=chat/>Chat</a> or <a href=chat/desk>desk</a>?</p>"),
        None => "<p>Nobody is signed in.</p>".into(),
    };
    let buttons = ACCOUNTS.map(|(name, ..)| {
        format!("<form method=post action=sign-in/{name}><button>I am {name}</button></form>")
    });
    let head = "<!doctype html><title>Shop</title><link rel=icon href=data:,><script src=chat/widget.js async></script>";
    Html(format!("{head}<h1>Shop</h1>{greeting}{}", buttons.concat()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    // Without TLS, as on one's own machine, no browser keeps a cookie that is `Secure`.
    let sessions = SessionManagerLayer::new(tower_sessions::MemoryStore::default())
        .with_secure(false)
        .with_same_site(SameSite::Lax);
    let app = Router::new()
        .route("/", get(shop))
        .route("/sign-in/{name}", post(sign_in))
        .nest_service("/chat", minicom_axum::router(minicom))
        // Who is it? All that Minicom needs of the host:
        .layer(minicom_axum::identify(async |auth: AuthSession<Shop>| {
            auth.user.map(|account| account.identity)
        }))
        .layer(AuthManagerLayerBuilder::new(Shop, sessions).build());
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8000".into());
    let listener = TcpListener::bind(address).await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}
