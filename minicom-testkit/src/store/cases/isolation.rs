//! Workspaces know nothing of each other, and logs of one workspace nothing of each other's events.

use minicom_core::{
    Also, LogId, LogKind, Position, ReaderName, Rev, RowFilter, RowQuery, RowSelect, SearchQuery, Seq,
};

use crate::store::{
    StoreFixture,
    kit::{
        actor, add, after, all, at, change, client_id, conversation, keyed, load, participant, said, search,
        seqs, workspace,
    },
};

/// What is due is also told of all workspaces at once, each row with its own; nothing else is.
pub async fn due_anywhere(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let logs = ["w", "w1", "W"].map(|name| LogId::conversation(&workspace(name), conversation(1)));
    for (log, due) in logs.iter().zip([3, 1, 2]) {
        let mut change = change(log, Rev::NONE, Vec::new());
        change.row.due_at = Some(at(due));
        store.append(change).await.expect("a first change");
    }
    let due = async |now, limit| {
        let page = store.rows(&RowQuery::due(at(now), limit)).await.expect("the store answers");
        (page.items.into_iter().map(|row| row.log).collect::<Vec<_>>(), page.more)
    };
    let [third, first, second] = logs;
    assert_eq!(due(3, 9).await, (vec![first.clone(), second.clone(), third], false));
    assert_eq!(due(3, 2).await, (vec![first.clone(), second], true));
    assert_eq!(due(1, 9).await, (vec![first], false));
    assert_eq!(due(0, 9).await, (vec![], false));
    for select in [
        RowSelect::ChangedAfter(Position(0)),
        RowSelect::Active { filter: RowFilter::default(), after: None },
    ] {
        let mut query = RowQuery::due(at(3), 9);
        query.select = select;
        let refused = store.rows(&query).await;
        assert!(refused.is_err_and(|error| error.is_invalid()), "{query:?}");
    }
}

/// Every method, asked about one workspace, answers as if there were no other.
pub async fn workspaces_share_nothing(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    // The names are chosen so that one begins with another, and differs from another by case alone.
    let [ours, theirs, third] = ["w", "w1", "W"].map(workspace);
    for (workspace, count) in [(&ours, 1), (&theirs, 2), (&third, 3)] {
        let log = LogId::conversation(workspace, conversation(1));
        let events = (0..count).map(|n| keyed("common word", &n.to_string())).collect();
        let mut change = change(&log, Rev::NONE, events);
        change.row.members = vec![participant("ann")];
        change.row.unread = count;
        change.row.due_at = Some(at(1));
        store.append(change).await.expect("keys are a workspace's own");
    }
    for (workspace, count) in [(&ours, 1), (&theirs, 2), (&third, 3_usize)] {
        let log = LogId::conversation(workspace, conversation(1));
        assert_eq!(all(&store, &log).await.len(), count);
        let stream = after(&store, workspace, Position(0), 9).await.items;
        assert!(stream.len() == count && stream.iter().all(|event| event.log == log));
        let mut also = Also::default();
        also.client_ids = vec![(actor("ann"), client_id("0")), (actor("ann"), client_id("2"))];
        let loaded = store.load(&log, &also).await.unwrap().unwrap();
        assert_eq!(loaded.also.len(), if count == 3 { 2 } else { 1 });
        assert!(loaded.also.iter().all(|event| event.log == log));
        let mut filter = RowFilter::default();
        filter.member = Some(participant("ann"));
        for select in [
            RowSelect::Active { filter: RowFilter::default(), after: None },
            RowSelect::Active { filter, after: None },
            RowSelect::ChangedAfter(Position(0)),
            RowSelect::Due(at(1)),
        ] {
            let rows = store.rows(&RowQuery::new(workspace.clone(), select, 9)).await.unwrap().items;
            assert!(rows.len() == 1 && rows[0].log == log);
        }
        let mut query = SearchQuery::new(workspace.clone(), vec!["common".into(), "wo".into()], 9);
        assert_eq!(search(&store, &query).await.items.len(), count);
        query.conversation = Some(conversation(1));
        assert!(search(&store, &query).await.items.iter().all(|hit| hit.log == log));
    }
    let mut forget = change(&LogId::conversation(&ours, conversation(1)), Rev(1), Vec::new());
    forget.forget_through = Some(Seq(u64::MAX));
    store.append(forget).await.unwrap();
    assert_eq!(all(&store, &LogId::conversation(&theirs, conversation(1))).await.len(), 2);
}

/// The kinds of log of a workspace have numbers of their own.
pub async fn kinds_of_log_are_apart(fixture: &dyn StoreFixture) {
    let store = fixture.open().await;
    let reader = |name| LogKind::Reader(ReaderName::new(name).unwrap());
    let kinds = [
        LogKind::Conversation(conversation(1)),
        LogKind::Workspace,
        LogKind::Accounts,
        reader("mail"),
        reader("w"),
        reader("a"),
        reader("c:1"),
    ];
    let logs = kinds.map(|kind| LogId { workspace: workspace("w"), kind });
    for log in &logs {
        assert!(load(&store, log).await.is_none());
        add(&store, log, vec![said("x")]).await;
    }
    for log in &logs {
        assert_eq!(load(&store, log).await.unwrap().rev, Rev(1));
        assert_eq!(seqs(&all(&store, log).await), [1]);
    }
}
