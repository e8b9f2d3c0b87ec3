//! Appends of one-message changes to as many conversations, 1, 16 and 256 at once, on both stores; beside them what raw
//! `rusqlite` does with the same bytes in one transaction of the same size, with the same durability.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::{cell::Cell, sync::Arc};

use bytes::Bytes;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use jiff::Timestamp;
use minicom_benches::measured;
use minicom_core::{
    ActorId, Change, ConversationId, LogId, MemoryStore, NewEvent, ParticipantId, Rev, Role, Row, Store,
    WorkspaceId,
};
use minicom_sqlite::SqliteStore;
use rusqlite::{Connection, params};
use tokio::runtime::Runtime;

const BATCHES: [usize; 3] = [1, 16, 256];

/// What a change of one message weighs: its data, its snapshot, its terms.
const DATA: &str = r#"{"kind":"message","text":"Where is my parcel? It was sent on Monday."}"#;
const TERMS: &str = "where is my parcel it was sent on monday";
const SNAPSHOT: usize = 600;
/// By hand: who said it, and what the conversation is called.
const ACTOR: &str = "user:visitor-100@example.com";
const KIND: &str = "c:6f1d6f0e-8c5b-5d0a-9f57-3f3b1f6c2a11";

/// The changes number themselves by round: each conversation gets one event a round.
fn change(conversation: usize, rev: u64) -> Change {
    let participant = ParticipantId::new(format!("visitor-{conversation}@example.com")).expect("valid");
    let log = LogId::conversation(&WorkspaceId::default(), ConversationId::direct(&participant));
    let mut row = Row::default();
    row.members = vec![participant.clone()];
    row.active_at = Timestamp::now();
    row.unread = 1;
    let mut change = Change::new(log, Rev(rev), Bytes::from(vec![b'x'; SNAPSHOT]), row);
    let actor = ActorId { role: Role::User, subject: participant };
    let mut event = NewEvent::new(actor, Timestamp::now(), Bytes::from_static(DATA.as_bytes()));
    event.terms = Some(TERMS.to_owned());
    change.events.push(event);
    change
}

fn store(c: &mut Criterion, name: &str, store: &Arc<dyn Store>, runtime: &Runtime) {
    let mut group = c.benchmark_group("append");
    let rounds = Cell::new([0u64; 256]);
    for batch in BATCHES {
        group.throughput(Throughput::Elements(batch as u64));
        group.bench_function(BenchmarkId::new(name, batch), |b| {
            // Making the changes is no store's work.
            let changes = || {
                let mut revs = rounds.get();
                let next = |conversation: usize| {
                    revs[conversation] += 1;
                    change(conversation, revs[conversation] - 1)
                };
                let changes: Vec<_> = (0..batch).map(next).collect();
                rounds.set(revs);
                changes
            };
            let append = |changes: Vec<Change>| {
                let appends = changes.into_iter().map(|change| store.append(change));
                for appended in runtime.block_on(join_all(appends)) {
                    appended.expect("appended");
                }
            };
            b.iter_batched(changes, append, BatchSize::PerIteration);
        });
    }
    group.finish();
}

fn stores(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::new());
    store(c, "memory", &memory, &runtime);
    let folder = tempfile::tempdir().expect("a folder");
    let file = SqliteStore::open(folder.path().join("bench.db")).expect("a database");
    let sqlite: Arc<dyn Store> = Arc::new(file);
    store(c, "sqlite", &sqlite, &runtime);
}

/// The least that could be written: the same event, snapshot, row and words, by hand, in one transaction; each conversation is
/// known by a number, and nothing is looked up or compared.
fn raw(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut connection = Connection::open(folder.path().join("raw.db")).expect("a database");
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
             CREATE TABLE event (id INTEGER PRIMARY KEY, log INTEGER, seq INTEGER, actor TEXT, time INTEGER, data BLOB);
             CREATE UNIQUE INDEX event_seq ON event (log, seq);
             CREATE TABLE log (id INTEGER PRIMARY KEY, kind TEXT, rev INTEGER, active_at INTEGER, members TEXT,
                 unread INTEGER, snapshot BLOB);
             CREATE INDEX log_active ON log (active_at);
             CREATE VIRTUAL TABLE words USING fts5 (terms, tokenize = 'ascii');",
        )
        .expect("a schema");
    let mut group = c.benchmark_group("append");
    let mut seq = 0i64;
    for batch in BATCHES {
        group.throughput(Throughput::Elements(batch as u64));
        group.bench_function(BenchmarkId::new("raw_rusqlite", batch), |b| {
            b.iter(|| {
                let transaction = connection.transaction().expect("a transaction");
                {
                    let mut event = transaction
                        .prepare_cached(
                            "INSERT INTO event (log, seq, actor, time, data) VALUES (?1, ?2, ?3, ?4, ?5)",
                        )
                        .expect("a statement");
                    let mut log = transaction
                        .prepare_cached(
                            "INSERT INTO log VALUES (?1, ?2, 1, ?3, ?4, 1, ?5) ON CONFLICT (id) DO UPDATE \
                             SET rev = rev + 1, active_at = ?3, members = ?4, unread = 1, snapshot = ?5",
                        )
                        .expect("a statement");
                    let mut words = transaction
                        .prepare_cached("INSERT INTO words (rowid, terms) VALUES (?1, ?2)")
                        .expect("a statement");
                    for conversation in 0..batch {
                        seq += 1;
                        let (conversation, time) =
                            (i64::try_from(conversation).expect("small"), Timestamp::now().as_microsecond());
                        event
                            .execute(params![conversation, seq, ACTOR, time, DATA.as_bytes()])
                            .expect("inserted");
                        let id = transaction.last_insert_rowid();
                        log.execute(params![conversation, KIND, time, ACTOR, [b'x'; SNAPSHOT]])
                            .expect("upserted");
                        words.execute(params![id, TERMS]).expect("inserted");
                    }
                }
                transaction.commit().expect("committed");
            });
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = measured(); targets = stores, raw }
criterion_main!(benches);
