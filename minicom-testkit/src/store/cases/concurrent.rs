//! Many at once. Nothing here waits for time to pass: each side goes on until the other's work is seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use minicom_core::{AppendError, LogId, Position, Rev, RowSelect, Store};

use crate::store::{
    StoreFixture,
    kit::{add, after, all, change, keyed, load, log, rows, said, seqs, workspace},
};

const WRITERS: usize = 16;
const EACH: usize = 8;

/// Decides anew for as long as others were faster.
async fn insist(store: &Arc<dyn Store>, log: &LogId, body: &str) {
    loop {
        let rev = load(store, log).await.map_or(Rev::NONE, |loaded| loaded.rev);
        match store.append(change(log, rev, vec![keyed(body, body)])).await {
            Ok(_) => return,
            Err(AppendError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// Sixteen writers on one log, each with the revision it has read.
pub async fn writers_of_one_log_lose_nothing(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0..EACH {
                    insist(&store, &log(1), &format!("{writer}.{n}")).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("a writer");
    }
    let events = all(&store, &log(1)).await;
    assert_eq!(seqs(&events), (1..=(WRITERS * EACH) as u64).collect::<Vec<_>>());
    assert_eq!(load(&store, &log(1)).await.unwrap().rev, Rev((WRITERS * EACH) as u64));
    let bodies: BTreeSet<_> = events.iter().map(|event| event.data.clone()).collect();
    assert_eq!(bodies.len(), WRITERS * EACH);
    let order: Vec<_> = events.iter().map(|event| (event.position, event.id)).collect();
    assert!(order.is_sorted());
}

/// Sixteen writers that do not meet.
pub async fn writers_of_many_logs_commit_all(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    spawn_writers(&store).join().await;
    let (mut ids, mut positions) = (BTreeSet::new(), BTreeSet::new());
    for number in 0..WRITERS {
        let events = all(&store, &log(number as u128)).await;
        assert_eq!(seqs(&events), (1..=2 * EACH as u64).collect::<Vec<_>>());
        ids.extend(events.iter().map(|event| event.id));
        positions.extend(events.iter().map(|event| event.position));
    }
    assert_eq!((ids.len(), positions.len()), (WRITERS * EACH * 2, WRITERS * EACH * 2));
}

struct Writers(Vec<tokio::task::JoinHandle<()>>);

impl Writers {
    async fn join(self) {
        for writer in self.0 {
            writer.await.expect("a writer");
        }
    }
}

/// Each has a log of its own, and appends two events at a time.
fn spawn_writers(store: &Arc<dyn Store>) -> Writers {
    let spawn = |writer| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..EACH {
                add(&store, &log(writer as u128), vec![said("x"), said("y")]).await;
            }
        })
    };
    Writers((0..WRITERS).map(spawn).collect())
}

/// A reader who remembers the last position it saw, and never looks back, sees everything once and in order.
pub async fn a_reader_by_position_misses_nothing(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let writers = spawn_writers(&store);
    let mut seen = Vec::new();
    let mut place = Position(0);
    while seen.len() < WRITERS * EACH * 2 {
        let done = writers.0.iter().all(tokio::task::JoinHandle::is_finished);
        let page = after(&store, &workspace("w"), place, 7).await;
        assert!(!done || !page.items.is_empty(), "only {} events came by", seen.len());
        place = page.items.last().map_or(place, |event| event.position);
        seen.extend(page.items);
        tokio::task::yield_now().await;
    }
    writers.join().await;
    assert!(after(&store, &workspace("w"), place, 1).await.items.is_empty());
    assert!(seen.is_sorted_by(|a, b| a.position < b.position));
    for number in 0..WRITERS {
        let own: Vec<_> =
            seen.iter().filter(|event| event.log == log(number as u128)).map(|event| event.seq.0).collect();
        assert_eq!(own, (1..=2 * EACH as u64).collect::<Vec<_>>());
    }
}

/// A node that follows what changed, by the position of the last row that it saw, ends with every row as it is: no change
/// of any of the sixteen is passed over, although each moves its row to a later place.
pub async fn a_reader_of_changed_rows_misses_none(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let writers = spawn_writers(&store);
    let mut known: BTreeMap<LogId, (Rev, Position)> = BTreeMap::new();
    let mut place = Position(0);
    loop {
        // Asked before the page is read: what was written by then must be on it.
        let done = writers.0.iter().all(tokio::task::JoinHandle::is_finished);
        let page = rows(&store, RowSelect::ChangedAfter(place), 3).await;
        if done && page.items.is_empty() {
            break;
        }
        for row in page.items {
            assert!(row.position > place, "a row at {} came after one at {place}", row.position);
            place = row.position;
            let before = known.insert(row.log, (row.rev, row.position));
            assert!(before.is_none_or(|before| before.0 < row.rev), "a row came twice");
        }
        tokio::task::yield_now().await;
    }
    writers.join().await;
    for number in 0..WRITERS {
        let log = log(number as u128);
        let last = all(&store, &log).await.last().map(|event| event.position);
        assert_eq!(known.get(&log).map(|known| (known.0, Some(known.1))), Some((Rev(EACH as u64), last)));
    }
}

/// Whoever looks at a log while it is written sees whole changes: both events of a pair, and the snapshot that goes with
/// them.
pub async fn no_change_is_seen_by_halves(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let writers = spawn_writers(&store);
    loop {
        let done = writers.0.iter().all(tokio::task::JoinHandle::is_finished);
        for number in 0..WRITERS {
            let log = log(number as u128);
            let loaded = load(&store, &log).await;
            let events = all(&store, &log).await;
            assert!(events.len().is_multiple_of(2), "{} events of pairs", events.len());
            if let Some(loaded) = loaded {
                let expected = format!("snapshot {}", loaded.rev.0);
                assert_eq!(&*loaded.snapshot, expected.as_bytes(), "a snapshot of another revision");
                assert!(events.len() as u64 >= 2 * loaded.rev.0, "a snapshot before its events");
            }
        }
        let page = after(&store, &workspace("w"), Position(0), usize::MAX).await.items;
        assert!(page.len().is_multiple_of(2), "{} events of pairs in the workspace", page.len());
        if done {
            break;
        }
        tokio::task::yield_now().await;
    }
    writers.join().await;
}

/// Of sixteen that send the same key at the same revision, one is stored, and the others are told of it.
pub async fn one_of_racing_equals_wins(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let racers: Vec<_> = (0..WRITERS)
        .map(|racer| {
            let store = store.clone();
            let change = change(&log(racer as u128), Rev::NONE, vec![keyed("same", "key")]);
            tokio::spawn(async move { store.append(change).await })
        })
        .collect();
    let (mut won, mut told) = (Vec::new(), Vec::new());
    for racer in racers {
        match racer.await.expect("a racer") {
            Ok(appended) => won.push(appended.first_id),
            Err(AppendError::Duplicates(duplicates)) => told.push(duplicates[0].1.id),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!((won.len(), told.len()), (1, WRITERS - 1));
    assert!(told.iter().all(|id| *id == won[0]));
}
