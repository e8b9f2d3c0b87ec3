//! What is particular to this store. What every store does is in `conformance`.

mod backup;
mod files;
mod sharing;
mod writing;

use std::path::PathBuf;

use bytes::Bytes;
use minicom_core::{
    ActorId, Also, AppendError, Appended, Change, ConversationId, LogId, NewEvent, ParticipantId, Rev, Role,
    Row, Store, WorkspaceId,
};
use minicom_sqlite::SqliteStore;
use tempfile::TempDir;
use uuid::Uuid;

/// A directory that is removed in the end, and the path of a file in it.
fn file() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("minicom.db");
    (directory, path)
}

fn log(number: u128) -> LogId {
    LogId::conversation(&WorkspaceId::default(), ConversationId(Uuid::from_u128(number)))
}

fn event(data: impl Into<Bytes>) -> NewEvent {
    let actor = ActorId { role: Role::User, subject: ParticipantId::new("ann").unwrap() };
    NewEvent::new(actor, jiff::Timestamp::UNIX_EPOCH, data.into())
}

fn change(number: u128, expect: Rev, data: impl Into<Bytes>) -> Change {
    let mut change = Change::new(log(number), expect, Bytes::new(), Row::default());
    change.events.push(event(data));
    change
}

async fn rev(store: &SqliteStore, number: u128) -> Rev {
    store.load(&log(number), &Also::NOTHING).await.unwrap().map_or(Rev::NONE, |loaded| loaded.rev)
}

fn store_error(answer: Result<Appended, AppendError>) -> minicom_core::StoreError {
    match answer {
        Err(AppendError::Store(error)) => error,
        other => panic!("expected the store to fail, got {other:?}"),
    }
}

/// Another process that is writing, and goes on until it is dropped.
struct Lock(rusqlite::Connection);

impl Lock {
    fn take(path: &PathBuf) -> Self {
        let conn = rusqlite::Connection::open(path).unwrap();
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        Self(conn)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.execute_batch("ROLLBACK").unwrap();
    }
}

/// Starts appends and lets each of them come as far as the writer's queue. Needs a runtime of one thread, where what
/// was spawned runs before what yields.
async fn queued(
    store: &std::sync::Arc<SqliteStore>,
    changes: Vec<Change>,
) -> Vec<tokio::task::JoinHandle<Result<Appended, AppendError>>> {
    let append = |change| {
        let store = store.clone();
        tokio::spawn(async move { store.append(change).await })
    };
    let appends: Vec<_> = changes.into_iter().map(append).collect();
    // The runtime polls a bounded number of tasks before it comes back here, but each time at least one.
    for _ in &appends {
        tokio::task::yield_now().await;
    }
    appends
}
