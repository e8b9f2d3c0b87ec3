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
//! [`identify`] is a layer around a function of the host's that knows who is there; with `axum-login` it is three lines, in
//! `examples/src/bin/axum-host-session.rs`. It puts an [`Identity`] into the request's extensions, as any other middleware may.
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
//! # Small frames
//! axum leaves Nagle's algorithm on: a frame may then wait until the client has acknowledged the one before, 40 ms where it
//! delays that (RFC 896, RFC 1122 section 4.2.3.2). With `axum::serve::ListenerExt` it leaves at once:
//! `axum::serve(listener.tap_io(|tcp| drop(tcp.set_nodelay(true))), app)`.
//!
//! # Shutting down
//! axum does not wait for upgraded sockets: after `serve` has ended, await
//! [`Minicom::shutdown`](minicom_core::Minicom::shutdown).

use std::{convert::Infallible, future::Future, net::SocketAddr};

use axum::{
    Router,
    extract::{ConnectInfo, FromRequestParts, OriginalUri, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{Route, any},
};
use minicom_core::{Identity, Minicom};
use minicom_web::{OriginalPath, Web, WebOptions};
use tower_layer::Layer;
use tower_service::Service;

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
    "/api/visitor",
    "/api/visitor/",
    "/healthz",
    "/healthz/",
    "/readyz",
    "/readyz/",
];

/// That of the metrics, where they are served; otherwise it stays the host's.
#[cfg(feature = "metrics")]
const OF_METRICS: &[&str] = &["/metrics", "/metrics/"];

/// What is below `/w/`, where a workspace is reached by path. Otherwise these paths stay the host's.
const OF_WORKSPACES: &[&str] = &["/w/{workspace}", "/w/{workspace}/", "/w/{workspace}/{*rest}"];

/// The routes, with the defaults of [`WebOptions`].
pub fn router<S: Clone + Send + Sync + 'static>(minicom: Minicom) -> Router<S> {
    router_with(minicom, WebOptions::default())
}

/// The routes, with options.
pub fn router_with<S: Clone + Send + Sync + 'static>(minicom: Minicom, options: WebOptions) -> Router<S> {
    #[cfg(feature = "login")]
    let has_login = options.login.is_some();
    #[cfg(feature = "metrics")]
    let has_metrics = options.metrics.is_some();
    let by_path = options.workspaces.iter().any(|workspace| workspace.reached_by_path);
    let of_workspaces = OF_WORKSPACES.iter().filter(|_| by_path);
    let web = Web::with_options(minicom, options);
    let front = {
        let web = web.clone();
        any(move |OriginalUri(original), request| front(web.clone(), original.path().to_owned(), request))
    };
    let router = Router::new().route("/", front.clone());
    // The login's, where there is one; otherwise these paths stay the host's.
    #[cfg(feature = "login")]
    let router = minicom_web::login_paths().filter(|_| has_login).fold(router, |router, path| {
        router.route(path, front.clone()).route(&format!("{path}/"), front.clone())
    });
    let router = of_workspaces.fold(router, |router, path| router.route(path, front.clone()));
    let other = any(move |request| answer(web.clone(), request));
    #[cfg(feature = "metrics")]
    let router = OF_METRICS
        .iter()
        .filter(|_| has_metrics)
        .fold(router, |router, path| router.route(path, other.clone()));
    PATHS.iter().fold(router, |router, path| router.route(path, other.clone()))
}

/// What must know the whole path: the front page, or the way to it from the bare mount, and the login.
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

/// A layer that tells the chat who is there: `who` is given whatever can be extracted from a request, such as the host's
/// session, and answers with whom it knows. `None` leaves it to the [`Authenticator`](minicom_core::Authenticator). A request
/// from which nothing can be extracted is refused as the extractor says, and goes no further.
///
/// It belongs around the chat's routes and inside the session's own layer, that is, before that one in the code.
///
/// ```
/// use axum::{Router, http::HeaderMap};
/// use minicom_core::{Identity, MemoryStore, Minicom, ParticipantId, WorkspaceId};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
/// let chat = minicom_axum::router(minicom).layer(minicom_axum::identify(async |headers: HeaderMap| {
///     let session = headers.get("x-session")?.to_str().ok()?;
///     let ann = ParticipantId::new("ann@example.com").ok()?;
///     (session == "s3cret").then(|| Identity::user(WorkspaceId::default(), ann))
/// }));
/// let app: Router = Router::new().nest_service("/chat", chat.with_state(()));
/// # drop(app);
/// # Ok(())
/// # }
/// ```
pub fn identify<E, F, Fut>(
    who: F,
) -> impl Layer<
    Route,
    Service: Service<Request, Response = Response, Error = Infallible, Future: Send>
                 + Clone
                 + Send
                 + Sync
                 + 'static,
> + Clone
+ Send
+ Sync
+ 'static
where
    E: FromRequestParts<()> + Send + 'static,
    F: Fn(E) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Option<Identity>> + Send + 'static,
{
    from_fn(move |session: E, mut request: Request, next: Next| {
        let known = who(session);
        async move {
            if let Some(identity) = known.await {
                request.extensions_mut().insert(identity);
            }
            next.run(request).await
        }
    })
}
