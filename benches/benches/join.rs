//! A visitor who comes, with his history; and one who comes back, and asks for what he has missed. From the first byte to the
//! last frame, in process. With either store; while another window of his is open, and when nobody is there and the store is
//! read.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use minicom_benches::{Socket, measured, visitor, whose};
use minicom_core::{Admission, Command, Incoming, Limits, MemoryStore, Minicom, Store};
use minicom_sqlite::SqliteStore;
use tokio::{runtime::Runtime, sync::mpsc};

/// Messages of the conversation: a page.
const MESSAGES: usize = 50;
/// How many of them he has missed.
const MISSED: usize = 10;
const ANN: &str = "ann@example.com";

async fn filled(store: Arc<dyn Store>) -> Minicom {
    let mut limits = Limits::default();
    // Once nobody is there, nothing is kept of it.
    limits.room_idle = Duration::ZERO;
    let builder = Minicom::builder().without_rate_limits().limits(limits).shared_store(store);
    let minicom = builder.build().expect("a store was given");
    let ann = visitor(ANN);
    for number in 0..MESSAGES {
        let said = Command::message(format!("Message {number}: where is my parcel?"));
        minicom.execute(&ann, &whose(&ann), said).await.expect("stored");
    }
    minicom
}

/// Comes, says this, and goes when as many pages have come.
async fn come(minicom: &Minicom, says: Option<&Incoming>) {
    let pages = 1 + usize::from(says.is_some());
    let socket = Socket::new(|| ()).saying(says.cloned()).until(pages);
    minicom.serve(socket, Admission::Known(visitor(ANN))).await;
}

/// Comes, and stays.
async fn stay(minicom: &Minicom) {
    let (sender, mut frames) = mpsc::unbounded_channel();
    // Who has left off listening is told in vain.
    let socket = Socket::new(move || {
        let _ = sender.send(());
    });
    let minicom = minicom.clone();
    tokio::spawn(async move { minicom.serve(socket, Admission::Known(visitor(ANN))).await });
    frames.recv().await.expect("his history");
}

fn join(c: &mut Criterion) {
    let seen = MESSAGES - MISSED;
    let ask = |after: usize| {
        Incoming::Text(Bytes::from(format!(
            r#"{{"type":"get_conversation","after":{after},"client_id":"1"}}"#
        )))
    };
    let (missed_some, missed_none) = (ask(seen), ask(MESSAGES));
    let cases = [("join", None), ("resume", Some(&missed_some)), ("resume_nothing_new", Some(&missed_none))];
    for (room, is_open) in [("open", true), ("closed", false)] {
        let folder = tempfile::tempdir().expect("a folder");
        let sqlite = SqliteStore::open(folder.path().join("bench.db")).expect("a database");
        let stores: [(&str, Arc<dyn Store>); 2] =
            [("memory", Arc::new(MemoryStore::new())), ("sqlite", Arc::new(sqlite))];
        for (name, store) in stores {
            let runtime = Runtime::new().expect("a runtime");
            let minicom = runtime.block_on(filled(store));
            if is_open {
                runtime.block_on(stay(&minicom));
            }
            for (case, says) in cases {
                let id = BenchmarkId::new(room, name);
                let mut group = c.benchmark_group(case);
                group.bench_function(id, |b| b.iter(|| runtime.block_on(come(&minicom, says))));
                group.finish();
            }
            runtime.block_on(minicom.shutdown());
        }
    }
}

criterion_group! { name = benches; config = measured(); targets = join }
criterion_main!(benches);
