//! Rewriting and forgetting.

use std::{fs, sync::Arc};

use minicom_core::{Also, Change, LogId, Order, Rev, Rewrite, Seq, Store};

use crate::store::{
    StoreFixture,
    kit::{actor, add, all, change, client_id, found, keyed, load, log, range, said, seqs},
};

pub(super) async fn erase(store: &Arc<dyn Store>, log: &LogId, erasure: impl FnOnce(&mut Change)) {
    let rev = load(store, log).await.map_or(Rev::NONE, |loaded| loaded.rev);
    let mut change = change(log, rev, Vec::new());
    erasure(&mut change);
    store.append(change).await.expect("nothing speaks against it");
}

pub(super) fn new_words(seq: u64, body: &str) -> Rewrite {
    Rewrite::new(Seq(seq), body.as_bytes().to_vec().into(), said(body).terms)
}

/// A rewritten event has new data, and all else of the old.
pub async fn rewrite_keeps_the_numbers(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![keyed("old", "k"), said("other")]).await;
    let mut expected = all(&store, &log(1)).await;
    erase(&store, &log(1), |change| {
        change.events = vec![said("edited")];
        change.rewrite = vec![new_words(1, "new")];
    })
    .await;
    expected[0].data = "new".into();
    let stored = all(&store, &log(1)).await;
    assert_eq!(stored[..2], expected);
    assert_eq!(stored.len(), 3);
    // The key goes on to stand for it.
    let mut also = Also::default();
    also.client_ids.push((actor("ann"), client_id("k")));
    assert_eq!(store.load(&log(1), &also).await.unwrap().unwrap().also, expected[..1]);
}

/// Search finds the new words, no longer the old, and none after `None`.
pub async fn rewrite_replaces_words(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("alpha beta"), said("beta"), said("beta")]).await;
    erase(&store, &log(1), |change| change.rewrite = vec![new_words(1, "gamma beta")]).await;
    assert!(found(&store, "alpha").await.is_empty());
    assert_eq!(found(&store, "gamma").await, [1]);
    assert_eq!(found(&store, "beta").await, [3, 2, 1]);
    // The same words again, as a reaction does.
    erase(&store, &log(1), |change| change.rewrite = vec![new_words(1, "gamma beta")]).await;
    assert_eq!(found(&store, "gamma").await, [1]);
    erase(&store, &log(1), |change| change.rewrite = vec![Rewrite::new(Seq(1), "{}".into(), None)]).await;
    assert!(found(&store, "gamma").await.is_empty());
    assert_eq!(found(&store, "beta").await, [3, 2]);
    erase(&store, &log(1), |change| change.rewrite = vec![new_words(1, "delta")]).await;
    assert_eq!(found(&store, "delta").await, [1]);
    // Twice in one change: the last one counts.
    erase(&store, &log(1), |change| change.rewrite = vec![new_words(2, "first"), new_words(2, "second")])
        .await;
    assert_eq!((found(&store, "first").await, found(&store, "second").await), (vec![], vec![2]));
}

/// A seq that the log does not hold is passed over; the rest of the change counts.
pub async fn rewrite_of_unknown_seq_is_ignored(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(2), vec![said("there"), said("there")]).await;
    add(&store, &log(1), vec![said("here")]).await;
    erase(&store, &log(1), |change| {
        change.rewrite =
            vec![new_words(0, "x"), new_words(2, "x"), new_words(u64::MAX, "x"), new_words(1, "now")];
    })
    .await;
    assert_eq!(all(&store, &log(1)).await[0].data, "now");
    assert!(found(&store, "x").await.is_empty());
    assert_eq!(found(&store, "there").await, [2, 1]);
}

/// A rewrite is of what was there before the change.
pub async fn rewrite_does_not_reach_new_events(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("one")]).await;
    erase(&store, &log(1), |change| {
        change.events = vec![said("two")];
        change.rewrite = vec![new_words(2, "not this")];
    })
    .await;
    assert_eq!(all(&store, &log(1)).await[1].data, "two");
    assert_eq!(found(&store, "two").await, [2]);
}

/// What is forgotten is in no page, no search and no `also`; what follows it stays.
pub async fn forget_removes_events_and_words(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(2), vec![said("word")]).await;
    add(&store, &log(1), vec![said("word one"), said("word two"), said("word three")]).await;
    erase(&store, &log(1), |change| {
        change.forget_through = Some(Seq(2));
        change.rewrite = vec![new_words(1, "back again")];
    })
    .await;
    assert_eq!(seqs(&all(&store, &log(1)).await), [3]);
    assert_eq!(seqs(&range(&store, &log(1), 1..=3, Order::NewestFirst, 9).await.items), [3]);
    assert_eq!(found(&store, "word").await, [3, 1]);
    assert!(found(&store, "back").await.is_empty());
    assert_eq!(all(&store, &log(2)).await.len(), 1);
    let mut also = Also::default();
    also.seqs = vec![Seq(1), Seq(2), Seq(3)];
    assert_eq!(seqs(&store.load(&log(1), &also).await.unwrap().unwrap().also), [3]);
}

/// A key lasts as long as its event.
pub async fn forget_frees_keys(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![keyed("one", "k"), keyed("two", "l")]).await;
    erase(&store, &log(1), |change| change.forget_through = Some(Seq(1))).await;
    add(&store, &log(2), vec![keyed("one", "k")]).await;
    let answer = store.append(change(&log(2), Rev(1), vec![keyed("two", "l")])).await;
    assert_eq!(crate::store::kit::duplicates(answer)[0].1.seq, Seq(2));
}

/// A log that has forgotten all goes on counting, seqs as well as ids.
pub async fn seq_continues_after_forgetting_all(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let first = add(&store, &log(1), vec![said("one"), said("two")]).await;
    erase(&store, &log(1), |change| change.forget_through = Some(Seq(u64::MAX))).await;
    assert!(all(&store, &log(1)).await.is_empty());
    let next = add(&store, &log(1), vec![said("three")]).await;
    assert!(next.first_id.0 > first.first_id.0 + 1 && next.position > first.position);
    assert_eq!(seqs(&all(&store, &log(1)).await), [3]);
}

/// An erasure is told by an event of the same change, which stays.
pub async fn forget_spares_the_changes_own_events(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("one")]).await;
    erase(&store, &log(1), |change| {
        change.events = vec![said("erased")];
        change.forget_through = Some(Seq(u64::MAX));
    })
    .await;
    assert_eq!(seqs(&all(&store, &log(1)).await), [2]);
    assert_eq!(found(&store, "erased").await, [2]);
}

/// Fails if one of the fixture's files holds one of the words.
pub(super) async fn assert_gone(fixture: &dyn StoreFixture, words: &[String]) {
    for path in fixture.settled_files().await.unwrap_or_default() {
        let bytes = fs::read(&path).expect("a file of the store");
        let text = String::from_utf8_lossy(&bytes);
        let left: Vec<_> = words.iter().filter(|word| text.contains(word.as_str())).collect();
        assert!(left.is_empty(), "{left:?} can still be read in {}", path.display());
    }
}

/// Neither the body nor the words of what was rewritten or forgotten remain in the files.
pub async fn forgotten_bytes_are_gone(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("Quixotic stays"), said("Zephyranthes stays"), said("common")]).await;
    erase(&store, &log(1), |change| change.rewrite = vec![new_words(2, "stays")]).await;
    erase(&store, &log(1), |change| change.forget_through = Some(Seq(1))).await;
    let gone = ["Quixotic", "quixotic", "Zephyranthes", "zephyranthes"].map(String::from);
    assert_gone(fixture, &gone).await;
    assert_eq!(found(&store, "stays").await, [2]);
}

/// Nor among thousands of others that come and go, and fill and empty the store's pages.
pub async fn many_forgotten_bytes_are_gone(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    // Neighbours in an index differ in their last letter alone, and those of one event lie far apart.
    let word = |number: u64| format!("w{:05}", number * 4_099 % 7_200);
    let body = |number: u64| (0..6).map(|n| word(number * 6 + n)).collect::<Vec<_>>().join(" ");
    let mut gone = Vec::new();
    for batch in 0..20 {
        for number in 1..=4 {
            let events = (0..15).map(|n| said(&body((batch * 4 + number) * 15 + n))).collect();
            add(&store, &log(number.into()), events).await;
        }
    }
    for seq in (1..=300).step_by(3) {
        erase(&store, &log(1), |change| change.rewrite = vec![new_words(seq, "edited")]).await;
        gone.push(seq);
    }
    let mut words = Vec::new();
    let of = |log: u64, seq: u64| body(((seq - 1) / 15 * 4 + log) * 15 + (seq - 1) % 15);
    words.extend(gone.iter().flat_map(|seq| of(1, *seq).split(' ').map(String::from).collect::<Vec<_>>()));
    for through in [50, 120, 200, 290] {
        erase(&store, &log(2), |change| change.forget_through = Some(Seq(through))).await;
    }
    words.extend((1..=290).flat_map(|seq| of(2, seq).split(' ').map(String::from).collect::<Vec<_>>()));
    erase(&store, &log(3), |change| change.forget_through = Some(Seq(300))).await;
    words.extend((1..=300).flat_map(|seq| of(3, seq).split(' ').map(String::from).collect::<Vec<_>>()));
    assert_eq!(found(&store, &of(4, 7)).await, [7]);
    assert_gone(fixture, &words).await;
}
