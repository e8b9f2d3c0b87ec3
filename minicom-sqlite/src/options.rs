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
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { readers: 4, batch: 256, queue: 1024, busy_timeout: Duration::from_secs(5), max_pages: None }
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
    /// The file grows to so many pages of 4 KiB and not beyond: then the store is full.
    #[must_use]
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = Some(pages);
        self
    }
}
