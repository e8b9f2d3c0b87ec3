//! The store: where calls become jobs for the writer or queries for the readers, and the order of opening and closing.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool, mpsc as std_mpsc},
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
    checkpoint::{self, Checkpointer},
    read,
    readers::Readers,
    schema::{self, Access},
    search, sql,
    stats::Counters,
    traces,
    writer::{Append, Depth, Job, Settle, Writer},
};

/// Minicom's logs in one SQLite file. See the [crate's documentation](crate) for what it promises.
///
/// Dropping it lets its threads finish what is queued, and waits for nothing; [`close`](Self::close) waits.
#[derive(Debug)]
pub struct SqliteStore {
    generation: Uuid,
    /// To the writer, who ends when nobody holds one. `None` once the store is closed.
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    readers: Readers,
    counters: Arc<Counters>,
    /// Its sender is the writer's, and falls with it.
    writing: watch::Receiver<()>,
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
        schema::check(&mut conn)?;
        schema::prepare_for_writing(&conn, options.max_pages, options.busy_timeout)?;
        schema::migrate(&mut conn)?;
        let generation = conn.query_row(sql::GENERATION, [], |row| row.get(0).map(Uuid::from_bytes))?;
        let cleaning = traces::left(&conn)?;
        let checkpoints = connect(checkpoint::PATIENCE)?;
        schema::prepare_for_writing(&checkpoints, None, options.busy_timeout)?;

        let counters = Arc::new(Counters::default());
        let (jobs, queue) = mpsc::channel(options.queue);
        let (signals, signalled) = std_mpsc::channel();
        let (written, writing) = watch::channel(());
        let log_is_long = Arc::new(AtomicBool::new(false));
        let checkpointer = Checkpointer {
            conn: checkpoints,
            counters: counters.clone(),
            settle_within: options.busy_timeout.max(Duration::from_secs(1)),
            by: options.checkpoints,
            is_long: log_is_long.clone(),
        };
        let writer = Writer {
            conn,
            generation,
            batch: options.batch,
            counters: counters.clone(),
            signals,
            untold: 0,
            cleaning,
            checkpoints: options.checkpoints,
            log_is_long,
            busy_timeout: options.busy_timeout,
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
            jobs: Mutex::new(Some(jobs)),
            readers: Readers::new(path.to_owned(), options.readers, options.busy_timeout),
            counters,
            writing,
        })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        self.readers.path()
    }

    /// Waits for room in the queue, and not for the job.
    async fn send(&self, job: Job) -> Result<(), StoreError> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        jobs.ok_or_else(StoreError::closed)?.send(job).await.map_err(|_| StoreError::closed())
    }

    /// Waits until nothing that was rewritten or forgotten by then is left in the index of words or in the write-ahead
    /// log. The store does this by itself, within a second or two if it has little else to do.
    ///
    /// What SQLite itself leaves behind is not touched: when it moves rows from one page of the file to another, copies
    /// may stay in the unused space of the first. [`compact`](Self::compact) removes those too.
    pub async fn settle(&self) -> Result<(), StoreError> {
        self.settled(Depth::Log).await
    }

    /// Rewrites the whole file, so that no byte of what was rewritten or forgotten by then is left in it, and so that
    /// it is no larger than what it holds. Appends wait meanwhile and as much room is needed again as the file takes,
    /// so this belongs into a quiet hour, and behind an erasure that somebody has a right to.
    pub async fn compact(&self) -> Result<(), StoreError> {
        self.settled(Depth::File).await
    }

    async fn settled(&self, depth: Depth) -> Result<(), StoreError> {
        let (reply, settled) = oneshot::channel();
        self.send(Job::Settle(Settle { depth, reply })).await?;
        settled.await.map_err(|_| StoreError::closed())?
    }

    /// Commits what is queued, empties the write-ahead log, if that is its own to do
    /// ([`SqliteOptions::checkpoints`]), and closes the file. Every later call is answered by an
    /// error that [is closed](StoreError::is_closed); a second `close` waits for the first.
    pub async fn close(&self) {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The last connection to a file removes its log, which one that only reads cannot.
        self.readers.close().await;
        drop(jobs);
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
        self.send(Job::Append(Box::new(Append { change, reply }))).await?;
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
