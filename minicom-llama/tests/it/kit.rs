//! What the tests are written with.

use std::{env, path::PathBuf, process::Command};

use jiff::Timestamp;
use minicom_core::{
    Actor, ActorId, Body, ConversationId, Draft, Event, EventId, ParticipantId, Position, Recorded, Reply,
    Responder, ResponderError, Role, Seq, Turn, WorkspaceId,
};
use minicom_llama::{LlamaOptions, LlamaProcess, LlamaResponder, LlamaStats, Sampling};

/// The model, if there is one.
fn model() -> Option<PathBuf> {
    env::var_os("MINICOM_MODEL").map(PathBuf::from).filter(|path| path.is_file())
}

/// Whether a test can run. If not, it says so.
pub fn ready(test: &str) -> bool {
    let ready = model().is_some();
    if !ready {
        eprintln!("{test}: skipped, MINICOM_MODEL names no file (scripts/model fetches one)");
    }
    ready
}

/// Small and quick: the model is not there to say clever things.
pub fn options() -> LlamaOptions {
    LlamaOptions {
        window: 512,
        context: Some(4096),
        parallel: 4,
        max_tokens: 12,
        // Two that wait for each other are slow beyond measure while tests and builds share the cores.
        threads: Some(1),
        sampling: Sampling::greedy(),
        ..LlamaOptions::new(model().expect("a test asks whether it is ready"))
    }
}

pub async fn open(options: LlamaOptions) -> LlamaResponder {
    LlamaResponder::open(options).await.expect("the model opens")
}

pub async fn start(options: LlamaOptions) -> LlamaProcess {
    let command = Command::new(env!("CARGO_BIN_EXE_minicom-llama-worker"));
    LlamaProcess::start(command, options).await.expect("the worker starts")
}

/// A turn of what was said in the conversation of `person`.
pub fn turn(workspace: &str, person: &str, said: &[(Role, &str)]) -> Turn {
    let message = |(number, (role, text)): (u64, &(Role, &str))| {
        let subject = ParticipantId::new(person).expect("a participant");
        let actor = Actor { id: ActorId { role: *role, subject }, name: None };
        let body = Body::message(*text);
        let event = Event { seq: Seq(number), time: Timestamp::UNIX_EPOCH, actor, client_id: None, body };
        Recorded { id: EventId(number), position: Position(number), event }
    };
    let events = (1..).zip(said).map(message).collect();
    let person = ParticipantId::new(person).expect("a participant");
    Turn::new(WorkspaceId::new(workspace).expect("a workspace"), ConversationId::direct(&person), events)
}

pub async fn respond(responder: &impl Responder, turn: Turn) -> Result<Reply, ResponderError> {
    let (mut draft, _watching) = Draft::channel();
    responder.respond(turn, &mut draft).await
}

/// The words of an answer; none if it was handed over.
pub async fn answer(responder: &impl Responder, turn: Turn) -> String {
    match respond(responder, turn).await.expect("it is answered") {
        Reply::Answer(answer) => answer.text,
        Reply::Handoff(_) => String::new(),
        other => panic!("{other:?}"),
    }
}

/// Waits until the model is at rest, by looking: what has been dropped is noticed with its next batch.
pub async fn rest(responder: &LlamaResponder) -> LlamaStats {
    loop {
        let stats = responder.stats();
        if stats.busy == 0 && stats.waiting == 0 {
            return stats;
        }
        tokio::task::yield_now().await;
    }
}
