//! The suite for adapters, run for axum.

use std::net::SocketAddr;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
    routing::get,
};
use minicom_testkit::{
    adapter::{AdapterFixture, HOST_PAGE, HOST_TEXT, Site, vouched},
    async_trait,
};

struct Axum;

/// The host's session.
async fn session(mut request: Request, next: Next) -> Response {
    if let Some(identity) = vouched(request.headers()) {
        request.extensions_mut().insert(identity);
    }
    next.run(request).await
}

#[async_trait]
impl AdapterFixture for Axum {
    async fn serve(&self, site: Site) {
        let chat = minicom_axum::router_with(site.minicom, site.options);
        let host = Router::new().route(HOST_PAGE, get(async || HOST_TEXT));
        let app = match site.mount {
            Some(segment) => host.nest_service(&format!("/{segment}"), chat),
            None => host.merge(chat),
        };
        let app = app.layer(from_fn(session)).into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(site.listener, app);
        server.with_graceful_shutdown(async { drop(site.stop.await) }).await.expect("it serves");
    }
}

minicom_testkit::adapter_conformance!(async { Axum });
