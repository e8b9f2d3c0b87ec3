//! Minicom in a warp server: [`filter`] gives one filter, to be combined with the host's own by `or`, at the root or below
//! a path.
//!
//! ```
//! use minicom_core::{MemoryStore, Minicom, PathIdentity};
//! use warp::Filter;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let minicom = Minicom::builder()
//!     .store(MemoryStore::new())
//!     .authenticator(PathIdentity::new("127.0.0.1:8000".parse()?)?)
//!     .build()?;
//! let shop = warp::path::end().map(|| "the shop");
//! let routes = shop.or(warp::path("chat").and(minicom_warp::filter(minicom)));
//! let server = warp::serve(routes);
//! # drop(server);
//! # Ok(())
//! # }
//! ```
//!
//! # The host's own session
//! A filter of the host that knows who is there, given to [`filter_with`], is all that is needed:
//!
//! ```
//! use minicom_core::{Identity, MemoryStore, Minicom, ParticipantId, WorkspaceId};
//! use minicom_web::WebOptions;
//! use warp::Filter;
//!
//! /// Looks a session up, as the host does it.
//! fn visitor(session: &str) -> Option<Identity> {
//!     let ann = ParticipantId::new("ann@example.com").ok()?;
//!     (session == "s3cret").then(|| Identity::user(WorkspaceId::default(), ann))
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
//! let who = warp::cookie::optional("session")
//!     .map(|session: Option<String>| session.as_deref().and_then(visitor));
//! let chat = minicom_warp::filter_with(minicom, WebOptions::default(), who);
//! # drop(chat);
//! # Ok(())
//! # }
//! ```
//!
//! # Small frames
//! warp leaves Nagle's algorithm on: a frame may then wait until the client has acknowledged the one before, 40 ms where it
//! delays that (RFC 896, RFC 1122 section 4.2.3.2). Set `TCP_NODELAY` on the listener that `Server::incoming` gets; on Linux
//! what is accepted inherits it (`examples/src/bin/support-desk/server.rs`).
//!
//! # What is not Minicom's
//! A path that is none of [`minicom_web`]'s is rejected before the host's filter is asked and before the body is taken, so
//! whatever stands behind `or` goes on.
//!
//! # Shutting down
//! warp does not wait for upgraded sockets: await [`Minicom::shutdown`](minicom_core::Minicom::shutdown) too.

use std::net::SocketAddr;

use bytes::{Buf, Bytes};
use futures_util::{Stream, TryStreamExt};
use http_body::Frame;
use http_body_util::StreamBody;
use hyper::upgrade::OnUpgrade;
use minicom_core::{Identity, Minicom};
use minicom_web::{OriginalPath, Web, WebOptions};
use warp::{
    Filter, Rejection, Reply,
    filters::BoxedFilter,
    http::{HeaderMap, Method, Request, Uri, Version},
    path::{FullPath, Tail},
    reply::Response,
};

/// Everything of Minicom's, with the defaults of [`WebOptions`]. Whom an [`Identity`] in the request's extensions names is
/// taken for that one; a `tower` layer around `warp::service` may have put it there.
pub fn filter(minicom: Minicom) -> BoxedFilter<(Response,)> {
    filter_with(minicom, WebOptions::default(), warp::ext::optional())
}

/// Everything of Minicom's, with options and with a filter of the host's that knows who is there. `None` leaves it to the
/// [`Authenticator`](minicom_core::Authenticator); a rejection rejects the request.
pub fn filter_with<H>(minicom: Minicom, options: WebOptions, host_identity: H) -> BoxedFilter<(Response,)>
where
    H: Filter<Extract = (Option<Identity>,)> + Send + Sync + 'static,
    H::Error: Into<Rejection>,
{
    let web = Web::with_options(minicom, options);
    let ours = web.clone();
    warp::path::full()
        .and(warp::path::tail())
        .and_then(move |full: FullPath, tail: Tail| {
            let place = place(&ours, &full, &tail);
            async { place.ok_or_else(warp::reject::not_found) }
        })
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(warp::addr::remote())
        .and(warp::ext::optional())
        .and(host_identity.boxed())
        // Last: what was rejected before has its body still.
        .and(warp::body::stream())
        .map(request)
        .then(move |request| {
            let response = web.handle(request);
            async { response.await.map(Bytes::from).into_response() }
        })
        .boxed()
}

/// A path that is ours.
struct Place {
    /// Relative to where the filter is mounted.
    uri: Uri,
    original: OriginalPath,
}

fn place(web: &Web, full: &FullPath, tail: &Tail) -> Option<Place> {
    let path = format!("/{}", tail.as_str());
    if !web.serves(&path) {
        return None;
    }
    Some(Place { uri: path.parse().ok()?, original: OriginalPath(full.as_str().to_owned()) })
}

/// The request again, because warp's filters hand out its pieces.
fn request<S, D>(
    place: Place,
    method: Method,
    headers: HeaderMap,
    remote: Option<SocketAddr>,
    on_upgrade: Option<OnUpgrade>,
    identity: Option<Identity>,
    body: S,
) -> Request<impl http_body::Body<Data = D, Error = warp::Error> + Send + 'static>
where
    S: Stream<Item = Result<D, warp::Error>> + Send + 'static,
    D: Buf + 'static,
{
    let mut request = Request::new(StreamBody::new(body.map_ok(Frame::data)));
    *request.uri_mut() = place.uri;
    *request.method_mut() = method;
    *request.headers_mut() = headers;
    // warp tells the version to nobody. hyper leaves an upgrade where one was asked for in HTTP/1.1, and nowhere else.
    *request.version_mut() = if on_upgrade.is_some() { Version::HTTP_11 } else { Version::HTTP_10 };
    let extensions = request.extensions_mut();
    extensions.insert(place.original);
    remote.map(|remote| extensions.insert(remote));
    on_upgrade.map(|on_upgrade| extensions.insert(on_upgrade));
    identity.map(|identity| extensions.insert(identity));
    request
}
