//! What the cases are written with: short ways to make ids, events and changes, and to ask a store.

use std::sync::Arc;

use jiff::Timestamp;
use minicom_core::{
    ActorId, Also, AppendError, Appended, Change, ClientId, ConversationId, EventQuery, Hit, Loaded, LogId,
    NewEvent, Order, Page, ParticipantId, Position, Rev, Role, Row, RowQuery, RowSelect, SearchQuery, Seq,
    Store, StoredEvent, StoredRow, WorkspaceId, text,
};
use uuid::Uuid;

pub(crate) fn workspace(name: &str) -> WorkspaceId {
    WorkspaceId::new(name).expect("a workspace id")
}

pub(crate) fn participant(name: &str) -> ParticipantId {
    ParticipantId::new(name).expect("a participant id")
}

pub(crate) fn actor(name: &str) -> ActorId {
    ActorId { role: Role::User, subject: participant(name) }
}

pub(crate) fn client_id(name: &str) -> ClientId {
    ClientId::new(name).expect("a client id")
}

pub(crate) fn conversation(number: u128) -> ConversationId {
    ConversationId(Uuid::from_u128(number))
}

/// A conversation of the workspace `w`.
pub(crate) fn log(number: u128) -> LogId {
    LogId::conversation(&workspace("w"), conversation(number))
}

pub(crate) fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).expect("a time")
}

/// An event of Ann's whose body is `body`, found by its words.
pub(crate) fn said(body: &str) -> NewEvent {
    let mut event = NewEvent::new(actor("ann"), at(1_000_001), body.as_bytes().to_vec().into());
    event.terms = Some(text::terms(body).join(" "));
    event
}

/// The same under an idempotency key.
pub(crate) fn keyed(body: &str, key: &str) -> NewEvent {
    let mut event = said(body);
    event.client_id = Some(client_id(key));
    event.digest = Some(Uuid::from_u128(0xd1_6e57));
    event
}

/// A row that was active at a time.
pub(crate) fn row(active_at: i64) -> Row {
    let mut row = Row::default();
    row.active_at = at(active_at);
    row
}

/// A change of some events, with a snapshot that names the revision it makes.
pub(crate) fn change(log: &LogId, expect: Rev, events: Vec<NewEvent>) -> Change {
    let snapshot = format!("snapshot {}", expect.next().0).into_bytes().into();
    let mut change = Change::new(log.clone(), expect, snapshot, row(0));
    change.events = events;
    change
}

pub(crate) type Answer = Result<Appended, AppendError>;

/// Appends events to a log at whatever revision it has.
pub(crate) async fn add(store: &Arc<dyn Store>, log: &LogId, events: Vec<NewEvent>) -> Appended {
    let rev = load(store, log).await.map_or(Rev::NONE, |loaded| loaded.rev);
    store.append(change(log, rev, events)).await.expect("nothing speaks against it")
}

/// Sets a log's row.
pub(crate) async fn set_row(store: &Arc<dyn Store>, log: &LogId, row: Row) -> Appended {
    let rev = load(store, log).await.map_or(Rev::NONE, |loaded| loaded.rev);
    let mut change = change(log, rev, Vec::new());
    change.row = row;
    store.append(change).await.expect("nothing speaks against it")
}

pub(crate) async fn load(store: &Arc<dyn Store>, log: &LogId) -> Option<Loaded> {
    store.load(log, &Also::NOTHING).await.expect("the store answers")
}

pub(crate) async fn range(
    store: &Arc<dyn Store>,
    log: &LogId,
    seqs: std::ops::RangeInclusive<u64>,
    order: Order,
    limit: usize,
) -> Page<StoredEvent> {
    let (from, through) = (Seq(*seqs.start()), Seq(*seqs.end()));
    let query = EventQuery::Log { log: log.clone(), from, through, order, limit };
    store.events(&query).await.expect("the store answers")
}

/// All events of a log.
pub(crate) async fn all(store: &Arc<dyn Store>, log: &LogId) -> Vec<StoredEvent> {
    range(store, log, 0..=u64::MAX, Order::OldestFirst, 100_000).await.items
}

/// Events of a workspace after a position.
pub(crate) async fn after(
    store: &Arc<dyn Store>,
    workspace: &WorkspaceId,
    after: Position,
    limit: usize,
) -> Page<StoredEvent> {
    let query = EventQuery::Workspace { workspace: workspace.clone(), after, limit };
    store.events(&query).await.expect("the store answers")
}

pub(crate) async fn rows(store: &Arc<dyn Store>, select: RowSelect, limit: usize) -> Page<StoredRow> {
    store.rows(&RowQuery::new(workspace("w"), select, limit)).await.expect("the store answers")
}

/// Words as one types them, in the workspace `w`.
pub(crate) fn words(typed: &str, limit: usize) -> SearchQuery {
    SearchQuery::new(workspace("w"), text::terms(typed), limit)
}

pub(crate) async fn search(store: &Arc<dyn Store>, query: &SearchQuery) -> Page<Hit> {
    store.search(query).await.expect("the store answers")
}

/// The seqs of all hits of some words, as one types them.
pub(crate) async fn found(store: &Arc<dyn Store>, typed: &str) -> Vec<u64> {
    search(store, &words(typed, 100)).await.items.iter().map(|hit| hit.seq.0).collect()
}

pub(crate) fn seqs(events: &[StoredEvent]) -> Vec<u64> {
    events.iter().map(|event| event.seq.0).collect()
}

/// The duplicates of an answer that must be some.
pub(crate) fn duplicates(answer: Answer) -> Vec<(usize, StoredEvent)> {
    match answer {
        Err(AppendError::Duplicates(duplicates)) => duplicates,
        other => panic!("expected duplicates, got {other:?}"),
    }
}

pub(crate) fn assert_conflict(answer: &Answer) {
    assert!(matches!(answer, Err(AppendError::Conflict)), "expected a conflict, got {answer:?}");
}
