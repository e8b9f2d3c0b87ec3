//! What the store counts.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counters since the store was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqliteStats {
    /// Transactions that committed something, each of them one sync of the disk.
    pub transactions: u64,
    /// Changes that they committed.
    pub changes: u64,
    /// Times that the write-ahead log was moved into the file.
    pub checkpoints: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) transactions: AtomicU64,
    pub(crate) changes: AtomicU64,
    pub(crate) checkpoints: AtomicU64,
}

impl Counters {
    pub(crate) fn read(&self) -> SqliteStats {
        SqliteStats {
            transactions: self.transactions.load(Relaxed),
            changes: self.changes.load(Relaxed),
            checkpoints: self.checkpoints.load(Relaxed),
        }
    }
}
