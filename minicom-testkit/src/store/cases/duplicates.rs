//! Idempotency keys.

use minicom_core::{AppendError, LogId, Rev};

use crate::store::{
    StoreFixture,
    kit::{actor, add, all, change, conversation, duplicates, keyed, load, log, said, workspace},
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
    assert!(crate::store::kit::found(&store, "fresh").await.is_empty());
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
