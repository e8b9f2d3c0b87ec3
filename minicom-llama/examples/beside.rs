//! What a chat feels of a model beside it: `cargo run --release -p minicom-llama --features llama --example beside -- MODEL [ROUNDS]`.
//!
//! The time from a message to its ack, one after the other, while nobody else is there and while 16 visitors have the model
//! answer them without a pause; in turn, in the same process. Rounds are printed one by one, also those that look bad. The
//! chat and the model share the machine's cores, and nothing is done here to keep them apart.

use std::{
    env,
    error::Error,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use minicom_core::{
    AiPolicy, Command, Identity, MemoryStore, Minicom, PageRequest, ParticipantId, Role, Target, WorkspaceId,
};
use minicom_llama::{LlamaOptions, LlamaResponder};
use tokio::time::sleep;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Visitors whom the model answers.
const VISITORS: usize = 16;
/// How long a part of a round takes.
const PART: Duration = Duration::from_secs(10);
/// What one message waits for the next: a busy room's pace.
const PACE: Duration = Duration::from_millis(5);

#[tokio::main]
async fn main() -> Result<()> {
    let model = PathBuf::from(env::args().nth(1).ok_or("which model?")?);
    let rounds: usize = env::args().nth(2).map_or(Ok(5), |rounds| rounds.parse())?;
    let options = LlamaOptions { parallel: VISITORS, ..LlamaOptions::new(model) };
    let responder = LlamaResponder::open(options).await?;
    let mut policy = AiPolicy::default();
    policy.deadline_s = 600;
    let minicom =
        Minicom::builder().store(MemoryStore::new()).async_responder(responder).ai_policy(policy).build()?;
    let (bo, target) = somebody("bo")?;
    let agent = Identity::agent(WorkspaceId::default(), ParticipantId::new("agent")?);
    // An agent attends to him: what is measured is the chat.
    minicom.execute(&agent, &target, Command::message("Hello.")).await?;
    println!("round  without: p50, p99, most   beside {VISITORS}: p50, p99, most   answers");
    for round in 1..=rounds {
        let without = acks(&minicom, &bo, &target).await?;
        let (stop, answers) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let asking = (0..VISITORS).map(|number| {
            tokio::spawn(ask(minicom.clone(), format!("visitor-{number}"), stop.clone(), answers.clone()))
        });
        let asking: Vec<_> = asking.collect();
        sleep(Duration::from_secs(2)).await;
        let beside = acks(&minicom, &bo, &target).await?;
        stop.store(true, Ordering::Relaxed);
        join_all(asking).await;
        println!("{round:5}  {without}   {beside}   {}", answers.load(Ordering::Relaxed));
    }
    minicom.shutdown().await;
    Ok(())
}

fn somebody(name: &str) -> Result<(Identity, Target)> {
    let participant = ParticipantId::new(name)?;
    Ok((Identity::user(WorkspaceId::default(), participant.clone()), Target::Participant(participant)))
}

/// Asks, waits for the answer, and asks again.
async fn ask(minicom: Minicom, name: String, stop: Arc<AtomicBool>, answers: Arc<AtomicU64>) {
    let Ok((visitor, target)) = somebody(&name) else { return };
    while !stop.load(Ordering::Relaxed) {
        let question = Command::message("What can you tell me about the weather in spring?");
        if minicom.execute(&visitor, &target, question).await.is_err() {
            return;
        }
        loop {
            sleep(Duration::from_millis(50)).await;
            let Ok(page) = minicom.conversation(&visitor, &target, PageRequest::latest()).await else {
                return;
            };
            let answered = page.events.last().is_some_and(|last| last.event.actor.id.role == Role::Ai);
            if answered {
                answers.fetch_add(1, Ordering::Relaxed);
            }
            if answered || stop.load(Ordering::Relaxed) {
                break;
            }
        }
    }
}

/// How long acks took, for a while.
async fn acks(minicom: &Minicom, visitor: &Identity, target: &Target) -> Result<String> {
    let mut took = Vec::new();
    let began = Instant::now();
    while began.elapsed() < PART {
        let said = Instant::now();
        minicom.execute(visitor, target, Command::message("Hi")).await?;
        took.push(said.elapsed());
        sleep(PACE).await;
    }
    took.sort();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    Ok(format!("{:>9.1?} {:>9.1?} {:>9.1?}", at(50), at(99), at(100)))
}
