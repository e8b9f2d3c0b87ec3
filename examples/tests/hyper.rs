//! The suite for adapters, run for bare hyper: what a server without a framework has to do, and no more.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, StatusCode, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto, graceful::GracefulShutdown},
};
use minicom_testkit::{
    adapter::{AdapterFixture, HOST_PAGE, HOST_TEXT, Site, vouched},
    async_trait,
};
use minicom_web::{OriginalPath, Web};

struct Hyper;

#[async_trait]
impl AdapterFixture for Hyper {
    async fn serve(&self, mut site: Site) {
        let web = Web::with_options(site.minicom, site.options);
        let connections = GracefulShutdown::new();
        loop {
            let (stream, peer) = tokio::select! {
                accepted = site.listener.accept() => accepted.expect("a connection"),
                _ = &mut site.stop => break,
            };
            let (web, mount) = (web.clone(), site.mount);
            let service = service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(peer);
                answer(web.clone(), mount, request)
            });
            let builder = auto::Builder::new(TokioExecutor::new()).http1_only();
            let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
            tokio::spawn(connections.watch(connection.into_owned()));
        }
        drop(site.listener);
        connections.shutdown().await;
    }
}

/// The host: its session, its page, and what it leaves to the chat.
async fn answer(
    web: Web,
    mount: Option<&str>,
    mut request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if let Some(identity) = vouched(request.headers()) {
        request.extensions_mut().insert(identity);
    }
    let path = request.uri().path().to_owned();
    Ok(match below(mount, &path) {
        Some(below) if web.serves(below) => {
            *request.uri_mut() = below.parse().expect("a part of a path");
            request.extensions_mut().insert(OriginalPath(path));
            web.handle(request).await.map(|body| Full::new(body.into()))
        }
        _ if path == HOST_PAGE => plain(StatusCode::OK, HOST_TEXT),
        _ => plain(StatusCode::NOT_FOUND, "nothing here"),
    })
}

/// The path relative to the mount. Of the bare mount it is the front page's.
fn below<'a>(mount: Option<&str>, path: &'a str) -> Option<&'a str> {
    let Some(segment) = mount else { return Some(path) };
    let rest = path.strip_prefix('/')?.strip_prefix(segment)?;
    Some(if rest.is_empty() { "/" } else { rest })
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response
}

minicom_testkit::adapter_conformance!(async { Hyper });
