//! Idempotency keys.

use std::sync::Arc;

use minicom_core::{AppendError, LogId, NewEvent, Rev, Store};

use crate::store::{
    StoreFixture,
    kit::{
        actor, add, all, assert_conflict, change, conversation, duplicates, found, keyed, load, log, said,
        workspace,
    },
};

/// A key is one for all logs of a workspace.
pub async fn across_logs_of_a_workspace(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![keyed("once", "k")]).await;
    let found = duplicates(store.append(change(&log(2), Rev::NONE, vec![keyed("once", "k")])).await);
    assert_eq!(found, [(0, all(&store, &log(1)).await.remove(0))]);
    assert!(load(&store, &log(2)).await.is_none());
}

/// Each duplicate comes with its place in the change and with what was stored, its digest included.
pub async fn name_index_and_event(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![keyed("a", "a"), keyed("b", "b"), said("no key")]).await;
    let again = vec![keyed("new", "c"), keyed("other words", "b"), said("no key"), keyed("a", "a")];
    let found = duplicates(store.append(change(&log(1), Rev(1), again)).await);
    let stored = all(&store, &log(1)).await;
    assert!(stored[1].digest.is_some());
    assert_eq!(found, [(1, stored[1].clone()), (3, stored[0].clone())]);
}

/// Who sends again with an old revision is told of the duplicate, not of the revision.
pub async fn win_over_conflict(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![keyed("once", "k")]).await;
    add(&store, &log(1), vec![said("more")]).await;
    for rev in [Rev::NONE, Rev(1), Rev(9)] {
        assert_eq!(duplicates(store.append(change(&log(1), rev, vec![keyed("once", "k")])).await).len(), 1);
    }
}

/// Of a change with a duplicate, nothing is written.
pub async fn write_nothing(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![keyed("once", "k")]).await;
    let mut again = change(&log(1), Rev(1), vec![keyed("fresh", "f"), keyed("once", "k")]);
    again.forget_through = Some(minicom_core::Seq(1));
    duplicates(store.append(again).await);
    let loaded = load(&store, &log(1)).await.unwrap();
    assert_eq!((loaded.rev, &*loaded.snapshot), (Rev(1), &b"snapshot 1"[..]));
    assert_eq!(all(&store, &log(1)).await.len(), 1);
    assert!(found(&store, "fresh").await.is_empty());
    // Nor was the fresh key taken.
    add(&store, &log(1), vec![keyed("fresh", "f")]).await;
}

/// Two actors may use the same key, also an agent and a user of one name.
pub async fn are_per_actor(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![keyed("ann's", "k")]).await;
    let mut bobs = keyed("bob's", "k");
    bobs.actor = actor("bob");
    let mut agents = keyed("the agent's", "k");
    agents.actor.role = minicom_core::Role::Agent;
    add(&store, &log(1), vec![bobs, agents]).await;
    assert_eq!(all(&store, &log(1)).await.len(), 3);
}

/// Two workspaces may use the same key.
pub async fn are_per_workspace(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let other = LogId::conversation(&workspace("other"), conversation(1));
    add(&store, &log(1), vec![keyed("ours", "k")]).await;
    add(&store, &other, vec![keyed("theirs", "k")]).await;
    let found = duplicates(store.append(change(&other, Rev(1), vec![keyed("theirs", "k")])).await);
    assert_eq!(found[0].1, all(&store, &other).await[0]);
}

/// A key twice in one change is the caller's mistake: refused whole, and not worth trying again.
pub async fn within_one_change_are_refused(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let twice = vec![keyed("one", "k"), keyed("two", "k")];
    match store.append(change(&log(1), Rev::NONE, twice)).await {
        Err(AppendError::Store(error)) => assert!(error.is_invalid() && !error.is_retryable()),
        other => panic!("expected a refusal, got {other:?}"),
    }
    assert!(load(&store, &log(1)).await.is_none());
    add(&store, &log(1), vec![keyed("one", "k")]).await;
}

/// A duplicate is told whatever else speaks against the change, and a stale revision whenever there is no duplicate,
/// in whatever order both are met.
pub async fn and_conflicts_in_every_order(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    store_two_keys(&store).await;
    refuse_in_every_order(&store).await;
}

/// The same after a restart, which may keep no key in memory alone.
pub async fn and_conflicts_after_reopening(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    store_two_keys(&store).await;
    drop(store);
    let Some(store) = fixture.reopen().await else { return };
    refuse_in_every_order(&store).await;
    drop(store);
    let Some(store) = fixture.reopen().await else { return };
    refuse_in_every_order(&store).await;
}

/// Two keys in two logs, and a revision that can be stale.
async fn store_two_keys(store: &Arc<dyn Store>) {
    add(store, &log(1), vec![keyed("a", "a"), said("filler")]).await;
    add(store, &log(1), vec![said("filler")]).await;
    add(store, &log(2), vec![keyed("b", "b")]).await;
}

/// Tries every mixture of known and unknown keys at every kind of revision, of which none may be written.
async fn refuse_in_every_order(store: &Arc<dyn Store>) {
    let (a, b) = (all(store, &log(1)).await.remove(0), all(store, &log(2)).await.remove(0));
    let fresh = || keyed("fresh", "fresh");
    let (again_a, again_b) = (|| keyed("other words", "a"), || keyed("b", "b"));
    let mixtures: [(Vec<NewEvent>, Vec<usize>); 7] = [
        (vec![again_a()], vec![0]),
        (vec![again_a(), fresh()], vec![0]),
        (vec![fresh(), again_a()], vec![1]),
        (vec![again_a(), again_b()], vec![0, 1]),
        (vec![again_b(), fresh(), again_a()], vec![0, 2]),
        (vec![said("no key"), again_b(), said("no key")], vec![1]),
        (vec![fresh()], vec![]),
    ];
    // The first of each log's revisions is the one that it has.
    let revisions = [(log(1), [2, 0, 1, 3]), (log(2), [1, 0, 2, 9]), (log(3), [0, 1, 2, 9])];
    for (events, expected) in &mixtures {
        for (log, [current, others @ ..]) in &revisions {
            let only_fresh = expected.is_empty();
            for rev in others.iter().chain((!only_fresh).then_some(current)) {
                let answer = store.append(change(log, Rev(*rev), events.clone())).await;
                if only_fresh {
                    assert_conflict(&answer);
                    continue;
                }
                let found = duplicates(answer);
                let at: Vec<_> = found.iter().map(|(index, _)| *index).collect();
                assert_eq!(at, *expected, "{log:?} at {rev}");
                for (index, stored) in found {
                    let key = &events[index].client_id;
                    assert_eq!(stored, if *key == a.client_id { a.clone() } else { b.clone() });
                }
            }
        }
    }
    for (log, [current, ..]) in &revisions {
        let rev = load(store, log).await.map_or(Rev::NONE, |loaded| loaded.rev);
        assert_eq!(rev, Rev(*current), "something was written to {log:?}");
    }
    assert!(found(store, "fresh").await.is_empty());
}
