//! Events that come along with a snapshot.

use std::sync::Arc;

use minicom_core::{Also, LogId, Seq, Store, StoredEvent};

use crate::store::{
    StoreFixture,
    kit::{actor, add, all, client_id, keyed, log, said, workspace},
};

async fn also(store: &Arc<dyn Store>, log: &LogId, also: &Also) -> Vec<StoredEvent> {
    let mut events = store.load(log, also).await.expect("the store answers").expect("the log exists").also;
    events.sort_by_key(|event| event.id);
    events.dedup();
    events
}

/// Seqs name events of the log itself.
pub async fn by_seq(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(2), vec![said("elsewhere")]).await;
    add(&store, &log(1), vec![said("one"), said("two"), said("three")]).await;
    let mut named = Also::default();
    named.seqs = vec![Seq(3), Seq(1)];
    let stored = all(&store, &log(1)).await;
    assert_eq!(also(&store, &log(1), &named).await, [stored[0].clone(), stored[2].clone()]);
}

/// Keys name events of the whole workspace.
pub async fn by_client_id_across_logs(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![keyed("here", "a")]).await;
    add(&store, &log(2), vec![keyed("there", "b")]).await;
    let mut named = Also::default();
    named.client_ids = vec![(actor("ann"), client_id("a")), (actor("ann"), client_id("b"))];
    let expected = [all(&store, &log(1)).await, all(&store, &log(2)).await].concat();
    assert_eq!(also(&store, &log(1), &named).await, expected);
    named.seqs = vec![Seq(1)];
    assert_eq!(also(&store, &log(1), &named).await, expected);
}

/// What is not there is left out, also what is there under another actor or in another workspace.
pub async fn unknown_names_are_left_out(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let other = LogId::conversation(&workspace("other"), crate::store::kit::conversation(1));
    add(&store, &log(1), vec![said("one")]).await;
    add(&store, &other, vec![keyed("theirs", "a")]).await;
    let mut named = Also::default();
    named.seqs = vec![Seq(0), Seq(2), Seq(u64::MAX)];
    named.client_ids = vec![(actor("ann"), client_id("a")), (actor("bob"), client_id("a"))];
    assert!(also(&store, &log(1), &named).await.is_empty());
    assert!(store.load(&log(9), &named).await.unwrap().is_none());
}
