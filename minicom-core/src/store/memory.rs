//! The store for tests, demonstrations and hosts that keep nothing.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use uuid::Uuid;

use super::{
    Also, AppendError, Appended, Change, EventQuery, Hit, Loaded, Order, Page, Row, RowQuery, RowSelect,
    SearchQuery, Store, StoreError, StoredEvent, StoredRow,
};
use crate::id::{ActorId, ClientId, EventId, LogId, LogKind, Position, Rev, Seq, WorkspaceId};

/// Keeps everything in memory; "durable" here means until it is dropped.
pub struct MemoryStore {
    generation: Uuid,
    inner: Mutex<Inner>,
}

impl fmt::Debug for MemoryStore {
    /// Without what people said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("generation", &self.generation).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Inner {
    logs: BTreeMap<LogId, Log>,
    /// By idempotency key, for as long as the event is kept.
    keys: HashMap<(WorkspaceId, ActorId, ClientId), (LogId, Seq)>,
    /// By position: the workspace's order, and the order of search.
    positions: BTreeMap<(WorkspaceId, Position), (LogId, Seq)>,
    last_position: u64,
    last_id: u64,
}

struct Log {
    rev: Rev,
    position: Position,
    last: Seq,
    snapshot: bytes::Bytes,
    row: Row,
    events: BTreeMap<Seq, Kept>,
}

struct Kept {
    event: StoredEvent,
    terms: Vec<String>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self { generation: Uuid::now_v7(), inner: Mutex::default() }
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic elsewhere cannot leave half a change: a change is checked whole before its first write.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn split(terms: Option<&String>) -> Vec<String> {
    terms.map(|terms| terms.split_ascii_whitespace().map(Into::into).collect()).unwrap_or_default()
}

/// Whether two of the change's events bear the same key: no caller may ask that, and no answer would be right.
fn repeats_a_key(change: &Change) -> bool {
    let mut keys = HashSet::new();
    change.events.iter().any(|event| {
        event.client_id.as_ref().is_some_and(|client_id| !keys.insert((&event.actor, client_id)))
    })
}

impl Inner {
    fn event(&self, (log, seq): &(LogId, Seq)) -> Option<&StoredEvent> {
        self.logs.get(log)?.events.get(seq).map(|kept| &kept.event)
    }

    fn by_key(&self, workspace: &WorkspaceId, actor: &ActorId, client_id: &ClientId) -> Option<&StoredEvent> {
        self.event(self.keys.get(&(workspace.clone(), actor.clone(), client_id.clone()))?)
    }

    fn duplicates(&self, change: &Change) -> Vec<(usize, StoredEvent)> {
        let stored = |(index, event): (usize, &super::NewEvent)| {
            let client_id = event.client_id.as_ref()?;
            Some((index, self.by_key(&change.log.workspace, &event.actor, client_id)?.clone()))
        };
        change.events.iter().enumerate().filter_map(stored).collect()
    }

    fn forget(&mut self, log_id: &LogId, through: Seq) {
        let Some(log) = self.logs.get_mut(log_id) else { return };
        let kept = log.events.split_off(&through.next());
        for Kept { event, .. } in std::mem::replace(&mut log.events, kept).into_values() {
            self.positions.remove(&(log_id.workspace.clone(), event.position));
            if let Some(client_id) = event.client_id {
                self.keys.remove(&(log_id.workspace.clone(), event.actor, client_id));
            }
        }
    }

    fn append(&mut self, change: Change, generation: Uuid) -> Result<Appended, AppendError> {
        if repeats_a_key(&change) {
            return Err(StoreError::invalid("two events of one change bear the same client id").into());
        }
        let duplicates = self.duplicates(&change);
        if !duplicates.is_empty() {
            return Err(AppendError::Duplicates(duplicates));
        }
        let rev = self.logs.get(&change.log).map_or(Rev::NONE, |log| log.rev);
        if rev != change.expect {
            return Err(AppendError::Conflict);
        }
        let Change { log: log_id, events, rewrite, forget_through, snapshot, row, .. } = change;
        if let Some(through) = forget_through {
            self.forget(&log_id, through);
        }
        let log = self.logs.entry(log_id.clone()).or_insert_with(|| Log {
            rev,
            position: Position(0),
            last: Seq(0),
            snapshot: bytes::Bytes::new(),
            row: Row::default(),
            events: BTreeMap::new(),
        });
        for rewrite in rewrite {
            if let Some(kept) = log.events.get_mut(&rewrite.seq) {
                kept.event.data = rewrite.data;
                kept.terms = split(rewrite.terms.as_ref());
            }
        }
        let first_id = EventId(if events.is_empty() { 0 } else { self.last_id + 1 });
        if events.is_empty() {
            self.last_position += 1;
        }
        for new in events {
            self.last_position += 1;
            self.last_id += 1;
            log.last = log.last.next();
            let event = StoredEvent {
                log: log_id.clone(),
                seq: log.last,
                id: EventId(self.last_id),
                position: Position(self.last_position),
                actor: new.actor,
                client_id: new.client_id,
                digest: new.digest,
                time: new.time,
                data: new.data,
            };
            let place = (log_id.clone(), event.seq);
            self.positions.insert((log_id.workspace.clone(), event.position), place.clone());
            if let Some(client_id) = event.client_id.clone() {
                self.keys.insert((log_id.workspace.clone(), event.actor.clone(), client_id), place);
            }
            log.events.insert(event.seq, Kept { event, terms: split(new.terms.as_ref()) });
        }
        log.rev = rev.next();
        log.position = Position(self.last_position);
        log.snapshot = snapshot;
        log.row = row;
        Ok(Appended::new(log.rev, log.position, first_id, generation))
    }

    fn rows(&self, query: &RowQuery) -> Vec<StoredRow> {
        let of = |id: &LogId| query.workspace.as_ref().is_none_or(|workspace| id.workspace == *workspace);
        let rows = self.logs.iter().filter(|(id, _)| of(id));
        let mut rows: Vec<_> = rows
            .filter_map(|(id, log)| match id.kind {
                LogKind::Conversation(conversation) => Some((conversation, id, log)),
                _ => None,
            })
            .collect();
        match &query.select {
            RowSelect::Active { filter, after } => {
                let order = |at: jiff::Timestamp, conversation| (std::cmp::Reverse(at), conversation);
                rows.retain(|(conversation, _, log)| {
                    filter.matches(&log.row)
                        && after.is_none_or(|c| {
                            order(log.row.active_at, *conversation) > order(c.active_at, c.conversation)
                        })
                });
                rows.sort_by_key(|(conversation, _, log)| order(log.row.active_at, *conversation));
            }
            RowSelect::ChangedAfter(position) => {
                rows.retain(|(_, _, log)| log.position > *position);
                rows.sort_by_key(|(_, _, log)| log.position);
            }
            RowSelect::Due(now) => {
                rows.retain(|(_, _, log)| log.row.due_at.is_some_and(|due| due <= *now));
                rows.sort_by_key(|(_, _, log)| log.row.due_at);
            }
        }
        let stored = |(_, id, log): (_, &LogId, &Log)| StoredRow {
            log: id.clone(),
            rev: log.rev,
            position: log.position,
            row: log.row.clone(),
            snapshot: log.snapshot.clone(),
        };
        rows.into_iter().take(query.limit.saturating_add(1)).map(stored).collect()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn load(&self, id: &LogId, also: &Also) -> Result<Option<Loaded>, StoreError> {
        let inner = self.lock();
        let Some(log) = inner.logs.get(id) else { return Ok(None) };
        let by_key =
            also.client_ids.iter().filter_map(|(actor, key)| inner.by_key(&id.workspace, actor, key));
        let by_seq = also.seqs.iter().filter_map(|seq| log.events.get(seq).map(|kept| &kept.event));
        let events = by_key.chain(by_seq).cloned().collect();
        Ok(Some(Loaded::new(log.rev, log.snapshot.clone(), events, self.generation)))
    }

    async fn append(&self, change: Change) -> Result<Appended, AppendError> {
        self.lock().append(change, self.generation)
    }

    async fn events(&self, query: &EventQuery) -> Result<Page<StoredEvent>, StoreError> {
        let inner = self.lock();
        Ok(match query {
            EventQuery::Log { log, from, through, order, limit } => {
                let empty = BTreeMap::new();
                let events = inner.logs.get(log).map_or(&empty, |log| &log.events);
                let range = if from <= through { Some(events.range(*from..=*through)) } else { None };
                let range = range.into_iter().flatten().map(|(_, kept)| kept.event.clone());
                let items: Vec<_> = match order {
                    Order::OldestFirst => range.take(limit.saturating_add(1)).collect(),
                    Order::NewestFirst => {
                        let mut all: Vec<_> = range.collect();
                        all.reverse();
                        all
                    }
                };
                Page::cut(items, *limit)
            }
            EventQuery::Workspace { workspace, after, limit } => {
                let from = (workspace.clone(), Position(after.0.saturating_add(1)));
                let through = (workspace.clone(), Position(u64::MAX));
                let places = inner.positions.range(from..=through).map(|(_, place)| place);
                let items = places
                    .filter_map(|place| inner.event(place).cloned())
                    .take(limit.saturating_add(1))
                    .collect();
                Page::cut(items, *limit)
            }
        })
    }

    async fn rows(&self, query: &RowQuery) -> Result<Page<StoredRow>, StoreError> {
        if query.workspace.is_none() && !matches!(query.select, RowSelect::Due(_)) {
            return Err(StoreError::invalid("only what is due is asked of all workspaces"));
        }
        Ok(Page::cut(self.lock().rows(query), query.limit))
    }

    async fn search(&self, query: &SearchQuery) -> Result<Page<Hit>, StoreError> {
        let inner = self.lock();
        let Some((prefix, whole)) = query.terms.split_last() else { return Ok(Page::cut(Vec::new(), 0)) };
        // Everything begins with nothing; but nothing is no term.
        if prefix.is_empty() {
            return Ok(Page::cut(Vec::new(), 0));
        }
        let from = (query.workspace.clone(), Position(0));
        let before = (query.workspace.clone(), query.before.unwrap_or(Position(u64::MAX)));
        let in_scope = |log: &LogId| {
            query.conversation.is_none_or(|conversation| log.kind == LogKind::Conversation(conversation))
        };
        let matches = |(log, seq): &(LogId, Seq)| {
            inner.logs.get(log).and_then(|log| log.events.get(seq)).is_some_and(|kept| {
                kept.terms.iter().any(|term| term.starts_with(prefix.as_str()))
                    && whole.iter().all(|term| kept.terms.contains(term))
            })
        };
        let places = inner.positions.range(from..before).rev();
        let hits = places
            .filter(|(_, place)| in_scope(&place.0) && matches(place))
            .map(|((_, position), (log, seq))| Hit { log: log.clone(), seq: *seq, position: *position });
        Ok(Page::cut(hits.take(query.limit.saturating_add(1)).collect(), query.limit))
    }
}
