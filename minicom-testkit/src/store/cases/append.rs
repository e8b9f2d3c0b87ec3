//! Compare and append, and the numbers that it gives.

use bytes::Bytes;
use minicom_core::{EventId, Position, Rev, Seq};

use crate::store::{
    StoreFixture,
    kit::{add, all, assert_conflict, change, load, log, said, seqs},
};

/// A log that nobody has written to does not exist.
pub async fn unknown_log_is_none(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    assert!(load(&store, &log(1)).await.is_none());
    assert!(all(&store, &log(1)).await.is_empty());
}

/// What the first append wrote is what is loaded.
pub async fn created_log_is_loaded(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let event = said("hello");
    let appended = store.append(change(&log(1), Rev::NONE, vec![event.clone()])).await.unwrap();
    assert_eq!(appended.rev, Rev(1));
    let loaded = load(&store, &log(1)).await.unwrap();
    assert_eq!((loaded.rev, &*loaded.snapshot), (Rev(1), &b"snapshot 1"[..]));
    let stored = all(&store, &log(1)).await.remove(0);
    assert_eq!(stored.log, log(1));
    assert_eq!((stored.seq, stored.id, stored.position), (Seq(1), appended.first_id, appended.position));
    assert_eq!((stored.actor, stored.client_id, stored.digest), (event.actor, None, None));
    assert_eq!((stored.time, stored.data), (event.time, event.data));
}

/// `Rev::NONE` means that the log must not exist.
pub async fn existing_log_is_not_created_again(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("first")]).await;
    assert_conflict(&store.append(change(&log(1), Rev::NONE, vec![said("second")])).await);
    assert_eq!(all(&store, &log(1)).await.len(), 1);
}

/// Of a change that was decided on an old revision, nothing is written.
pub async fn stale_revision_conflicts(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("one")]).await;
    add(&store, &log(1), vec![said("two")]).await;
    let mut stale = change(&log(1), Rev(1), vec![said("three")]);
    stale.forget_through = Some(Seq(1));
    stale.rewrite.push(minicom_core::Rewrite::new(Seq(2), "changed".into(), None));
    assert_conflict(&store.append(stale).await);
    let loaded = load(&store, &log(1)).await.unwrap();
    assert_eq!((loaded.rev, &*loaded.snapshot), (Rev(2), &b"snapshot 2"[..]));
    let bodies: Vec<_> = all(&store, &log(1)).await.into_iter().map(|event| event.data).collect();
    assert_eq!(bodies, ["one", "two"]);
}

/// A revision that does not exist yet is no better than an old one, and creates nothing.
pub async fn future_revision_conflicts(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for rev in [Rev(1), Rev(u64::MAX - 1)] {
        assert_conflict(&store.append(change(&log(1), rev, vec![said("early")])).await);
    }
    assert!(load(&store, &log(1)).await.is_none());
    let appended = store.append(change(&log(1), Rev::NONE, vec![said("first")])).await.unwrap();
    assert_eq!(appended.rev, Rev(1));
}

/// Seqs are dense; ids and positions are consecutive within a change and rise between changes.
pub async fn numbers_are_dense(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let (mut last_id, mut last_position) = (EventId(0), Position(0));
    let mut expected_seq = 0;
    for count in [1, 3, 2] {
        let appended = add(&store, &log(1), vec![said("word"); count]).await;
        let events = all(&store, &log(1)).await.split_off(usize::try_from(expected_seq).unwrap());
        assert_eq!(events.len(), count);
        for (offset, event) in (0..).zip(&events) {
            expected_seq += 1;
            assert_eq!(event.seq, Seq(expected_seq));
            assert_eq!(event.id, EventId(appended.first_id.0 + offset));
            assert_eq!(event.position.0 + count as u64, appended.position.0 + 1 + offset);
            assert!(event.id > last_id && event.position > last_position);
            (last_id, last_position) = (event.id, event.position);
        }
        assert_eq!(last_position, appended.position);
        assert!(last_id.0 < 1 << 53);
    }
}

/// A change without events raises the revision and draws one position, and no id.
pub async fn marks_raise_rev_and_position(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let first = add(&store, &log(1), vec![said("one")]).await;
    let marks = add(&store, &log(1), Vec::new()).await;
    assert_eq!((marks.rev, marks.first_id), (Rev(2), EventId(0)));
    assert!(marks.position > first.position);
    let second = add(&store, &log(1), vec![said("two")]).await;
    assert!(second.position > marks.position);
    assert_eq!(seqs(&all(&store, &log(1)).await), [1, 2]);
    let created_by_marks = add(&store, &log(2), Vec::new()).await;
    assert_eq!(created_by_marks.rev, Rev(1));
    assert!(created_by_marks.position > second.position);
}

/// Positions rise over all logs of a workspace; seqs and revisions are each log's own.
pub async fn several_logs_share_positions(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let mut last = Position(0);
    for round in 1..=3 {
        for number in 1..=3 {
            let appended = add(&store, &log(number), vec![said("a"), said("b")]).await;
            assert!(appended.position.0 >= last.0 + 2);
            assert_eq!(appended.rev, Rev(round));
            last = appended.position;
        }
    }
    assert_eq!(seqs(&all(&store, &log(2)).await), [1, 2, 3, 4, 5, 6]);
}

/// Bodies and snapshots of a mebibyte, of nothing, and of every byte there is.
pub async fn large_bodies_come_back(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let large: Bytes = (0..=u8::MAX).cycle().take(1 << 20).collect::<Vec<_>>().into();
    let mut events = vec![said(""), said("")];
    events[0].data = large.clone();
    let mut change = change(&log(1), Rev::NONE, events);
    change.snapshot = large.clone();
    store.append(change).await.unwrap();
    assert_eq!(load(&store, &log(1)).await.unwrap().snapshot, large);
    let events = all(&store, &log(1)).await;
    assert_eq!(events[0].data, large);
    assert!(events[1].data.is_empty());
}

/// All answers of one store bear the same generation.
pub async fn generation_is_one(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let first = add(&store, &log(1), vec![said("one")]).await;
    let second = add(&store, &log(2), Vec::new()).await;
    assert!(!first.generation.is_nil());
    assert_eq!(first.generation, second.generation);
    assert_eq!(load(&store, &log(1)).await.unwrap().generation, first.generation);
}
