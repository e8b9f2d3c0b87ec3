//! Random operations on a store and on the model, and the comparison of their answers. A store may draw other ids and
//! positions than the model, so both are compared by their order.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use minicom_core::{
    Also, AppendError, Appended, Change, EventQuery, Hit, LogId, LogKind, MemoryStore, NewEvent, Order,
    Position, ReaderName, Rev, Rewrite, Row, RowCursor, RowFilter, RowQuery, RowSelect, SearchQuery, Seq,
    Store, StoredEvent, StoredRow, WorkspaceId,
};
use proptest::{
    collection::vec,
    option::of,
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::kit::{actor, at, client_id, conversation, participant, workspace};

/// An operation, with small numbers in place of ids so that operations meet.
#[derive(Debug, Clone)]
enum Operation {
    Append(Append),
    Load {
        log: usize,
        keys: Vec<(u8, u8)>,
        seqs: Vec<u64>,
    },
    Events {
        log: usize,
        from: u64,
        through: u64,
        newest_first: bool,
        limit: usize,
    },
    Stream {
        workspace: usize,
        after: usize,
        limit: usize,
    },
    Active {
        workspace: usize,
        unread: Option<bool>,
        member: Option<u8>,
        after: Option<(i64, u8)>,
        limit: usize,
    },
    Changed {
        workspace: usize,
        after: usize,
        limit: usize,
    },
    Due {
        workspace: usize,
        now: i64,
        limit: usize,
    },
    Search {
        workspace: usize,
        words: Vec<&'static str>,
        conversation: Option<u8>,
        before: Option<usize>,
        limit: usize,
    },
}

#[derive(Debug, Clone)]
struct Append {
    log: usize,
    /// How far behind the log's revision the change is.
    behind: u64,
    events: Vec<Event>,
    rewrite: Vec<(u64, Option<Vec<&'static str>>)>,
    forget: Option<u64>,
    active_at: i64,
    members: Vec<u8>,
    unread: u32,
    due_at: Option<i64>,
}

#[derive(Debug, Clone)]
struct Event {
    actor: u8,
    key: Option<u8>,
    words: Option<Vec<&'static str>>,
}

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    vec(prop::sample::select(vec!["a", "ab", "abc", "b", "é", "日", "1", "or"]), 0..4)
}

fn append() -> impl Strategy<Value = Operation> {
    let event =
        (0..2_u8, of(0..20_u8), of(words())).prop_map(|(actor, key, words)| Event { actor, key, words });
    let behind = prop_oneof![9 => Just(0_u64), 1 => 1..3_u64];
    let what = (vec(event, 0..4), vec((0..9_u64, of(words())), 0..3), of(0..6_u64));
    let row = (-3..3_i64, vec(0..3_u8, 0..3), 0..3_u32, of(0..4_i64));
    (0..7_usize, behind, what, row).prop_map(|(log, behind, (events, rewrite, forget), row)| {
        let (active_at, members, unread, due_at) = row;
        Operation::Append(Append { log, behind, events, rewrite, forget, active_at, members, unread, due_at })
    })
}

fn query() -> impl Strategy<Value = Operation> {
    use Operation::{Active, Changed, Due, Events, Load, Search, Stream};
    let workspace = || 0..2_usize;
    let limit = || 0..6_usize;
    prop_oneof![
        (0..7_usize, vec((0..2_u8, 0..20_u8), 0..3), vec(0..9_u64, 0..3))
            .prop_map(|(log, keys, seqs)| Load { log, keys, seqs }),
        (0..7_usize, 0..9_u64, 0..9_u64, any::<bool>(), limit()).prop_map(
            |(log, from, through, newest_first, limit)| Events { log, from, through, newest_first, limit }
        ),
        (workspace(), 0..20_usize, limit()).prop_map(|(workspace, after, limit)| Stream {
            workspace,
            after,
            limit
        }),
        (workspace(), of(any::<bool>()), of(0..3_u8), of((-3..3_i64, 0..3_u8)), limit()).prop_map(
            |(workspace, unread, member, after, limit)| Active { workspace, unread, member, after, limit }
        ),
        (workspace(), 0..20_usize, limit()).prop_map(|(workspace, after, limit)| Changed {
            workspace,
            after,
            limit
        }),
        (workspace(), 0..4_i64, limit()).prop_map(|(workspace, now, limit)| Due { workspace, now, limit }),
        (workspace(), words(), of(0..3_u8), of(0..20_usize), limit()).prop_map(
            |(workspace, words, conversation, before, limit)| Search {
                workspace,
                words,
                conversation,
                before,
                limit
            }
        ),
    ]
}

/// Runs the comparison, and panics with the smallest sequence that fails.
pub(crate) fn check(store: &Arc<dyn Store>) {
    let config = Config { cases: 32, failure_persistence: None, ..Config::default() };
    let operations = vec(prop_oneof![append(), query()], 1..60);
    // Each run has workspaces of its own, which is as good as a store of its own.
    let runs = AtomicU64::new(0);
    let result = TestRunner::new(config).run(&operations, |operations| {
        let run = runs.fetch_add(1, Relaxed);
        let both = Both::new(store.clone(), run);
        tokio::runtime::Handle::current().block_on(both.run(operations));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// The store and the model, and what each has called the same thing.
struct Both {
    store: Arc<dyn Store>,
    model: Arc<dyn Store>,
    logs: Vec<LogId>,
    workspaces: [WorkspaceId; 2],
    revs: BTreeMap<LogId, Rev>,
    /// The store's and the model's positions of each commit to a workspace, for queries that start at one.
    positions: [Vec<(Position, Position)>; 2],
    /// The model's name for the store's events: (id, position) to (id, position).
    numbers: BTreeMap<(u64, Position), (u64, Position)>,
    /// The same of positions alone, those of marks included.
    places: BTreeMap<(WorkspaceId, Position), Position>,
}

impl Both {
    fn new(store: Arc<dyn Store>, run: u64) -> Self {
        let workspaces = [workspace(&format!("a{run}")), workspace(&format!("b{run}"))];
        let mut logs: Vec<_> = (0..3).map(|n| LogId::conversation(&workspaces[0], conversation(n))).collect();
        logs.push(LogId::conversation(&workspaces[1], conversation(0)));
        logs.push(LogId::workspace(&workspaces[0]));
        logs.push(LogId::accounts(&workspaces[0]));
        let reader = LogKind::Reader(ReaderName::new("mail").expect("a name"));
        logs.push(LogId { workspace: workspaces[1].clone(), kind: reader });
        let ends = vec![(Position(0), Position(0)), (Position(u64::MAX), Position(u64::MAX))];
        Self {
            store,
            model: Arc::new(MemoryStore::new()),
            logs,
            workspaces,
            revs: BTreeMap::new(),
            positions: [ends.clone(), ends],
            numbers: BTreeMap::new(),
            places: BTreeMap::new(),
        }
    }

    async fn run(mut self, operations: Vec<Operation>) {
        for operation in operations {
            self.step(operation).await;
        }
    }

    fn position(&self, workspace: usize, index: usize) -> (Position, Position) {
        let known = &self.positions[workspace];
        known[index % known.len()]
    }

    /// The store's event as the model numbers it.
    fn named(&self, mut event: StoredEvent) -> StoredEvent {
        let name = self.numbers.get(&(event.id.0, event.position)).expect("an event that was appended");
        (event.id.0, event.position) = *name;
        event
    }

    fn place(&self, workspace: &WorkspaceId, position: Position) -> Position {
        *self.places.get(&(workspace.clone(), position)).expect("a position that was drawn")
    }

    fn named_row(&self, mut row: StoredRow) -> StoredRow {
        row.position = self.place(&row.log.workspace, row.position);
        row
    }

    fn named_hit(&self, mut hit: Hit) -> Hit {
        hit.position = self.place(&hit.log.workspace, hit.position);
        hit
    }

    async fn step(&mut self, operation: Operation) {
        match operation {
            Operation::Append(append) => self.append(append).await,
            Operation::Load { log, keys, seqs } => {
                let mut also = Also::default();
                also.client_ids = keys.iter().map(|(actor, key)| (who(*actor), key_of(*key))).collect();
                also.seqs = seqs.into_iter().map(Seq).collect();
                self.load(&self.logs[log], &also).await;
            }
            Operation::Events { log, from, through, newest_first, limit } => {
                let order = if newest_first { Order::NewestFirst } else { Order::OldestFirst };
                let log = self.logs[log].clone();
                let query = EventQuery::Log { log, from: Seq(from), through: Seq(through), order, limit };
                self.events(&query, &query).await;
            }
            Operation::Stream { workspace, after, limit } => {
                let (ours, models) = self.position(workspace, after);
                let workspace = self.workspaces[workspace].clone();
                let query = |after| EventQuery::Workspace { workspace: workspace.clone(), after, limit };
                self.events(&query(ours), &query(models)).await;
            }
            Operation::Active { workspace, unread, member, after, limit } => {
                let mut filter = RowFilter::default();
                filter.unread = unread;
                filter.member = member.map(|n| participant(&n.to_string()));
                let after = after.map(|(active_at, n)| RowCursor {
                    active_at: at(active_at),
                    conversation: conversation(n.into()),
                });
                let select = RowSelect::Active { filter, after };
                self.rows(workspace, limit, select.clone(), select).await;
            }
            Operation::Changed { workspace, after, limit } => {
                let (ours, models) = self.position(workspace, after);
                let [ours, models] = [ours, models].map(RowSelect::ChangedAfter);
                self.rows(workspace, limit, ours, models).await;
            }
            Operation::Due { workspace, now, limit } => {
                let select = RowSelect::Due(at(now));
                self.rows(workspace, limit, select.clone(), select).await;
            }
            Operation::Search { workspace, words, conversation: within, before, limit } => {
                let terms = words.into_iter().map(String::from).collect();
                let mut query = SearchQuery::new(self.workspaces[workspace].clone(), terms, limit);
                query.conversation = within.map(|n| conversation(n.into()));
                let mut models = query.clone();
                if let Some((ours, theirs)) = before.map(|index| self.position(workspace, index)) {
                    (query.before, models.before) = (Some(ours), Some(theirs));
                }
                let page = self.store.search(&query).await.expect("the store answers");
                let expected = self.model.search(&models).await.expect("the model answers");
                let hits: Vec<_> = page.items.into_iter().map(|hit| self.named_hit(hit)).collect();
                assert_eq!((hits, page.more), (expected.items, expected.more), "{query:?}");
            }
        }
    }

    async fn load(&self, log: &LogId, also: &Also) {
        let ours = self.store.load(log, also).await.expect("the store answers");
        let models = self.model.load(log, also).await.expect("the model answers");
        let tell = |loaded: minicom_core::Loaded, mut events: Vec<StoredEvent>| {
            events.sort_by_key(|event| event.id);
            events.dedup();
            (loaded.rev, loaded.snapshot, events)
        };
        let ours = ours.map(|mut loaded| {
            let events =
                std::mem::take(&mut loaded.also).into_iter().map(|event| self.named(event)).collect();
            tell(loaded, events)
        });
        let models = models.map(|mut loaded| {
            let events = std::mem::take(&mut loaded.also);
            tell(loaded, events)
        });
        assert_eq!(ours, models, "{log:?} {also:?}");
    }

    async fn events(&self, ours: &EventQuery, models: &EventQuery) {
        let page = self.store.events(ours).await.expect("the store answers");
        let expected = self.model.events(models).await.expect("the model answers");
        let events: Vec<_> = page.items.into_iter().map(|event| self.named(event)).collect();
        assert_eq!((events, page.more), (expected.items, expected.more), "{ours:?}");
    }

    async fn rows(&self, workspace: usize, limit: usize, ours: RowSelect, models: RowSelect) {
        // Rows that are due at the same time have no order; a page that may cut among them is not compared.
        let unordered = matches!(ours, RowSelect::Due(_));
        let limit = if unordered { 100 } else { limit };
        let query = |select| RowQuery::new(self.workspaces[workspace].clone(), select, limit);
        let (ours, models) = (query(ours), query(models));
        let page = self.store.rows(&ours).await.expect("the store answers");
        let mut expected = self.model.rows(&models).await.expect("the model answers");
        let mut rows: Vec<_> = page.items.into_iter().map(|row| self.named_row(row)).collect();
        if unordered {
            assert!(rows.is_sorted_by_key(|row| row.row.due_at));
            rows.sort_by_key(|row| row.position);
            expected.items.sort_by_key(|row| row.position);
        }
        assert_eq!((rows, page.more), (expected.items, expected.more), "{ours:?}");
    }

    async fn append(&mut self, append: Append) {
        let change = self.change(append);
        let ours = self.store.append(change.clone()).await;
        let models = self.model.append(change.clone()).await;
        match (ours, models) {
            (Ok(ours), Ok(models)) => self.committed(&change, ours, models),
            (Err(AppendError::Conflict), Err(AppendError::Conflict)) => {}
            (Err(AppendError::Duplicates(ours)), Err(AppendError::Duplicates(models))) => {
                let ours: Vec<_> =
                    ours.into_iter().map(|(index, event)| (index, self.named(event))).collect();
                assert_eq!(ours, models, "{change:?}");
            }
            (Err(AppendError::Store(ours)), Err(AppendError::Store(models))) => {
                assert!(ours.is_invalid() && models.is_invalid(), "{change:?}: {ours:?}, {models:?}");
            }
            (ours, models) => panic!("{change:?}: {ours:?}, the model: {models:?}"),
        }
    }

    fn committed(&mut self, change: &Change, ours: Appended, models: Appended) {
        assert_eq!(ours.rev, models.rev);
        assert_eq!(ours.first_id.0 == 0, models.first_id.0 == 0);
        self.revs.insert(change.log.clone(), ours.rev);
        let workspace = &change.log.workspace;
        let index = usize::from(*workspace == self.workspaces[1]);
        self.positions[index].push((ours.position, models.position));
        self.places.insert((workspace.clone(), ours.position), models.position);
        let count = change.events.len() as u64;
        for (n, behind) in (0..count).zip((0..count).rev()) {
            let [ours, models] = [ours, models].map(|a| (a.first_id.0 + n, Position(a.position.0 - behind)));
            self.numbers.insert(ours, models);
            self.places.insert((workspace.clone(), ours.1), models.1);
        }
    }

    fn change(&self, append: Append) -> Change {
        let log = &self.logs[append.log];
        let rev = self.revs.get(log).copied().unwrap_or(Rev::NONE);
        let expect = Rev(rev.0.saturating_sub(append.behind));
        let mut row = Row::default();
        if matches!(log.kind, LogKind::Conversation(_)) {
            row.active_at = at(append.active_at);
            row.members = append.members.iter().map(|n| participant(&n.to_string())).collect();
            row.members.sort();
            row.members.dedup();
            row.unread = append.unread;
            row.due_at = append.due_at.map(at);
        }
        let snapshot = format!("{append:?}").into_bytes().into();
        let mut change = Change::new(log.clone(), expect, snapshot, row);
        change.events = append.events.into_iter().map(new_event).collect();
        change.rewrite = append
            .rewrite
            .into_iter()
            .map(|(seq, words)| {
                Rewrite::new(Seq(seq), format!("{words:?}").into_bytes().into(), terms(words))
            })
            .collect();
        change.forget_through = append.forget.map(Seq);
        change
    }
}

fn who(number: u8) -> minicom_core::ActorId {
    actor(&number.to_string())
}

fn key_of(number: u8) -> minicom_core::ClientId {
    client_id(&number.to_string())
}

fn terms(words: Option<Vec<&'static str>>) -> Option<String> {
    words.map(|words| words.join(" "))
}

fn new_event(event: Event) -> NewEvent {
    let data = format!("{event:?}").into_bytes().into();
    let mut new = NewEvent::new(who(event.actor), at(i64::from(event.actor)), data);
    new.client_id = event.key.map(key_of);
    new.terms = terms(event.words);
    new
}
