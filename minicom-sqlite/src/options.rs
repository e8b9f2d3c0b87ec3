//! What a host may set.

use std::time::Duration;

/// How a store is opened.
///
/// ```
/// let options = minicom_sqlite::SqliteOptions::new().readers(2).batch(64);
/// ```
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    pub(crate) readers: u32,
    pub(crate) batch: usize,
    pub(crate) queue: usize,
    pub(crate) busy_timeout: Duration,
    pub(crate) max_pages: Option<u32>,
    pub(crate) checkpoints: Checkpoints,
}

/// Who moves what was committed from the write-ahead log into the file, and empties the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Checkpoints {
    /// The store.
    #[default]
    Own,
    /// Another process, such as Litestream, which has to see the log before it is emptied. The log grows for as long as that
    /// one does nothing, and what was erased stays in it until then; [`SqliteStore::settle`](crate::SqliteStore::settle)
    /// empties it all the same, if that process lets it.
    Elsewhere,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            readers: 4,
            batch: 256,
            queue: 1024,
            busy_timeout: Duration::from_secs(5),
            max_pages: None,
            checkpoints: Checkpoints::Own,
        }
    }
}

impl SqliteOptions {
    /// The defaults: 4 readers, 256 changes a transaction, 1,024 waiting, 5 s for a lock, no bound on the file.
    pub fn new() -> Self {
        Self::default()
    }
    /// At most so many queries run at once; each has a connection. At least 1.
    #[must_use]
    pub fn readers(mut self, readers: u32) -> Self {
        self.readers = readers.max(1);
        self
    }
    /// At most so many changes share a transaction. At least 1.
    #[must_use]
    pub fn batch(mut self, changes: usize) -> Self {
        self.batch = changes.max(1);
        self
    }
    /// At most so many changes wait for the writer; beyond, `append` waits for room. At least 1.
    #[must_use]
    pub fn queue(mut self, changes: usize) -> Self {
        self.queue = changes.max(1);
        self
    }
    /// How long to wait for another process that is writing to the file.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }
    /// Who empties the write-ahead log. The store, if nothing is said.
    #[must_use]
    pub fn checkpoints(mut self, by: Checkpoints) -> Self {
        self.checkpoints = by;
        self
    }
    /// The file grows to so many pages of 4 KiB and not beyond: then the store is full.
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = Some(pages);
        self
    }
}
