//! The store that was chosen, opened, and closed at the end.

use std::sync::Arc;

use minicom_core::{MemoryStore, Store};
use minicom_sqlite::{OpenError, SqliteOptions, SqliteStore};

use crate::options::{Options, StoreKind};

/// An open store.
#[derive(Debug, Clone)]
pub(crate) enum OpenStore {
    Sqlite(Arc<SqliteStore>),
    Memory(Arc<MemoryStore>),
}

impl OpenStore {
    pub(crate) fn open(options: &Options) -> Result<Self, OpenError> {
        Ok(match options.store {
            StoreKind::Sqlite => {
                let sqlite = SqliteOptions::new().checkpoints(options.checkpoints.into());
                Self::Sqlite(Arc::new(SqliteStore::open_with(&options.db, &sqlite)?))
            }
            StoreKind::Memory => Self::Memory(Arc::new(MemoryStore::new())),
        })
    }

    /// As `Minicom` takes it.
    pub(crate) fn shared(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => store.clone(),
            Self::Memory(store) => store.clone(),
        }
    }

    /// Leaves the file tidy: nothing waits in the write-ahead log.
    pub(crate) async fn close(&self) {
        if let Self::Sqlite(store) = self {
            store.close().await;
        }
    }
}
