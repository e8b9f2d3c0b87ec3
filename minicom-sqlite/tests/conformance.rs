//! The suite for stores, run on files.

use std::{fs, path::PathBuf, sync::Arc};

use minicom_core::Store;
use minicom_sqlite::SqliteStore;
use minicom_testkit::{async_trait, store::StoreFixture};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// A directory that is removed in the end, and what is open in it.
struct File {
    directory: TempDir,
    store: Mutex<Option<Arc<SqliteStore>>>,
}

impl File {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), store: Mutex::default() }
    }
}

#[async_trait]
impl StoreFixture for File {
    async fn open(&self) -> Arc<dyn Store> {
        let store = Arc::new(SqliteStore::open(self.directory.path().join("minicom.db")).unwrap());
        *self.store.lock().await = Some(store.clone());
        store
    }

    async fn reopen(&self) -> Option<Arc<dyn Store>> {
        if let Some(store) = self.store.lock().await.take() {
            store.close().await;
        }
        Some(self.open().await)
    }

    async fn settled_files(&self) -> Option<Vec<PathBuf>> {
        self.store.lock().await.as_ref()?.compact().await.unwrap();
        Some(fs::read_dir(self.directory.path()).unwrap().map(|file| file.unwrap().path()).collect())
    }
}

minicom_testkit::store_conformance!(async { File::new() });
