//! The suite for adapters, run for axum.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::HeaderMap,
    middleware::{Next, from_fn},
    response::Response,
    routing::get,
};
use minicom_core::{MemoryStore, Store};
use minicom_sqlite::SqliteStore;
use minicom_testkit::{
    adapter::{AdapterFixture, HOST_PAGE, HOST_TEXT, Site, vouched},
    async_trait,
};
use tempfile::TempDir;

/// With a store in memory, or in files of this folder.
#[derive(Default)]
struct Axum {
    folder: Option<TempDir>,
}

/// The peer's address.
async fn peer(ConnectInfo(peer): ConnectInfo<SocketAddr>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(peer);
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
        let session = minicom_axum::identify(async |headers: HeaderMap| vouched(&headers));
        let app = app.layer(session).layer(from_fn(peer)).into_make_service_with_connect_info::<SocketAddr>();
        let server = axum::serve(site.listener, app);
        server.with_graceful_shutdown(async { drop(site.stop.await) }).await.expect("it serves");
    }

    fn store(&self) -> Arc<dyn Store> {
        let Some(folder) = &self.folder else { return Arc::new(MemoryStore::new()) };
        // Its own folder within that one, which goes with the fixture.
        let own = tempfile::tempdir_in(folder.path()).expect("a folder").keep();
        Arc::new(SqliteStore::open(own.join("minicom.db")).expect("a store"))
    }
}

minicom_testkit::adapter_conformance!(async { Axum::default() });
minicom_testkit::adapter_conformance!(on_sqlite, async {
    Axum { folder: Some(TempDir::new().expect("a folder")) }
});
