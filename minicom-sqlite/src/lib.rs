//! Minicom's logs in one SQLite file.
//!
//! ```
//! use minicom_core::{Also, Change, LogId, Rev, Row, Store, WorkspaceId};
//! use minicom_sqlite::SqliteStore;
//!
//! # let directory = tempfile::tempdir()?;
//! # let path = directory.path().join("support.db");
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//! let store = SqliteStore::open(&path)?;
//! let log = LogId::workspace(&WorkspaceId::default());
//! let appended = store.append(Change::new(log.clone(), Rev::NONE, "{}".into(), Row::default())).await?;
//!
//! let loaded = store.load(&log, &Also::NOTHING).await?.expect("it was just written");
//! assert_eq!((loaded.rev, &*loaded.snapshot), (appended.rev, &b"{}"[..]));
//! store.close().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What it promises:
//!
//! - **Durable.** An append that was answered survives a crash of the process and of the machine: write-ahead log,
//!   `synchronous=FULL`.
//! - **One sync for many.** One thread writes. What queued up while it committed is its next transaction
//!   ([`SqliteStore::stats`] counts both). A change that is refused does not touch the others.
//! - **Off the runtime.** Appends wait for that thread, queries run on [`spawn_blocking`](tokio::task::spawn_blocking)
//!   with a bounded number of connections (so they need a tokio runtime), and a third thread checkpoints. The log beside the
//!   file grows to some 64 MiB and is then written from its beginning again; it grows beyond that only while somebody reads.
//! - **Gone is gone.** What was rewritten or forgotten is overwritten in the file and in the index of words, and soon
//!   gone from the write-ahead log ([`SqliteStore::settle`] waits for that). Copies that SQLite leaves in the unused
//!   space of the file's pages go with the next [`SqliteStore::compact`].
//! - **Shared.** Several processes on one machine may open the same file. Not over a network file system.
//! - **Copied while it runs.** [`backup`] and [`backup_into`] copy it as of one moment, [`restore`] puts a copy back.
//! - **Careful.** A file of a newer version or of another application is refused and left as it is.
//!
//! SQLite is compiled in through `rusqlite`, whose version is a range, so that a host's own copy is the same one.

mod backup;
mod checkpoint;
mod codec;
mod error;
mod options;
mod read;
mod readers;
mod schema;
mod search;
mod sql;
mod stats;
mod store;
mod traces;
mod write;
mod writer;

pub use backup::{Existing, Kept, backup, backup_into, restore};
pub use error::{BackupError, OpenError};
pub use options::{Checkpoints, SqliteOptions};
pub use stats::SqliteStats;
pub use store::SqliteStore;
