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
//! # Where a request comes from
//! Limits by address, bans of addresses and authenticators need the peer's address. axum hands it over where the server is
//! made by `app.into_make_service_with_connect_info::<SocketAddr>()`; a middleware may put a [`SocketAddr`] into the request's
//! extensions instead. Behind a reverse proxy name it in [`WebOptions::trusted_proxies`].
//!
//! # Where to mount it
//! `merge` puts the visitor's page at `/`. `nest_service("/chat", …)` puts it at `/chat/`. `nest("/chat", …)` works too,
//! but axum then has no route for `/chat/`, so the page's address is `/chat/index.html`; `/chat` leads there in both cases.
//! The router sets no fallback, so what it does not know stays the host's.
//!
//! # Shutting down
//! axum does not wait for upgraded sockets: after `serve` has ended, await
//! [`Minicom::shutdown`](minicom_core::Minicom::shutdown).

use std::net::SocketAddr;

use axum::{
    Router,
    extract::{ConnectInfo, OriginalUri, Request},
    response::{IntoResponse, Response},
    routing::any,
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

/// The routes, with the defaults of [`WebOptions`].
pub fn router<S: Clone + Send + Sync + 'static>(minicom: Minicom) -> Router<S> {
    router_with(minicom, WebOptions::default())
}

/// The routes, with options.
pub fn router_with<S: Clone + Send + Sync + 'static>(minicom: Minicom, options: WebOptions) -> Router<S> {
    let web = Web::with_options(minicom, options);
    let front = {
        let web = web.clone();
        any(move |OriginalUri(original), request| front(web.clone(), original.path().to_owned(), request))
    };
    let router = Router::new().route("/", front);
    let other = any(move |request| answer(web.clone(), request));
    PATHS.iter().fold(router, |router, path| router.route(path, other.clone()))
}

/// The front page, or the way to it from the bare mount.
async fn front(web: Web, original: String, mut request: Request) -> Response {
    request.extensions_mut().insert(OriginalPath(original));
    answer(web, request).await
}

/// Hands a request over, with the peer's address where `Web` looks for it.
async fn answer(web: Web, mut request: Request) -> Response {
    let known = request.extensions().get::<SocketAddr>().is_some();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    if let Some(peer) = peer.filter(|_| !known) {
        request.extensions_mut().insert(peer);
    }
    web.handle(request).await.into_response()
}
