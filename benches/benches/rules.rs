//! What a message costs before anything is stored: a frame read, a command decided, its facts folded; and a page written.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::{hint::black_box, time::Duration};

use bytes::Bytes;
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use minicom_core::{
    Admission, Command, Context, Conversation, ConversationId, Identity, Incoming, Limits, Log, MemoryStore,
    Minicom, PageRequest, ParticipantId, Target, Workspace, WorkspaceId,
    session::{Outcome, Output, Session},
};
use tokio::time::Instant;
use uuid::Uuid;

/// Messages of a page.
const PAGE: usize = 50;

fn ann() -> Identity {
    Identity::user(WorkspaceId::default(), ParticipantId::new("ann@example.com").expect("valid"))
}

fn ben() -> Identity {
    Identity::agent(WorkspaceId::default(), ParticipantId::new("ben").expect("valid"))
}

fn session(identity: Identity) -> Session {
    Session::new(Admission::Known(identity), Limits::default(), Instant::now(), Timestamp::now(), 0.5)
}

/// Every frame of an agent, from its text to what it asks for.
fn decode(c: &mut Criterion) {
    let id = ConversationId::direct(&ann().participant).0;
    let mut group = c.benchmark_group("decode");
    for (name, frame) in [
        ("message", r#"{"type":"message","to":"ann@example.com","message":"It was sent on Monday.","client_id":"6f1d"}"#.to_owned()),
        ("get_conversation", format!(r#"{{"type":"get_conversation","conversation":"{id}","after":17,"epoch":null,"client_id":"1"}}"#)),
        ("read_messages", r#"{"type":"read_messages","email":"ann@example.com","up_to":17}"#.to_owned()),
        ("typing", r#"{"type":"typing","email":"ann@example.com","typing":true}"#.to_owned()),
        ("list", r#"{"type":"list","filter":{"unread":true},"limit":100,"client_id":"1"}"#.to_owned()),
        ("search", r#"{"type":"search","query":"where is my parcel","limit":20,"client_id":"1"}"#.to_owned()),
        ("take_over", r#"{"type":"take_over","email":"ann@example.com","client_id":"1"}"#.to_owned()),
        ("leave", r#"{"type":"leave"}"#.to_owned()),
        ("ping", r#"{"type":"ping"}"#.to_owned()),
        ("unknown", r#"{"type":"dance","client_id":"1"}"#.to_owned()),
    ] {
        let incoming = Incoming::Text(Bytes::from(frame));
        group.bench_function(name, |b| {
            b.iter_batched_ref(
                || session(ben()),
                |session| {
                    session.receive(&incoming);
                    black_box(session.next_output()).expect("it asks for something");
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// A page of messages, from the events to the frame.
fn encode(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let page = runtime.block_on(async {
        let minicom = Minicom::builder().store(MemoryStore::new()).build().expect("a store was given");
        let target = Target::Participant(ann().participant);
        for number in 0..PAGE {
            let said = Command::message(format!("Message {number}: where is my parcel?"));
            minicom.execute(&ann(), &target, said).await.expect("stored");
        }
        minicom.conversation(&ann(), &target, PageRequest::latest()).await.expect("a page")
    });
    let mut group = c.benchmark_group("encode");
    group.throughput(Throughput::Elements(PAGE as u64));
    group.bench_function(BenchmarkId::new("history", PAGE), |b| {
        b.iter_batched_ref(
            || {
                let mut session = session(ann());
                let Some(Output::Run(_, ticket)) = session.next_output() else {
                    panic!("a visitor's session begins with his history")
                };
                (session, ticket, Some(Outcome::Page(Ok(Box::new(page.clone())))))
            },
            |(session, ticket, outcome)| {
                let outcome = outcome.take().expect("one for each");
                session.complete(ticket, outcome, Instant::now(), Timestamp::UNIX_EPOCH);
                black_box(session.next_output()).expect("a frame");
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// A message decided and folded, in a conversation with so many unread ones.
fn decide(c: &mut Criterion) {
    let (identity, workspace) = (ann(), Workspace::default());
    let actor = identity.actor();
    let mut group = c.benchmark_group("decide_and_apply");
    for unread in [0, 10, 100] {
        let mut cx = Context::new(Timestamp::UNIX_EPOCH, &actor, &workspace, Uuid::from_u128(1));
        cx.participant = Some(&identity.participant);
        let said = Command::message("Where is my parcel? It was sent on Monday.");
        let say = |conversation: &mut Conversation| {
            for fact in conversation.decide(&cx, &said).expect("allowed") {
                conversation.apply(&fact);
            }
        };
        let mut before = Conversation::default();
        (0..unread).for_each(|_| say(&mut before));
        group.bench_function(BenchmarkId::new("message", unread), |b| {
            b.iter_batched_ref(|| before.clone(), say, BatchSize::SmallInput);
        });
        group.bench_function(BenchmarkId::new("snapshot", unread), |b| b.iter(|| black_box(before.encode())));
        let snapshot = before.encode();
        group.bench_function(BenchmarkId::new("snapshot_read", unread), |b| {
            b.iter(|| black_box(Conversation::decode(&snapshot)).expect("readable"));
        });
    }
    group.finish();
}

fn short() -> Criterion {
    Criterion::default()
        .measurement_time(Duration::from_secs(2))
        .warm_up_time(Duration::from_millis(500))
        .sample_size(30)
}

criterion_group! { name = benches; config = short(); targets = decode, encode, decide }
criterion_main!(benches);
