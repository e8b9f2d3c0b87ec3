//! The suite for adapters, run for warp.

use std::sync::Arc;

use minicom_core::{MemoryStore, Store};
use minicom_sqlite::SqliteStore;
use minicom_testkit::{
    adapter::{AdapterFixture, HOST_PAGE, HOST_TEXT, Site, vouched},
    async_trait,
};
use tempfile::TempDir;
use warp::{Filter, Reply, filters::BoxedFilter, reply::Response};

/// With a store in memory, or in files of this folder.
#[derive(Default)]
struct Warp {
    folder: Option<TempDir>,
}

#[async_trait]
impl AdapterFixture for Warp {
    async fn serve(&self, site: Site) {
        let session = minicom_warp::identify(async |headers| vouched(&headers));
        let chat = minicom_warp::filter_with(site.minicom, site.options, session);
        let server = warp::serve(beside_the_host(chat, site.mount)).incoming(site.listener);
        server.graceful(async { drop(site.stop.await) }).run().await;
    }

    fn store(&self) -> Arc<dyn Store> {
        let Some(folder) = &self.folder else { return Arc::new(MemoryStore::new()) };
        // Its own folder within that one, which goes with the fixture.
        let own = tempfile::tempdir_in(folder.path()).expect("a folder").keep();
        Arc::new(SqliteStore::open(own.join("minicom.db")).expect("a store"))
    }
}

/// The chat first: what it does not know must reach the host.
fn beside_the_host(
    chat: BoxedFilter<(Response,)>,
    mount: Option<&'static str>,
) -> BoxedFilter<(impl Reply,)> {
    let chat = match mount {
        Some(segment) => warp::path(segment).and(chat).boxed(),
        None => chat,
    };
    let page = warp::path(&HOST_PAGE[1..]).and(warp::path::end()).map(|| HOST_TEXT);
    chat.or(page).boxed()
}

minicom_testkit::adapter_conformance!(async { Warp::default() });
minicom_testkit::adapter_conformance!(on_sqlite, async {
    Warp { folder: Some(TempDir::new().expect("a folder")) }
});
