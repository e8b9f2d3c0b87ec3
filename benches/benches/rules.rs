//! What a message costs before anything is stored: a command decided, and its facts folded.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use minicom_benches::{measured, visitor};
use minicom_core::{Command, Context, Conversation, Log, Workspace};
use uuid::Uuid;

/// A message decided and folded, in a conversation with so many unread ones.
fn decide(c: &mut Criterion) {
    let (identity, workspace) = (visitor("ann@example.com"), Workspace::default());
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

criterion_group! { name = benches; config = measured(); targets = decide }
criterion_main!(benches);
