//! Turns for tests.

use jiff::Timestamp;
use minicom_core::{
    Actor, ActorId, Body, ConversationId, Event, EventId, ParticipantId, Position, Recorded, Role, Seq, Turn,
    WorkspaceId,
};

/// A turn in which this was said.
pub(crate) fn turn(said: &[(Role, &str)]) -> Turn {
    let ann = ParticipantId::new("ann@example.com").expect("a participant");
    let events = (1..).zip(said).map(|(number, &(role, text))| {
        let actor = Actor { id: ActorId { role, subject: ann.clone() }, name: Some("Ann Example".into()) };
        let body = Body::message(text);
        let event = Event { seq: Seq(number), time: Timestamp::UNIX_EPOCH, actor, client_id: None, body };
        Recorded { id: EventId(number), position: Position(number), event }
    });
    Turn::new(WorkspaceId::default(), ConversationId::direct(&ann), events.collect())
}
