//! Everything HTTP of Minicom, once for all frameworks: the widget's and the desk's pages, a little REST, and the
//! WebSocket. A framework's adapter hands an [`http::Request`] to [`Web`] and gets an [`http::Response`] back; `Web` is a
//! [`tower_service::Service`] too.
//!
//! ```
//! use minicom_core::{MemoryStore, Minicom, PathIdentity};
//! use minicom_web::{Body, Web, WebOptions};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let minicom = Minicom::builder()
//!     .store(MemoryStore::new())
//!     .authenticator(PathIdentity::new("127.0.0.1:8000".parse()?)?)
//!     .build()?;
//! let options = WebOptions::default().allow_origin("https://shop.example".parse()?);
//! let web = Web::with_options(minicom, options);
//!
//! let page = web.handle(http::Request::get("/").body(Body::default())?).await;
//! assert_eq!(page.status(), 200);
//! let users = web.handle(http::Request::get("/api/users/").body(Body::default())?).await;
//! assert_eq!(users.status(), 200);
//! assert!(!web.serves("/basket"), "the host's own path");
//! # Ok(())
//! # }
//! ```
//!
//! # Who is it?
//! If the request's extensions hold a [`minicom_core::Identity`], put there by the host's own session middleware, that
//! is who it is. Otherwise the [`Authenticator`](minicom_core::Authenticator) of the `Minicom` is asked. A
//! [`SocketAddr`](std::net::SocketAddr) in the extensions is the peer's address and handed to the authenticator.
//!
//! # Paths
//! All are relative to where the host mounts the service, and all but the files do with and without a slash at the end.
//!
//! | path | what |
//! | --- | --- |
//! | `/`, `/desk`, `/assets/…`, `/favicon.svg` | the visitor's page, the agents' page, what they load |
//! | `/widget.js` | the script that puts the chat on a page of one's own |
//! | `/panel` | the visitor's page as that script frames it; pages of [`WebOptions::allowed_origins`] may |
//! | `GET /api/widget` | [`WidgetConfig`], in the language that suits the browser and `?lang=` |
//! | `/ws/chat/{role}/{email}/` | the WebSocket; the path says who, and the authenticator judges |
//! | `/ws` | the WebSocket; the session says who, or a first frame `auth` |
//! | `GET /api/users/` | emails of those who wrote or were written to, for agents |
//! | `GET /api/session` | how a page learns who its visitor is |
//! | `GET /healthz` | `ok` while the process serves |
//! | `GET /readyz` | 200 while the store writes, 503 if it does not and while the server drains |
//!
//! # Which workspace is it?
//! The one that the request's host name or path chose, if [`WebOptions::workspaces`] says so; below `/w/{id}/` everything
//! above is there once more. An identity of another workspace is then refused. Where nothing chose, the identity says it.
//!
//! # Which pages may
//! Every route asks the same rule before anything else. A request that opens a WebSocket or changes something is refused with
//! 403 if it is of a page that is neither the server's own nor of [`WebOptions::allowed_origins`]: told by `Origin`, and where
//! that is missing by `Sec-Fetch-Site`. A request with neither is no browser's, and the authenticator judges it. What only reads
//! is answered, and only an allowed page may see the answer.
//!
//! # The agents' login
//! With the feature `login`, `WebOptions::login` takes a `minicom_login::Login`, and these are ours too; without one they
//! stay the host's.
//!
//! | path | what |
//! | --- | --- |
//! | `/login` | the page: sign in, accept an invitation, become the first owner |
//! | `POST /api/login` | `{email, password}`: sets the session's cookie |
//! | `POST /api/logout` | `{everywhere}`: ends this session, or all of one's own |
//! | `POST /api/password` | `{current, password}`: takes another password; all sessions end, and a fresh one begins |
//! | `POST /api/setup` | `{token, email, name, password}`: becomes the first owner |
//! | `GET /api/agents` | agents and open invitations, for owners |
//! | `POST /api/agents` | `{email, agent_role}`: gives an agent a role, or removes him (`null`) |
//! | `POST /api/invitations` | `{email, agent_role}`: makes an invitation, or takes it back (`null`) |
//! | `POST /api/invited` | `{token}`: whom an invitation is for |
//! | `POST /api/join` | `{token, name, password}`: accepts it |
//!
//! Bodies are `application/json`, at most 8 KiB. Only this server's own pages may post: those of allowed origins may not, nor
//! may a request that brings a cookie and no word (`Origin`, `Sec-Fetch-Site`) of where it is from.
//!
//! # Metrics
//! With the feature `metrics`, `WebOptions::metrics` serves what the server counts at `GET /metrics`, to whoever has its token; without
//! one that path stays the host's. [The metrics](https://github.com/minicom/minicom/blob/main/docs/metrics.md).
//!
//! # A third framework
//! `minicom-axum` and `minicom-warp` are about a hundred lines each, and a server on bare hyper needs no adapter at all
//! (`examples/src/bin/hyper-minimal.rs`). Whatever hands requests over has to do this:
//!
//! - Serve HTTP/1.1 with upgrades, that is, leave [`hyper::upgrade::OnUpgrade`] in the request's extensions. hyper's
//!   `with_upgrades`, axum and warp do. Where a framework hands out the pieces of a request, as warp does, it goes into the
//!   extensions of the one that is put together.
//! - Ask [`Web::serves`] first, and leave every other path to the host.
//! - Below a mount, make the path relative (`/chat/desk` is `/desk`), byte for byte: what is percent-encoded stays so. Put the
//!   [`OriginalPath`] into the extensions, so that `/chat` leads to `/chat/index.html`.
//! - Put the peer's [`SocketAddr`](std::net::SocketAddr) into the extensions, and the host's
//!   [`Identity`](minicom_core::Identity) if its session names somebody.
//! - Hand the answer over as it is. Its [`Body`] is `Send`, `Sync`, whole and of known length, and becomes `Bytes` by `from`.
//! - Hand over the request's body as it comes, any [`http_body::Body`]: it is read, at most 8 KiB of it, only where a
//!   resource has one, and dropped at once otherwise.
//! - On the way down await [`Minicom::shutdown`](minicom_core::Minicom::shutdown), because servers do not wait for
//!   upgraded sockets.
//!
//! `minicom_testkit::adapter_conformance!` checks all of it over real sockets.

mod auth;
mod body;
mod cookie;
#[cfg(feature = "conformance")]
mod echo;
mod handshake;
mod language;
#[cfg(feature = "login")]
mod login;
#[cfg(feature = "metrics")]
mod metrics;
mod options;
mod origin;
mod pages;
mod peer;
mod percent;
mod quality;
mod reply;
mod rest;
mod route;
mod socket;
mod visitor;
mod web;
mod widget;
mod workspace;

pub use body::Body;
pub use cookie::{InvalidCookie, SessionCookie};
#[cfg(feature = "conformance")]
#[doc(hidden)]
pub use echo::echo;
pub use language::{Language, WidgetLanguage};
#[cfg(feature = "login")]
#[doc(hidden)]
pub use login::login_paths;
#[cfg(feature = "metrics")]
pub use metrics::{InvalidMetrics, Metrics};
pub use options::WebOptions;
pub use origin::{InvalidOrigin, Origin};
pub use peer::{ForwardedHeader, TrustedProxies};
#[doc(hidden)]
pub use route::RouteKind;
pub use web::{OriginalPath, Web};
pub use widget::{Colour, Icon, InvalidWidget, Offset, Side, Text, Theme, WidgetConfig};
pub use workspace::{HostName, InvalidHostName, WorkspaceOptions};
