//! The connections that answer queries, on the runtime's threads for blocking work.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use minicom_core::StoreError;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::{
    error::store_error,
    schema::{self, Access},
};

/// A bounded pool of read-only connections.
#[derive(Debug)]
pub(crate) struct Readers {
    /// One permit for each connection there may be.
    permits: Arc<Semaphore>,
    size: u32,
    pool: Arc<Pool>,
}

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    busy_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    /// Opened when first needed, and again after a query that panicked has taken one along.
    fn take(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| schema::connect(&self.path, Access::ReadOnly, self.busy_timeout), Ok)
    }

    fn give_back(&self, conn: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
    }
}

impl Readers {
    pub(crate) fn new(path: PathBuf, size: u32, busy_timeout: Duration) -> Self {
        let pool = Pool { path, busy_timeout, idle: Mutex::default() };
        Self { permits: Arc::new(Semaphore::new(size as usize)), size, pool: Arc::new(pool) }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.pool.path
    }

    /// Runs a query as soon as a connection is free. It runs to its end also if the caller no longer waits.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| StoreError::closed())?;
        let pool = self.pool.clone();
        let work = move || {
            let _held_until_given_back = permit;
            let mut conn = pool.take()?;
            let answer = query(&mut conn);
            pool.give_back(conn);
            answer
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(answer) => answer.map_err(store_error),
            Err(error) => Err(StoreError::unavailable(error)),
        }
    }

    /// Waits for what is running, then closes every connection and refuses what comes later.
    pub(crate) async fn close(&self) {
        // An error means that somebody else has closed them.
        let _all = self.permits.acquire_many(self.size).await;
        self.permits.close();
        self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
