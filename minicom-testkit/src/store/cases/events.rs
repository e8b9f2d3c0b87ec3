//! Pages of events.

use minicom_core::{LogId, Order, Position};

use crate::store::{
    StoreFixture,
    kit::{add, after, all, log, range, said, seqs, workspace},
};

/// A range holds both of its ends.
pub async fn ranges_in_both_orders(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("x"); 10]).await;
    let page = range(&store, &log(1), 3..=6, Order::OldestFirst, 10).await;
    assert_eq!((seqs(&page.items), page.more), (vec![3, 4, 5, 6], false));
    let page = range(&store, &log(1), 3..=6, Order::NewestFirst, 10).await;
    assert_eq!((seqs(&page.items), page.more), (vec![6, 5, 4, 3], false));
    let page = range(&store, &log(1), 9..=99, Order::NewestFirst, 10).await;
    assert_eq!((seqs(&page.items), page.more), (vec![10, 9], false));
}

/// `more` says whether the limit cut something off.
pub async fn limits_and_more(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("x"); 5]).await;
    for (limit, expected, more) in [(2, vec![1, 2], true), (5, vec![1, 2, 3, 4, 5], false), (0, vec![], true)]
    {
        let page = range(&store, &log(1), 1..=5, Order::OldestFirst, limit).await;
        assert_eq!((seqs(&page.items), page.more), (expected, more));
    }
    let page = range(&store, &log(1), 1..=4, Order::NewestFirst, 3).await;
    assert_eq!((seqs(&page.items), page.more), (vec![4, 3, 2], true));
    let page = range(&store, &log(1), 1..=5, Order::OldestFirst, usize::MAX).await;
    assert_eq!((page.items.len(), page.more), (5, false));
}

/// Ranges that hold nothing are answered by nothing.
pub async fn empty_and_inverted_ranges(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("x"); 3]).await;
    for (from, through) in [(4, 9), (0, 0), (3, 1), (u64::MAX, 0), (u64::MAX, u64::MAX)] {
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let page = range(&store, &log(1), from..=through, order, 10).await;
            assert!(page.items.is_empty() && !page.more, "{from}..={through}");
        }
    }
}

/// By position, the logs of a workspace are one stream.
pub async fn workspace_by_position(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let shared = LogId::workspace(&workspace("w"));
    for _ in 0..3 {
        add(&store, &log(1), vec![said("x"), said("y")]).await;
        add(&store, &log(2), Vec::new()).await;
        add(&store, &shared, vec![said("z")]).await;
    }
    let mut expected = [all(&store, &log(1)).await, all(&store, &shared).await].concat();
    expected.sort_by_key(|event| event.position);
    let mut read = Vec::new();
    let mut place = Position(0);
    loop {
        let page = after(&store, &workspace("w"), place, 2).await;
        let Some(last) = page.items.last() else { break };
        place = last.position;
        assert_eq!(page.more, read.len() + page.items.len() < expected.len());
        read.extend(page.items);
    }
    assert_eq!(read, expected);
    assert!(after(&store, &workspace("nowhere"), Position(0), 9).await.items.is_empty());
}

/// No number is too large to ask for.
pub async fn extreme_numbers(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    add(&store, &log(1), vec![said("x"); 3]).await;
    let page = range(&store, &log(1), 0..=u64::MAX, Order::NewestFirst, usize::MAX).await;
    assert_eq!(seqs(&page.items), [3, 2, 1]);
    assert!(after(&store, &workspace("w"), Position(u64::MAX), usize::MAX).await.items.is_empty());
    assert_eq!(after(&store, &workspace("w"), Position(0), usize::MAX).await.items.len(), 3);
}
