//! Transactions: how many changes share one, and what a failure does to those that share it.

use std::sync::Arc;

use minicom_core::{AppendError, Rev, Seq, Store};
use minicom_sqlite::{Checkpoints, SqliteOptions, SqliteStore};

use crate::{Lock, change, file, queued, rev, store_error};

#[tokio::test]
async fn what_queues_up_is_one_transaction() {
    let (_directory, path) = file();
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let lock = Lock::take(&path);
    let appends = queued(&store, (0..200).map(|number| change(number, Rev::NONE, "x")).collect()).await;
    drop(lock);
    for append in appends {
        append.await.unwrap().unwrap();
    }
    let stats = store.stats();
    // One for those that the writer had taken before it had to wait, one for the rest.
    assert!(stats.transactions <= 2, "{stats:?}");
    assert_eq!(stats.changes, 200);
}

#[tokio::test]
async fn a_batch_is_bounded() {
    let (_directory, path) = file();
    let store = Arc::new(SqliteStore::open_with(&path, &SqliteOptions::new().batch(10)).unwrap());
    let lock = Lock::take(&path);
    let appends = queued(&store, (0..100).map(|number| change(number, Rev::NONE, "x")).collect()).await;
    drop(lock);
    for append in appends {
        append.await.unwrap().unwrap();
    }
    assert!((10..=11).contains(&store.stats().transactions), "{:?}", store.stats());
}

#[tokio::test]
async fn a_refused_change_does_not_touch_the_others() {
    let (_directory, path) = file();
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    store.append(change(1, Rev::NONE, "x")).await.unwrap();
    let before = store.stats();
    let lock = Lock::take(&path);
    let revs = [(1, Rev::NONE), (2, Rev::NONE), (1, Rev(1)), (1, Rev(1)), (3, Rev(7)), (4, Rev::NONE)];
    let changes = revs.into_iter().map(|(number, rev)| change(number, rev, "y")).collect();
    let appends = queued(&store, changes).await;
    drop(lock);
    let mut committed = Vec::new();
    for append in appends {
        match append.await.unwrap() {
            Ok(_) => committed.push(true),
            Err(AppendError::Conflict) => committed.push(false),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(committed, [false, true, true, false, false, true]);
    assert_eq!(store.stats().changes - before.changes, 3);
    assert!(store.stats().transactions - before.transactions <= 2);
}

#[tokio::test]
async fn a_full_disk_fails_what_does_not_fit_and_nothing_else() {
    let (_directory, path) = file();
    let store = Arc::new(SqliteStore::open_with(&path, &SqliteOptions::new().max_pages(100)).unwrap());
    let lock = Lock::take(&path);
    let large = vec![0; 1 << 20];
    let changes = (0..9).map(|number| {
        if number % 3 == 1 {
            change(number, Rev::NONE, large.clone())
        } else {
            change(number, Rev::NONE, "x")
        }
    });
    let appends = queued(&store, changes.collect()).await;
    drop(lock);
    for (number, append) in appends.into_iter().enumerate() {
        let answer = append.await.unwrap();
        if number % 3 == 1 {
            let error = store_error(answer);
            assert!(error.is_full() && error.is_retryable());
        } else {
            assert_eq!(answer.unwrap().rev, Rev(1));
        }
    }
    assert_eq!((rev(&store, 1).await, rev(&store, 2).await), (Rev::NONE, Rev(1)));
}

#[tokio::test]
async fn writing_works_again_when_there_is_room() {
    let (_directory, path) = file();
    let store = SqliteStore::open_with(&path, &SqliteOptions::new().max_pages(150)).unwrap();
    let page = vec![7; 16 << 10];
    let mut last = Rev::NONE;
    let full = loop {
        match store.append(change(1, last, page.clone())).await {
            Ok(appended) => last = appended.rev,
            error => break store_error(error),
        }
    };
    assert!(full.is_full() && last > Rev(5));
    assert_eq!(rev(&store, 1).await, last);
    // Room is made by forgetting …
    let mut forget = change(1, last, "less");
    forget.forget_through = Some(Seq(5));
    last = store.append(forget).await.unwrap().rev;
    last = store.append(change(1, last, page.clone())).await.unwrap().rev;
    store.close().await;
    // … or by whoever sees to the disk.
    let store = SqliteStore::open_with(&path, &SqliteOptions::new().max_pages(1_000)).unwrap();
    for _ in 0..10 {
        last = store.append(change(1, last, page.clone())).await.unwrap().rev;
    }
    assert_eq!(rev(&store, 1).await, last);
}

#[tokio::test]
async fn compacting_makes_the_file_smaller_and_keeps_what_is_left() {
    let (_directory, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    let size = || std::fs::metadata(&path).unwrap().len();
    let mut last = Rev::NONE;
    for _ in 0..20 {
        last = store.append(change(1, last, vec![7; 64 << 10])).await.unwrap().rev;
    }
    let mut forget = change(1, last, "what is left");
    forget.forget_through = Some(Seq(20));
    let forgotten = store.append(forget).await.unwrap();
    store.settle().await.unwrap();
    assert!(size() > 1 << 20);
    store.compact().await.unwrap();
    assert!(size() < 200 << 10);
    let next = store.append(change(1, forgotten.rev, "more")).await.unwrap();
    assert_eq!((next.rev.0, next.first_id.0), (22, forgotten.first_id.0 + 1));
}

#[tokio::test]
async fn a_log_that_somebody_else_empties_is_left_to_him() {
    let (directory, path) = file();
    let elsewhere = SqliteOptions::new().checkpoints(Checkpoints::Elsewhere);
    let store = SqliteStore::open_with(&path, &elsewhere).unwrap();
    let log = directory.path().join("minicom.db-wal");
    let length = || std::fs::metadata(&log).unwrap().len();
    let mut last = Rev::NONE;
    // Beyond where it would be moved, and then emptied.
    while length() < 66 << 20 {
        last = store.append(change(1, last, vec![7; 1 << 20])).await.unwrap().rev;
    }
    let mut forget = change(1, last, "what is left");
    forget.forget_through = Some(Seq(1));
    last = store.append(forget).await.unwrap().rev;
    assert_eq!(store.stats().checkpoints, 0);
    let before = length();
    store.close().await;
    assert_eq!(length(), before, "nor is it at the end");

    let store = SqliteStore::open_with(&path, &elsewhere).unwrap();
    assert_eq!(rev(&store, 1).await, last);
    store.settle().await.unwrap();
    assert_eq!(length(), 0, "unless it is asked for");
}
