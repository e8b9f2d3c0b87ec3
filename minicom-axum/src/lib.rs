//! Minicom in an axum server: [`router`] gives the routes, to be merged into the host's own router or nested below a path.
//!
//! ```
//! use axum::{Router, routing::get};
//! use minicom_core::{MemoryStore, Minicom, PathIdentity};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let minicom = Minicom::builder()
//!     .store(MemoryStore::new())
//!     .authenticator(PathIdentity::new("127.0.0.1:8000".parse()?)?)
//!     .build()?;
//! let app: Router = Router::new()
//!     .route("/", get(async || "the shop"))
//!     .nest_service("/chat", minicom_axum::router(minicom));
//! # drop(app);
//! # Ok(())
//! # }
//! ```
//!
//! # The host's own session
//! A middleware of the host that knows who is there puts an [`Identity`](minicom_core::Identity) into the request's
//! extensions; nothing else is needed. `examples/src/bin/axum-host-session.rs` shows it.
//!
//! A [`SocketAddr`](std::net::SocketAddr) there is the peer's address, for an authenticator that wants to know it; axum has it
//! as `ConnectInfo`.
//!
//! # Where to mount it
//! `merge` puts the visitor's page at `/`. `nest_service("/chat", …)` puts it at `/chat/`. `nest("/chat", …)` works too,
//! but axum then has no route for `/chat/`, so the page's address is `/chat/index.html`; `/chat` leads there in both cases.
//! The router sets no fallback, so what it does not know stays the host's.
//!
//! # Small frames
//! axum leaves Nagle's algorithm on: a frame may then wait until the client has acknowledged the one before, 40 ms where it
//! delays that (RFC 896, RFC 1122 section 4.2.3.2). With `axum::serve::ListenerExt` it leaves at once:
//! `axum::serve(listener.tap_io(|tcp| drop(tcp.set_nodelay(true))), app)`.
//!
//! # Shutting down
//! axum does not wait for upgraded sockets: after `serve` has ended, await
//! [`Minicom::shutdown`](minicom_core::Minicom::shutdown).

use axum::{
    Router,
    extract::{OriginalUri, Request},
    response::{IntoResponse, Response},
    routing::{any, any_service},
};
use minicom_core::Minicom;
use minicom_web::{OriginalPath, Web, WebOptions};

/// Every path but the front page's. Below `/ws/chat/`, `/api/chat/` and `/assets/` it is `Web` that knows what there is.
const PATHS: &[&str] = &[
    "/index.html",
    "/desk",
    "/desk/",
    "/panel",
    "/panel/",
    "/widget.js",
    "/assets/{*file}",
    "/favicon.svg",
    "/ws",
    "/ws/",
    "/ws/chat/{*who}",
    "/api/chat/{*who}",
    "/api/users",
    "/api/users/",
    "/api/session",
    "/api/session/",
    "/api/widget",
    "/api/widget/",
    "/healthz",
    "/healthz/",
];

/// What is below `/w/`, where a workspace is reached by path. Otherwise these paths stay the host's.
const OF_WORKSPACES: &[&str] = &["/w/{workspace}", "/w/{workspace}/", "/w/{workspace}/{*rest}"];

/// The login's, where there is one; otherwise these paths stay the host's.
#[cfg(feature = "login")]
const OF_LOGIN: &[&str] = &[
    "/login",
    "/login/",
    "/api/login",
    "/api/login/",
    "/api/logout",
    "/api/logout/",
    "/api/setup",
    "/api/setup/",
    "/api/agents",
    "/api/agents/",
    "/api/invitations",
    "/api/invitations/",
    "/api/invited",
    "/api/invited/",
    "/api/join",
    "/api/join/",
];

/// The routes, with the defaults of [`WebOptions`].
pub fn router<S: Clone + Send + Sync + 'static>(minicom: Minicom) -> Router<S> {
    router_with(minicom, WebOptions::default())
}

/// The routes, with options.
pub fn router_with<S: Clone + Send + Sync + 'static>(minicom: Minicom, options: WebOptions) -> Router<S> {
    let by_path = options.workspaces.iter().any(|workspace| workspace.reached_by_path);
    let of_workspaces = OF_WORKSPACES.iter().filter(|_| by_path);
    #[cfg(feature = "login")]
    let has_login = options.login.is_some();
    let web = Web::with_options(minicom, options);
    let front = {
        let web = web.clone();
        any(move |OriginalUri(original), request| front(web.clone(), original.path().to_owned(), request))
    };
    let router = Router::new().route("/", front.clone());
    // A login's cookie holds below the mount, and below a workspace's path.
    let router = of_workspaces.fold(router, |router, path| router.route(path, front.clone()));
    #[cfg(feature = "login")]
    let router =
        OF_LOGIN.iter().filter(|_| has_login).fold(router, |router, path| router.route(path, front.clone()));
    PATHS.iter().fold(router, |router, path| router.route(path, any_service(web.clone())))
}

/// What must know the whole path: the front page, or the way to it from the bare mount, and the login.
async fn front(web: Web, original: String, mut request: Request) -> Response {
    request.extensions_mut().insert(OriginalPath(original));
    web.handle(request).await.into_response()
}
