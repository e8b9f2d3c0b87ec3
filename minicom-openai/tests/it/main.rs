//! The responder against a server that is scripted byte by byte, and against a real one.

mod conformance;
mod http;
mod live;
mod secrets;
mod server;

use std::time::Duration;

use jiff::Timestamp;
use minicom_core::{
    Actor, ActorId, Body, ConversationId, Draft, Event, EventId, ParticipantId, Position, Recorded, Reply,
    Responder, ResponderError, Role, Seq, Turn, WorkspaceId,
};
use minicom_openai::{OpenAi, OpenAiError, OpenAiOptions};

/// A visitor's question.
fn question(text: &str) -> Turn {
    let ann = ParticipantId::new("ann").expect("a participant");
    let actor = Actor { id: ActorId { role: Role::User, subject: ann.clone() }, name: None };
    let body = Body::message(text);
    let event = Event { seq: Seq(1), time: Timestamp::UNIX_EPOCH, actor, client_id: None, body };
    let recorded = Recorded { id: EventId(1), position: Position(1), event };
    Turn::new(WorkspaceId::default(), ConversationId::direct(&ann), vec![recorded])
}

/// Options that wait for long where a test must not depend on speed, and for nothing before a repetition.
fn patient(base_url: &str) -> OpenAiOptions {
    let mut options = OpenAiOptions::new(base_url, "model");
    let hour = Duration::from_hours(1);
    options.first_token_within = hour;
    options.next_token_within = hour;
    options.answer_within = hour;
    options.connect_within = hour;
    options.retry_delay = Duration::ZERO;
    options
}

async fn ask(options: OpenAiOptions) -> (Result<Reply, ResponderError>, String) {
    let (mut draft, _watching) = Draft::channel();
    let reply = OpenAi::new(options).unwrap().respond(question("When are you open?"), &mut draft).await;
    (reply, draft.text())
}

/// What is behind a responder's error.
fn cause(error: &ResponderError) -> &OpenAiError {
    let source = std::error::Error::source(error).expect("a source");
    source.downcast_ref().expect("one of this crate's")
}
