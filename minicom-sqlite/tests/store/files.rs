//! Which files are opened, and what closing leaves.

use std::{fs, sync::Arc};

use minicom_core::{
    Also, EventQuery, Position, Rev, RowFilter, RowQuery, RowSelect, SearchQuery, Store, WorkspaceId,
};
use minicom_sqlite::SqliteStore;

use crate::{Lock, change, file, log, queued, rev, store_error};

#[tokio::test]
async fn a_newer_format_is_refused() {
    let (_directory, path) = file();
    SqliteStore::open(&path).unwrap().close().await;
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&path).unwrap();
    let error = SqliteStore::open(&path).unwrap_err();
    assert!(error.is_newer_format() && !error.is_foreign() && !error.is_retryable());
    assert!(error.to_string().contains("99"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_foreign_file_is_refused_and_left_alone() {
    for setup in ["CREATE TABLE theirs (x)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"] {
        let (_directory, path) = file();
        rusqlite::Connection::open(&path).unwrap().execute_batch(setup).unwrap();
        let before = fs::read(&path).unwrap();
        assert!(SqliteStore::open(&path).unwrap_err().is_foreign(), "{setup}");
        assert_eq!(fs::read(&path).unwrap(), before, "{setup}");
    }
    let (_directory, path) = file();
    fs::write(&path, "Dear diary, this is not a database, though it is long enough for a header.".repeat(20))
        .unwrap();
    assert!(SqliteStore::open(&path).unwrap_err().is_foreign());
}

#[tokio::test]
async fn a_missing_directory_is_an_error_with_its_source() {
    let (directory, _) = file();
    let error = SqliteStore::open(directory.path().join("none/minicom.db")).unwrap_err();
    assert!(!error.is_foreign() && !error.is_newer_format());
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn an_empty_file_becomes_a_store() {
    let (_directory, path) = file();
    fs::write(&path, "").unwrap();
    let store = SqliteStore::open(&path).unwrap();
    store.append(change(1, Rev::NONE, "hello")).await.unwrap();
}

#[tokio::test]
async fn each_file_has_a_generation_of_its_own() {
    let mut generations = Vec::new();
    for _ in 0..2 {
        let (_directory, path) = file();
        let store = SqliteStore::open(&path).unwrap();
        generations.push(store.append(change(1, Rev::NONE, "x")).await.unwrap().generation);
    }
    assert_ne!(generations[0], generations[1]);
}

#[tokio::test]
async fn closing_commits_what_is_queued() {
    let (directory, path) = file();
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let lock = Lock::take(&path);
    let appends = queued(&store, (0..50).map(|number| change(number, Rev::NONE, "x")).collect()).await;
    let closing = tokio::spawn({
        let store = store.clone();
        async move { store.close().await }
    });
    tokio::task::yield_now().await;
    assert!(store_error(store.append(change(99, Rev::NONE, "late")).await).is_closed());
    drop(lock);
    closing.await.unwrap();
    for append in appends {
        append.await.unwrap().unwrap();
    }
    // One file is left, without a log beside it.
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(
        (rev(&store, 0).await, rev(&store, 49).await, rev(&store, 99).await),
        (Rev(1), Rev(1), Rev::NONE)
    );
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let (_directory, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    tokio::join!(store.close(), store.close());
    store.close().await;
    let workspace = WorkspaceId::default();
    assert!(store_error(store.append(change(1, Rev::NONE, "x")).await).is_closed());
    assert!(store.load(&log(1), &Also::NOTHING).await.unwrap_err().is_closed());
    assert!(store.settle().await.unwrap_err().is_closed());
    let events = EventQuery::Workspace { workspace: workspace.clone(), after: Position(0), limit: 1 };
    assert!(store.events(&events).await.unwrap_err().is_closed());
    let select = RowSelect::Active { filter: RowFilter::default(), after: None };
    assert!(store.rows(&RowQuery::new(workspace.clone(), select, 1)).await.unwrap_err().is_closed());
    assert!(store.search(&SearchQuery::new(workspace, vec!["x".into()], 1)).await.unwrap_err().is_closed());
}

#[tokio::test]
async fn dropping_without_closing_loses_nothing() {
    let (_directory, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    store.append(change(1, Rev::NONE, "x")).await.unwrap();
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(rev(&store, 1).await, Rev(1));
    store.close().await;
}
