//! The suite for stores, run for the store in memory.

use std::sync::Arc;

use minicom_core::{MemoryStore, Store};
use minicom_testkit::{async_trait, store::StoreFixture};

struct Memory;

#[async_trait]
impl StoreFixture for Memory {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(MemoryStore::new())
    }
}

minicom_testkit::store_conformance!(async { Memory });
