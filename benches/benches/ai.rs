//! What a chat feels of an AI: the time from a message to its ack, by itself (the floor), and while as many replies as may be
//! written at once are stuck in a responder that blocks its thread for 30 s.

#![allow(missing_docs, reason = "criterion's macros document nothing")]

use std::time::Duration;

use async_trait::async_trait;
use criterion::{Criterion, criterion_group, criterion_main};
use minicom_benches::{agent, visitor, whose};
use minicom_core::{AiPolicy, Command, Draft, MemoryStore, Minicom, Reply, Responder, ResponderError, Turn};
use tokio::{runtime::Runtime, sync::mpsc};

/// Blocks its thread, as a model without an async interface does.
#[derive(Debug)]
struct Blocks(mpsc::UnboundedSender<()>);

#[async_trait]
impl Responder for Blocks {
    async fn respond(&self, _: Turn, _: &mut Draft) -> Result<Reply, ResponderError> {
        // The bench may have ended.
        let _ = self.0.send(());
        std::thread::sleep(Duration::from_secs(30));
        Ok(Reply::Silent)
    }
}

/// One visitor's messages, one after the other.
fn acks(c: &mut Criterion, name: &str, runtime: &Runtime, minicom: &Minicom) {
    let ann = visitor("ann");
    let target = whose(&ann);
    // Somebody else attends to her: what is measured is the chat.
    runtime.block_on(async {
        minicom.execute(&agent("ben"), &target, Command::message("Hello.")).await.expect("stored");
    });
    c.bench_function(&format!("ai/{name}"), |b| {
        b.iter(|| {
            runtime.block_on(async {
                minicom.execute(&ann, &target, Command::message("Hi")).await.expect("stored")
            })
        });
    });
}

fn alone(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let minicom =
        Minicom::builder().without_rate_limits().store(MemoryStore::new()).build().expect("a store is given");
    acks(c, "ack without an AI", &runtime, &minicom);
}

fn beside_blocked_responders(c: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let (started, mut attempts_begun) = mpsc::unbounded_channel();
    let attempts = minicom_core::Limits::default().ai_attempts;
    let minicom = runtime.block_on(async {
        let mut policy = AiPolicy::default();
        policy.deadline_s = 600;
        let builder = Minicom::builder()
            .without_rate_limits()
            .store(MemoryStore::new())
            .responder(Blocks(started))
            .ai_policy(policy);
        builder.build().expect("a store is given")
    });
    runtime.block_on(async {
        for number in 0..attempts {
            let asking = visitor(format!("asks-{number}"));
            minicom.execute(&asking, &whose(&asking), Command::message("How?")).await.expect("stored");
        }
        for _ in 0..attempts {
            attempts_begun.recv().await.expect("every one begins");
        }
    });
    acks(c, "ack beside 16 blocked responders", &runtime, &minicom);
    // Threads that are blocked are not waited for.
    runtime.shutdown_background();
}

criterion_group! {
    name = ai;
    config = Criterion::default().measurement_time(Duration::from_secs(5));
    targets = alone, beside_blocked_responders
}
criterion_main!(ai);
