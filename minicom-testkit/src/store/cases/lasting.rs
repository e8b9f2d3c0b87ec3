//! What is still there when a store is opened again. Passes at once for a store that keeps nothing.

use std::sync::Arc;

use bytes::Bytes;
use minicom_core::{Also, NewEvent, Order, Position, Rev, RowFilter, RowSelect, Seq, Store};

use super::erase::{assert_gone, erase, new_words};
use crate::store::{
    StoreFixture,
    kit::{
        actor, add, after, all, at, change, duplicates, found, keyed, load, log, participant, range, row,
        rows, said, seqs, workspace,
    },
};

/// Logs, events, rows, words, keys and the generation.
pub async fn reopening_keeps_everything(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let mut first = change(&log(1), Rev::NONE, vec![keyed("hello world", "k"), said("other")]);
    first.row = row(5);
    first.row.members = vec![participant("ann")];
    let generation = store.append(first).await.unwrap().generation;
    add(&store, &log(2), vec![said("second log")]).await;
    let mut filter = RowFilter::default();
    filter.member = Some(participant("ann"));
    let select = RowSelect::Active { filter, after: None };
    let events = after(&store, &workspace("w"), Position(0), 99).await;
    let inbox = rows(&store, select.clone(), 99).await;
    drop(store);

    let Some(store) = fixture.reopen().await else { return };
    assert_eq!(after(&store, &workspace("w"), Position(0), 99).await, events);
    assert_eq!(rows(&store, select, 99).await, inbox);
    assert_eq!(found(&store, "hello w").await, [1]);
    let loaded = load(&store, &log(1)).await.unwrap();
    assert_eq!((loaded.rev, &*loaded.snapshot), (Rev(1), &b"snapshot 1"[..]));
    assert_eq!(loaded.generation, generation);
    assert_eq!(
        duplicates(store.append(change(&log(3), Rev::NONE, vec![keyed("again", "k")])).await).len(),
        1
    );
}

/// No number is given a second time, also if its event is gone.
pub async fn numbers_go_on_after_reopening(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let first = add(&store, &log(1), vec![said("one"), said("two")]).await;
    let mut forget = change(&log(1), Rev(1), Vec::new());
    forget.forget_through = Some(Seq(2));
    let forgotten = store.append(forget).await.unwrap();
    drop(store);

    let Some(store) = fixture.reopen().await else { return };
    let next = add(&store, &log(1), vec![said("three")]).await;
    assert!(next.first_id.0 > first.first_id.0 + 1);
    assert!(next.position > forgotten.position);
    assert_eq!((next.rev, all(&store, &log(1)).await[0].seq), (Rev(3), Seq(3)));
}

/// What is erased after a restart is as gone as what is erased before one, and neither comes back with the next.
pub async fn erased_bytes_stay_gone_after_reopening(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("Abracadabra"), said("Bumbershoot"), said("Cattywampus")]).await;
    erase(&store, &log(1), |change| change.rewrite = vec![new_words(1, "edited")]).await;
    drop(store);
    let Some(store) = fixture.reopen().await else { return };
    erase(&store, &log(1), |change| change.rewrite = vec![new_words(2, "edited")]).await;
    erase(&store, &log(1), |change| change.forget_through = Some(Seq(1))).await;
    drop(store);
    let Some(store) = fixture.reopen().await else { return };
    let gone = ["Abracadabra", "abracadabra", "Bumbershoot", "bumbershoot"].map(String::from);
    assert_gone(fixture, &gone).await;
    for word in &gone {
        assert!(found(&store, word).await.is_empty());
    }
    assert_eq!((found(&store, "edited").await, found(&store, "cattywampus").await), (vec![2], vec![3]));
}

const CHANGES: u64 = 20;
const EACH: usize = 5_000;
const LAST: u64 = CHANGES * EACH as u64;

/// A hundred thousand events do not stand between a reader and the snapshot: it is what was written last, byte by byte,
/// bare of events, after a restart, and even once every event is gone.
pub async fn a_long_log_opens_by_its_snapshot(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for n in 0..CHANGES {
        let event = NewEvent::new(actor("ann"), at(1), Bytes::from_static(b"short"));
        store.append(change(&log(1), Rev(n), vec![event; EACH])).await.unwrap();
    }
    assert_long_log(&store).await;
    drop(store);

    let Some(store) = fixture.reopen().await else { return };
    assert_long_log(&store).await;
    assert_eq!(add(&store, &log(1), vec![said("next")]).await.rev, Rev(CHANGES + 1));
    let end = range(&store, &log(1), LAST..=u64::MAX, Order::OldestFirst, 9).await;
    assert_eq!(seqs(&end.items), [LAST, LAST + 1]);
    erase(&store, &log(1), |change| change.forget_through = Some(Seq(LAST + 1))).await;
    let loaded = load(&store, &log(1)).await.unwrap();
    assert_eq!((loaded.rev, &*loaded.snapshot), (Rev(CHANGES + 2), &b"snapshot 22"[..]));
    assert!(all(&store, &log(1)).await.is_empty());
}

async fn assert_long_log(store: &Arc<dyn Store>) {
    let bare = load(store, &log(1)).await.unwrap();
    assert_eq!((bare.rev, &*bare.snapshot), (Rev(CHANGES), &b"snapshot 20"[..]));
    assert!(bare.also.is_empty());
    let mut also = Also::default();
    also.seqs = vec![Seq(LAST / 2)];
    assert_eq!(seqs(&store.load(&log(1), &also).await.unwrap().unwrap().also), [LAST / 2]);
    let end = range(store, &log(1), 1..=LAST, Order::NewestFirst, 2).await;
    assert_eq!((seqs(&end.items), end.more), (vec![LAST, LAST - 1], true));
}
