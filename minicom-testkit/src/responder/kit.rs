//! What the cases are written with.

use std::sync::Arc;

use jiff::Timestamp;
use minicom_core::{
    Actor, ActorId, Answer, Body, ConversationId, Draft, Event, EventId, Limits, ParticipantId, Position,
    Recorded, Reply, Responder, ResponderError, Role, Seq, Turn, WorkspaceId,
};

fn participant(name: &str) -> ParticipantId {
    ParticipantId::new(name).expect("a participant")
}

/// What somebody said; seqs are set by [`turn`].
pub(super) fn said(role: Role, text: &str) -> Recorded<Body> {
    event(role, Body::message(text))
}

pub(super) fn event(role: Role, body: Body) -> Recorded<Body> {
    let subject = participant(role.as_str());
    let actor = Actor { id: ActorId { role, subject }, name: None };
    let event = Event { seq: Seq(0), time: Timestamp::UNIX_EPOCH, actor, client_id: None, body };
    Recorded { id: EventId(0), position: Position(0), event }
}

/// A turn of these events, numbered.
pub(super) fn turn(mut events: Vec<Recorded<Body>>) -> Turn {
    for (number, recorded) in (1..).zip(&mut events) {
        recorded.event.seq = Seq(number);
        (recorded.id, recorded.position) = (EventId(number), Position(number));
    }
    Turn::new(WorkspaceId::default(), ConversationId::direct(&participant("ann")), events)
}

/// A visitor's first question.
pub(super) fn question(text: &str) -> Turn {
    turn(vec![said(Role::User, text)])
}

/// A turn's outcome, if it can be used: a reply that a conversation would refuse is none.
pub(super) async fn respond(responder: &Arc<dyn Responder>, turn: Turn) -> Result<Reply, ResponderError> {
    let (mut draft, _watching) = Draft::channel();
    let reply = responder.respond(turn, &mut draft).await?;
    if let Reply::Answer(Answer { text, .. }) = &reply {
        assert!(!text.trim().is_empty(), "an empty reply, where it might be silent");
        assert!(text.len() <= Limits::default().message_bytes, "a reply of {} bytes", text.len());
    }
    Ok(reply)
}

/// A question that it must answer or hand over.
pub(super) async fn must_answer(responder: &Arc<dyn Responder>, text: &str) {
    let reply = respond(responder, question(text)).await.expect("a simple question is no error");
    assert!(matches!(reply, Reply::Answer(_) | Reply::Handoff(_)), "{reply:?} to a simple question");
}
