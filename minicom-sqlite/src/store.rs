//! The store: where calls become jobs for the writer or queries for the readers, and the order of opening and closing.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc as std_mpsc},
    thread,
    time::Duration,
};

use async_trait::async_trait;
use minicom_core::{
    Also, AppendError, Appended, Change, EventQuery, Hit, Loaded, LogId, Page, RowQuery, SearchQuery, Store,
    StoreError, StoredEvent, StoredRow,
};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use crate::{
    OpenError, SqliteOptions, SqliteStats,
    checkpoint::{self, Checkpointer, Signal},
    read,
    readers::Readers,
    schema::{self, Access},
    search, sql,
    stats::Counters,
    writer::{Job, Writer},
};

/// Minicom's logs in one SQLite file. See the [crate's documentation](crate) for what it promises.
///
/// Dropping it lets its threads finish what is queued, and waits for nothing; [`close`](Self::close) waits.
#[derive(Debug)]
pub struct SqliteStore {
    generation: Uuid,
    /// `None` once it is closed.
    threads: Mutex<Option<Threads>>,
    readers: Readers,
    counters: Arc<Counters>,
    /// Its sender is the writer's, and falls with it.
    writing: watch::Receiver<()>,
}

/// The ways to the threads. They end when these are gone.
#[derive(Debug, Clone)]
struct Threads {
    jobs: mpsc::Sender<Job>,
    signals: std_mpsc::Sender<Signal>,
}

impl SqliteStore {
    /// Opens the file at `path` with the default options, or makes it. See [`open_with`](Self::open_with).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        Self::open_with(path, &SqliteOptions::new())
    }

    /// Opens the file at `path`, or makes it; its directory must exist. It reads and writes the file before it
    /// returns, so it belongs into a program's start.
    pub fn open_with(path: impl AsRef<Path>, options: &SqliteOptions) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let connect = |busy_timeout| schema::connect(path, Access::ReadWrite, busy_timeout);
        let mut conn = connect(options.busy_timeout)?;
        // Before anything is set, so that a file that is not ours stays as it is.
        schema::check(&conn)?;
        schema::prepare_for_writing(&conn, options.max_pages)?;
        schema::migrate(&mut conn)?;
        let generation = conn.query_row(sql::GENERATION, [], |row| row.get(0).map(Uuid::from_bytes))?;
        let checkpoints = connect(checkpoint::PATIENCE)?;
        schema::prepare_for_writing(&checkpoints, None)?;

        let counters = Arc::new(Counters::default());
        let (jobs, queue) = mpsc::channel(options.queue);
        let (signals, signalled) = std_mpsc::channel();
        let (written, writing) = watch::channel(());
        let checkpointer = Checkpointer {
            conn: checkpoints,
            counters: counters.clone(),
            settle_within: options.busy_timeout.max(Duration::from_secs(1)),
        };
        let writer = Writer {
            conn,
            generation,
            batch: options.batch,
            counters: counters.clone(),
            signals: signals.clone(),
            checkpointer: thread::Builder::new()
                .name("minicom-checkpoint".into())
                .spawn(move || checkpointer.run(&signalled))?,
        };
        thread::Builder::new().name("minicom-write".into()).spawn(move || {
            let _until_it_ends = written;
            writer.run(queue);
        })?;
        Ok(Self {
            generation,
            threads: Mutex::new(Some(Threads { jobs, signals })),
            readers: Readers::new(path.to_owned(), options.readers, options.busy_timeout),
            counters,
            writing,
        })
    }

    fn threads(&self) -> Result<Threads, StoreError> {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.clone().ok_or_else(StoreError::closed)
    }

    /// Waits until the write-ahead log is empty, and with it the last copy of what was rewritten or forgotten by then
    /// is gone. The store does this by itself within a second or two.
    pub async fn settle(&self) -> Result<(), StoreError> {
        let (reply, settled) = oneshot::channel();
        let sent = self.threads()?.signals.send(Signal::Settle(reply));
        sent.map_err(|_| StoreError::closed())?;
        settled.await.map_err(|_| StoreError::closed())?
    }

    /// Commits what is queued, empties the write-ahead log and closes the file. Every later call is answered by an
    /// error that [is closed](StoreError::is_closed); a second `close` waits for the first.
    pub async fn close(&self) {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The last connection to a file removes its log, which one that only reads cannot.
        self.readers.close().await;
        drop(threads);
        let mut writing = self.writing.clone();
        while writing.changed().await.is_ok() {}
    }

    /// What the store has done since it was opened.
    pub fn stats(&self) -> SqliteStats {
        self.counters.read()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn load(&self, log: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        let (log, also, generation) = (log.clone(), also.clone(), self.generation);
        self.readers.run(move |conn| read::load(conn, &log, &also, generation)).await
    }

    async fn append(&self, change: Change) -> Result<Appended, AppendError> {
        let (reply, outcome) = oneshot::channel();
        // Not held while waiting for the outcome: the writer ends when nobody holds one.
        let jobs = self.threads()?.jobs;
        jobs.send(Job { change, reply }).await.map_err(|_| StoreError::closed())?;
        drop(jobs);
        outcome.await.map_err(|_| StoreError::closed())?
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        let query = query.clone();
        self.readers.run(move |conn| read::events(conn, &query)).await
    }

    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        let query = query.clone();
        self.readers.run(move |conn| read::rows(conn, &query)).await
    }

    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        let query = query.clone();
        self.readers.run(move |conn| search::search(conn, &query)).await
    }
}
