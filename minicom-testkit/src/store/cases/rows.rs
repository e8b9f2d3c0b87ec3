//! Rows of conversations.

use std::sync::Arc;

use minicom_core::{
    LogId, LogKind, Position, ReaderName, Rev, Row, RowCursor, RowFilter, RowSelect, Status, Store, StoredRow,
};

use crate::store::{
    StoreFixture,
    kit::{add, at, change, conversation, log, participant, row, rows, said, set_row, workspace},
};

fn active(filter: RowFilter, after: Option<RowCursor>) -> RowSelect {
    RowSelect::Active { filter, after }
}

fn unread_is(unread: bool) -> RowFilter {
    let mut filter = RowFilter::default();
    filter.unread = Some(unread);
    filter
}

fn member_is(name: &str) -> RowFilter {
    let mut filter = RowFilter::default();
    filter.member = Some(participant(name));
    filter
}

/// The numbers of the conversations, in order.
fn numbers(rows: &[StoredRow]) -> Vec<u128> {
    let number = |row: &StoredRow| match row.log.kind {
        LogKind::Conversation(conversation) => conversation.0.as_u128(),
        _ => panic!("{:?} is no conversation", row.log),
    };
    rows.iter().map(number).collect()
}

async fn matching(store: &Arc<dyn Store>, filter: RowFilter) -> Vec<u128> {
    numbers(&rows(store, active(filter, None), 100).await.items)
}

/// Every column comes back as it was given, and the snapshot with it.
pub async fn come_back_whole(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let mut full = Row::default();
    full.members = vec![participant("ann@example.com"), participant("bob, \"the: builder\" é")];
    full.status = Status::Open;
    full.assignee = Some(participant("agent"));
    full.tags = vec![String::new(), "1:x".into(), "a\nb".into(), "é".into()];
    full.priority = -7;
    full.active_at = at(1_700_000_000_123_456);
    full.queued_at = Some(at(-1));
    full.unread = 100;
    full.due_at = Some(at(1_700_000_000_000_001));
    full.flagged = true;
    for expected in [full, Row::default()] {
        let appended = set_row(&store, &log(1), expected.clone()).await;
        let stored = rows(&store, active(RowFilter::default(), None), 9).await.items.remove(0);
        assert_eq!(stored.row, expected);
        assert_eq!((stored.log, stored.rev, stored.position), (log(1), appended.rev, appended.position));
        assert_eq!(stored.snapshot, format!("snapshot {}", appended.rev));
    }
}

/// Logs of other kinds have no row.
pub async fn hold_conversations_only(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let reader = LogKind::Reader(ReaderName::new("mail").unwrap());
    for kind in [LogKind::Workspace, LogKind::Accounts, reader] {
        set_row(&store, &LogId { workspace: workspace("w"), kind }, Row::default()).await;
    }
    set_row(&store, &log(1), row(1)).await;
    for select in [active(RowFilter::default(), None), active(unread_is(false), None)] {
        assert_eq!(numbers(&rows(&store, select, 9).await.items), [1]);
    }
    assert_eq!(numbers(&rows(&store, RowSelect::ChangedAfter(Position(0)), 9).await.items), [1]);
    assert!(rows(&store, RowSelect::Due(at(i64::from(i32::MAX))), 9).await.items.is_empty());
}

/// Latest first; of the same time, the lower id first.
pub async fn order_is_active_then_id(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for (number, active_at) in [(3, 50), (1, 50), (u128::MAX, 50), (2, 70), (4, -5), (1 << 100, 50)] {
        set_row(&store, &log(number), row(active_at)).await;
    }
    let expected = [2, 1, 3, 1 << 100, u128::MAX, 4];
    assert_eq!(matching(&store, RowFilter::default()).await, expected);
    set_row(&store, &log(4), row(71)).await;
    assert_eq!(matching(&store, RowFilter::default()).await[..2], [4, 2]);
}

/// A cursor goes on right behind the row it was made of, among equal times as well.
pub async fn pages_join_up(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for number in 1..=9_u128 {
        let mut row = row(i64::try_from(number % 3).unwrap());
        row.unread = u32::from(number % 2 == 0);
        row.members = vec![participant("ann")];
        set_row(&store, &log(number), row).await;
    }
    let mut both = member_is("ann");
    both.unread = Some(true);
    for filter in [RowFilter::default(), unread_is(true), member_is("ann"), both] {
        let whole = matching(&store, filter.clone()).await;
        let (mut joined, mut cursor) = (Vec::new(), None);
        loop {
            let page = rows(&store, active(filter.clone(), cursor), 2).await;
            joined.extend(numbers(&page.items));
            assert_eq!(page.more, joined.len() < whole.len());
            let Some(last) = page.items.last() else { break };
            let id = conversation(numbers(&page.items).pop().unwrap());
            let made = RowCursor { active_at: last.row.active_at, conversation: id };
            cursor = Some(made.to_string().parse().unwrap());
        }
        assert_eq!(joined, whole);
    }
    let page = rows(&store, active(RowFilter::default(), None), 0).await;
    assert!(page.items.is_empty() && page.more);
}

/// Read and unread are complements.
pub async fn unread_filter(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for (number, unread) in [(1, 0), (2, 1), (3, 100), (4, 0)] {
        let mut row = row(0);
        row.unread = unread;
        set_row(&store, &log(number), row).await;
    }
    assert_eq!(matching(&store, unread_is(true)).await, [2, 3]);
    assert_eq!(matching(&store, unread_is(false)).await, [1, 4]);
    set_row(&store, &log(3), row(0)).await;
    assert_eq!(matching(&store, unread_is(true)).await, [2]);
}

/// Members are compared byte by byte, and whole.
pub async fn member_filter(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for (number, members) in [(1, vec!["ann"]), (2, vec!["Ann", "bob"]), (3, vec!["ann", "bob"]), (4, vec![])]
    {
        let mut row = row(0);
        row.members = members.into_iter().map(participant).collect();
        set_row(&store, &log(number), row).await;
    }
    assert_eq!(matching(&store, member_is("ann")).await, [1, 3]);
    assert_eq!(matching(&store, member_is("Ann")).await, [2]);
    assert_eq!(matching(&store, member_is("bob")).await, [2, 3]);
    for nobody in ["an", "ann ", "%", "b_b"] {
        assert!(matching(&store, member_is(nobody)).await.is_empty());
    }
}

/// All conditions of a filter must hold.
pub async fn both_filters(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for (number, member, unread) in [(1, "ann", 1), (2, "ann", 0), (3, "bob", 1)] {
        let mut row = row(0);
        row.members = vec![participant(member)];
        row.unread = unread;
        set_row(&store, &log(number), row).await;
    }
    let mut filter = member_is("ann");
    filter.unread = Some(true);
    assert_eq!(matching(&store, filter.clone()).await, [1]);
    filter.unread = Some(false);
    assert_eq!(matching(&store, filter).await, [2]);
}

/// Who waits for an agent and who does not, together with the other conditions, page by page.
pub async fn waiting_filter(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for (number, member, unread, queued) in [
        (1, "ann", 1, true),
        (2, "ann", 0, true),
        (3, "bob", 1, true),
        (4, "ann", 1, false),
        (5, "bob", 0, false),
    ] {
        let mut row = row(number);
        row.members = vec![participant(member)];
        row.unread = unread;
        row.queued_at = queued.then(|| at(number));
        set_row(&store, &log(number.unsigned_abs().into()), row).await;
    }
    let mut waits = RowFilter::default();
    waits.waiting = Some(true);
    assert_eq!(matching(&store, waits.clone()).await, [3, 2, 1]);
    let first = rows(&store, RowSelect::Active { filter: waits.clone(), after: None }, 2).await;
    assert_eq!((numbers(&first.items), first.more), (vec![3, 2], true));
    let last = &first.items[1];
    let conversation = last.log.as_conversation().expect("rows are conversations'");
    let after = Some(RowCursor { active_at: last.row.active_at, conversation });
    let rest = rows(&store, RowSelect::Active { filter: waits.clone(), after }, 2).await;
    assert_eq!((numbers(&rest.items), rest.more), (vec![1], false));
    waits.unread = Some(true);
    assert_eq!(matching(&store, waits.clone()).await, [3, 1]);
    waits.member = Some(participant("ann"));
    assert_eq!(matching(&store, waits.clone()).await, [1]);
    waits.waiting = Some(false);
    assert_eq!(matching(&store, waits.clone()).await, [4]);
    waits.unread = None;
    assert_eq!(matching(&store, waits.clone()).await, [4]);
    waits.member = None;
    assert_eq!(matching(&store, waits).await, [5, 4]);
}

/// What waits for review and what does not, together with the other conditions, page by page.
pub async fn flagged_filter(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for (number, member, unread, queued, flagged) in [
        (1, "ann", 1, true, true),
        (2, "ann", 0, false, true),
        (3, "bob", 1, false, true),
        (4, "ann", 1, true, false),
        (5, "bob", 0, false, false),
    ] {
        let mut row = row(number);
        row.members = vec![participant(member)];
        row.unread = unread;
        row.queued_at = queued.then(|| at(number));
        row.flagged = flagged;
        set_row(&store, &log(number.unsigned_abs().into()), row).await;
    }
    let mut flagged = RowFilter::default();
    flagged.flagged = Some(true);
    assert_eq!(matching(&store, flagged.clone()).await, [3, 2, 1]);
    let first = rows(&store, active(flagged.clone(), None), 2).await;
    assert_eq!((numbers(&first.items), first.more), (vec![3, 2], true));
    let last = &first.items[1];
    let conversation = last.log.as_conversation().expect("rows are conversations'");
    let after = Some(RowCursor { active_at: last.row.active_at, conversation });
    assert_eq!(numbers(&rows(&store, active(flagged.clone(), after), 2).await.items), [1]);
    for (unread, member, waiting, flags, expected) in [
        (Some(true), None, None, true, &[3, 1][..]),
        (None, Some("ann"), None, true, &[2, 1]),
        (None, None, Some(true), true, &[1]),
        (None, None, Some(false), true, &[3, 2]),
        (Some(true), Some("bob"), Some(false), true, &[3]),
        (Some(false), Some("ann"), Some(true), true, &[]),
        (None, None, None, false, &[5, 4]),
        (None, None, Some(true), false, &[4]),
        (Some(false), Some("bob"), None, false, &[5]),
    ] {
        let mut filter = RowFilter::default();
        (filter.unread, filter.waiting, filter.flagged) = (unread, waiting, Some(flags));
        filter.member = member.map(participant);
        assert_eq!(matching(&store, filter.clone()).await, expected, "{filter:?}");
    }
    set_row(&store, &log(3), row(3)).await;
    assert_eq!(matching(&store, flagged).await, [2, 1]);
}

/// A new row's members stand in place of the old ones, and move with it.
pub async fn members_are_replaced(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let with = |active_at, members: &[&str]| {
        let mut row = row(active_at);
        row.members = members.iter().map(|name| participant(name)).collect();
        row
    };
    set_row(&store, &log(1), with(1, &["ann", "bob"])).await;
    set_row(&store, &log(2), with(2, &["bob"])).await;
    assert_eq!(matching(&store, member_is("bob")).await, [2, 1]);
    set_row(&store, &log(1), with(3, &["bob", "cid"])).await;
    assert!(matching(&store, member_is("ann")).await.is_empty());
    assert_eq!(matching(&store, member_is("bob")).await, [1, 2]);
    assert_eq!(matching(&store, member_is("cid")).await, [1]);
    set_row(&store, &log(1), with(3, &[])).await;
    assert_eq!(matching(&store, member_is("bob")).await, [2]);
}

/// Every append moves its conversation to the end of what changed.
pub async fn changed_after(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let mut places = Vec::new();
    for number in 1..=3 {
        places.push(add(&store, &log(number), vec![said("x")]).await.position);
    }
    let changed = |position| rows(&store, RowSelect::ChangedAfter(position), 9);
    assert_eq!(numbers(&changed(Position(0)).await.items), [1, 2, 3]);
    assert_eq!(numbers(&changed(places[1]).await.items), [3]);
    add(&store, &log(1), Vec::new()).await;
    assert_eq!(numbers(&changed(places[1]).await.items), [3, 1]);
    let page = rows(&store, RowSelect::ChangedAfter(Position(0)), 2).await;
    assert_eq!((numbers(&page.items), page.more), (vec![2, 3], true));
    assert!(changed(Position(u64::MAX)).await.items.is_empty());
}

/// What is due by now, the longest due first; what has no time is never due.
pub async fn due(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    for (number, due_at) in [(1, Some(30)), (2, None), (3, Some(10)), (4, Some(20)), (5, Some(31))] {
        let mut row = row(0);
        row.due_at = due_at.map(at);
        set_row(&store, &log(number), row).await;
    }
    assert_eq!(numbers(&rows(&store, RowSelect::Due(at(30)), 9).await.items), [3, 4, 1]);
    let page = rows(&store, RowSelect::Due(at(30)), 2).await;
    assert_eq!((numbers(&page.items), page.more), (vec![3, 4], true));
    assert!(rows(&store, RowSelect::Due(at(9)), 9).await.items.is_empty());
    let done = change(&log(3), Rev(1), Vec::new());
    store.append(done).await.unwrap();
    assert_eq!(numbers(&rows(&store, RowSelect::Due(at(30)), 9).await.items), [4, 1]);
}
