//! Fan-out in process: one message of one sender to the outboxes of 1, 10, 100, 1,000 and 10,000 sockets that watch, through the
//! room, the in-memory store and each socket's own loop. The floor beside it hands one `Bytes` to as many channels.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use minicom_benches::{Socket, measured, visitor, whose};
use minicom_core::{Admission, Command, MemoryStore, Minicom};
use tokio::{runtime::Runtime, sync::Notify, sync::mpsc};

const WATCHERS: [usize; 5] = [1, 10, 100, 1000, 10_000];

/// Counts what is delivered, and wakes whoever waits for a number.
#[derive(Debug, Default)]
struct Count {
    delivered: AtomicUsize,
    wanted: AtomicUsize,
    reached: Notify,
}

impl Count {
    fn add(&self) {
        let delivered = self.delivered.fetch_add(1, Ordering::AcqRel) + 1;
        if delivered >= self.wanted.load(Ordering::Acquire) {
            self.reached.notify_one();
        }
    }

    async fn reach(&self, wanted: usize) {
        while self.delivered.load(Ordering::Acquire) < wanted {
            self.reached.notified().await;
        }
    }

    fn want(&self, more: usize) -> usize {
        let wanted = self.delivered.load(Ordering::Acquire) + more;
        self.wanted.store(wanted, Ordering::Release);
        wanted
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().expect("a runtime")
}

fn room(c: &mut Criterion) {
    let mut group = c.benchmark_group("fan_out");
    for watchers in WATCHERS {
        let runtime = runtime();
        let count = Arc::new(Count::default());
        let minicom = Minicom::builder()
            .without_rate_limits()
            .store(MemoryStore::new())
            .build()
            .expect("a store was given");
        let visitor = visitor("ann");
        let target = whose(&visitor);
        runtime.block_on(async {
            // Each is sent its history, which says that it has joined.
            let joined = count.want(watchers);
            for _ in 0..watchers {
                let (minicom, count, visitor) = (minicom.clone(), count.clone(), visitor.clone());
                let socket = Socket::new(move || count.add());
                tokio::spawn(async move { minicom.serve(socket, Admission::Known(visitor)).await });
            }
            count.reach(joined).await;
        });
        group.throughput(Throughput::Elements(watchers as u64));
        group.bench_function(BenchmarkId::new("room", watchers), |b| {
            b.iter(|| {
                runtime.block_on(async {
                    let wanted = count.want(watchers);
                    minicom.execute(&visitor, &target, Command::message("hello")).await.expect("stored");
                    count.reach(wanted).await;
                });
            });
        });
    }
    group.finish();
}

fn floor(c: &mut Criterion) {
    let mut group = c.benchmark_group("fan_out");
    for watchers in WATCHERS {
        let runtime = runtime();
        let count = Arc::new(Count::default());
        let senders: Vec<_> = (0..watchers)
            .map(|_| {
                let (sender, mut receiver) = mpsc::unbounded_channel::<Bytes>();
                let count = count.clone();
                runtime.spawn(async move {
                    while let Some(frame) = receiver.recv().await {
                        black_box(frame);
                        count.add();
                    }
                });
                sender
            })
            .collect();
        let frame = Bytes::from(vec![b'x'; 300]);
        group.throughput(Throughput::Elements(watchers as u64));
        group.bench_function(BenchmarkId::new("floor", watchers), |b| {
            b.iter_custom(|iterations| {
                let started = Instant::now();
                runtime.block_on(async {
                    for _ in 0..iterations {
                        let wanted = count.want(watchers);
                        for sender in &senders {
                            sender.send(frame.clone()).expect("the task lives");
                        }
                        count.reach(wanted).await;
                    }
                });
                started.elapsed()
            });
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = measured(); targets = room, floor }
criterion_main!(benches);
