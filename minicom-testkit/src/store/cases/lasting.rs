//! What is still there when a store is opened again. Passes at once for a store that keeps nothing.

use minicom_core::{Position, Rev, RowFilter, RowSelect, Seq};

use crate::store::{
    StoreFixture,
    kit::{
        add, after, all, change, duplicates, found, keyed, load, log, participant, row, rows, said, workspace,
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
