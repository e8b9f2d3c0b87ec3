//! Several stores on one file, as several processes would have.

use std::{sync::Arc, time::Duration};

use minicom_core::{AppendError, EventQuery, Order, Rev, Seq, Store};
use minicom_sqlite::{SqliteOptions, SqliteStore};

use crate::{Lock, change, file, log, rev, store_error};

#[tokio::test]
async fn each_sees_what_the_other_wrote() {
    let (_directory, path) = file();
    let [one, two] = [(), ()].map(|()| SqliteStore::open(&path).unwrap());
    let first = one.append(change(1, Rev::NONE, "one")).await.unwrap();
    assert_eq!(rev(&two, 1).await, Rev(1));
    let second = two.append(change(1, Rev(1), "two")).await.unwrap();
    assert!(second.first_id > first.first_id && second.position > first.position);
    assert_eq!(first.generation, second.generation);
    assert!(matches!(one.append(change(1, Rev(1), "stale")).await, Err(AppendError::Conflict)));
    assert_eq!(rev(&one, 1).await, Rev(2));
    one.close().await;
    two.append(change(1, Rev(2), "three")).await.unwrap();
    two.settle().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn both_append_to_one_log_and_lose_nothing() {
    let (_directory, path) = file();
    let stores = [(), ()].map(|()| Arc::new(SqliteStore::open(&path).unwrap()));
    let writer = |writer: usize| {
        let store = stores[writer % 2].clone();
        tokio::spawn(async move {
            for n in 0..10 {
                let body = format!("{writer}.{n}");
                while let Err(error) = store.append(change(1, rev(&store, 1).await, body.clone())).await {
                    assert!(matches!(error, AppendError::Conflict), "{error:?}");
                }
            }
        })
    };
    for writer in (0..4).map(writer).collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let order = Order::OldestFirst;
    let query = EventQuery::Log { log: log(1), from: Seq(1), through: Seq(99), order, limit: 99 };
    let events = stores[0].events(&query).await.unwrap().items;
    assert!(events.iter().map(|event| event.seq.0).eq(1..=40));
    assert_eq!(stores[1].events(&query).await.unwrap().items, events);
}

#[tokio::test]
async fn a_file_that_is_held_is_unavailable_and_then_is_not() {
    let (_directory, path) = file();
    let options = SqliteOptions::new().busy_timeout(Duration::ZERO);
    let store = SqliteStore::open_with(&path, &options).unwrap();
    let lock = Lock::take(&path);
    let error = store_error(store.append(change(1, Rev::NONE, "x")).await);
    assert!(error.is_retryable() && !error.is_full());
    assert_eq!(rev(&store, 1).await, Rev::NONE);
    drop(lock);
    store.append(change(1, Rev::NONE, "x")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_made_once_by_all_who_open_it_together() {
    let (_directory, path) = file();
    let open = |_| {
        let path = path.clone();
        tokio::task::spawn_blocking(move || SqliteStore::open(path))
    };
    for (number, opened) in (0..8).map(open).collect::<Vec<_>>().into_iter().enumerate() {
        let store = opened.await.unwrap().unwrap();
        store.append(change(number as u128, Rev::NONE, "x")).await.unwrap();
    }
}
