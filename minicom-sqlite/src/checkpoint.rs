//! The thread that moves what was committed from the write-ahead log into the file, so that the writer need not, and
//! that empties the log soon after something was erased: until then, the log still holds it. A log that has become long it
//! leaves to the writer: whoever else begins it anew must win the lock from a thread that hardly lets go of it, and then has that
//! thread wait by SQLite's clock, whose steps are up to 100 ms.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use minicom_core::StoreError;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{Checkpoints, error::store_error, stats::Counters};

/// With so many pages of 4 KiB in the log that are not in the file, they are moved: 16 MiB. The more, the oftener a page is
/// written again before it is moved once.
const MOVE_AT: i64 = 4_000;
/// With so many pages in the log the writer begins it anew: 64 MiB.
const BEGIN_ANEW_AT: i64 = 16_000;
/// Erasures of this span share one emptying of the log.
const ERASE_WITHIN: Duration = Duration::from_secs(1);
/// How long an emptying waits for readers: the writer waits as well, so it is short and tried again instead.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// What the thread is told.
#[derive(Debug)]
pub(crate) enum Signal {
    /// The writer has committed something worth looking at.
    Committed(Erased),
    /// Somebody wants to know that nothing is left in the log.
    Settle(oneshot::Sender<Result<(), StoreError>>),
}

/// Whether a transaction has removed or replaced something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Erased {
    Nothing,
    Something,
}

/// The thread's own.
pub(crate) struct Checkpointer {
    pub(crate) conn: Connection,
    pub(crate) counters: Arc<Counters>,
    /// How long [`Signal::Settle`] may take.
    pub(crate) settle_within: Duration,
    pub(crate) by: Checkpoints,
    /// Tells the writer that the log is long.
    pub(crate) is_long: Arc<AtomicBool>,
}

fn logged<T>(result: rusqlite::Result<T>) -> Option<T> {
    result.inspect_err(|error| tracing::warn!(%error, "a checkpoint failed and will be tried again")).ok()
}

/// The log's pages, and how many of them are in the file already.
struct Log {
    pages: i64,
    moved: i64,
}

enum Emptied {
    Yes,
    /// Somebody still reads from the log.
    NotYet,
}

impl Checkpointer {
    /// Works until nobody is left to tell it anything.
    pub(crate) fn run(self, signals: &Receiver<Signal>) {
        let mut empty_by: Option<Instant> = None;
        loop {
            let signal = match empty_by {
                None => signals.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => signals.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match signal {
                Ok(Signal::Committed(_)) if self.by == Checkpoints::Elsewhere => {}
                Ok(Signal::Committed(erased)) => {
                    if erased == Erased::Something && empty_by.is_none() {
                        empty_by = Some(Instant::now() + ERASE_WITHIN);
                    }
                    logged(self.keep_bounded());
                }
                Ok(Signal::Settle(reply)) => {
                    let settled = self.settle();
                    if settled.is_ok() {
                        empty_by = None;
                    }
                    // Who no longer waits does not want to know.
                    let _ = reply.send(settled);
                }
                Err(RecvTimeoutError::Timeout) => {
                    empty_by = match logged(self.empty()) {
                        Some(Emptied::Yes) => None,
                        _ => Some(Instant::now() + ERASE_WITHIN),
                    };
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn checkpoint(&self, mode: &str) -> rusqlite::Result<(bool, Log)> {
        self.conn.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| {
            Ok((row.get(0)?, Log { pages: row.get(1)?, moved: row.get(2)? }))
        })
    }

    fn keep_bounded(&self) -> rusqlite::Result<()> {
        // Two cannot move pages at once, and the writer is about to.
        if self.is_long.load(Relaxed) {
            return Ok(());
        }
        let (_, log) = self.checkpoint("NOOP")?;
        if log.pages - log.moved >= MOVE_AT {
            let (_, log) = self.checkpoint("PASSIVE")?;
            self.counters.checkpoints.fetch_add(1, Relaxed);
            // With a page that cannot be moved, because somebody reads a former state, there is no beginning anew.
            if log.pages >= BEGIN_ANEW_AT && log.moved == log.pages {
                self.is_long.store(true, Relaxed);
            }
        }
        Ok(())
    }

    /// Moves everything while others write, then the little that came meanwhile while they wait.
    fn empty(&self) -> rusqlite::Result<Emptied> {
        self.checkpoint("PASSIVE")?;
        let (busy, _) = self.checkpoint("TRUNCATE")?;
        self.counters.checkpoints.fetch_add(1, Relaxed);
        Ok(if busy { Emptied::NotYet } else { Emptied::Yes })
    }

    fn settle(&self) -> Result<(), StoreError> {
        let until = Instant::now() + self.settle_within;
        loop {
            match self.empty() {
                Ok(Emptied::Yes) => return Ok(()),
                Ok(Emptied::NotYet) if Instant::now() < until => {}
                Ok(Emptied::NotYet) => {
                    return Err(StoreError::unavailable("somebody still reads from the log"));
                }
                Err(error) => return Err(store_error(error)),
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A file `some.db` with a log that nobody empties, and room for numbers of bytes in it.
    pub(crate) fn file() -> (tempfile::TempDir, impl Fn() -> Connection) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        let connect = move || {
            let conn = Connection::open(&path).unwrap();
            conn.execute_batch("PRAGMA wal_autocheckpoint = 0").unwrap();
            conn
        };
        connect().execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE bytes (some)").unwrap();
        (folder, connect)
    }

    pub(crate) fn write(conn: &Connection, bytes: i64) {
        conn.execute("INSERT INTO bytes VALUES (zeroblob(?1))", [bytes]).unwrap();
    }

    #[test]
    fn a_long_log_is_the_writers_once_all_of_it_is_in_the_file() {
        let (_folder, connect) = file();
        let checkpointer = Checkpointer {
            conn: connect(),
            counters: Arc::default(),
            settle_within: PATIENCE,
            by: Checkpoints::Own,
            is_long: Arc::default(),
        };
        let is_long = || {
            checkpointer.keep_bounded().unwrap();
            checkpointer.is_long.load(Relaxed)
        };
        let (writer, reader) = (connect(), connect());
        write(&writer, 4096 * MOVE_AT);
        assert!(!is_long(), "it is moved, and not long");
        // What somebody reads from the log stays there, and what comes after it.
        reader.execute_batch("BEGIN; SELECT count(*) FROM bytes").unwrap();
        write(&writer, 4096 * BEGIN_ANEW_AT);
        assert!(!is_long());
        reader.execute_batch("COMMIT").unwrap();
        assert!(is_long());
        let moved = checkpointer.counters.checkpoints.load(Relaxed);
        write(&writer, 4096 * MOVE_AT);
        assert!(is_long());
        assert_eq!(checkpointer.counters.checkpoints.load(Relaxed), moved, "nobody is in the writer's way");
    }
}
