//! What happens to a snapshot: facts as a store might hold them, and commands as a room might be given them.

use arbitrary::Arbitrary;
use jiff::Timestamp;
use minicom_core::{
    Actor, ActorId, Body, ClientId, Command, Conversation, Event, Fact, Fields, Log, Mark, ParticipantId,
    Reader, Role, Seq,
};
use uuid::Uuid;

/// One thing.
#[derive(Debug, Arbitrary)]
pub(super) enum Happening<'a> {
    Said { seq: u64, second: i64, who: Who<'a>, text: &'a str },
    Unknown { seq: u64, second: i64, who: Who<'a>, kind: &'a str },
    Created { epoch: u128, member: u8 },
    Read { reader: Option<u8>, up_to: u64 },
    Asked { who: Who<'a>, second: i64, direct: bool, ask: Ask<'a> },
}

/// Who does it.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) struct Who<'a> {
    role: u8,
    subject: u8,
    name: Option<&'a str>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) enum Ask<'a> {
    Say { text: &'a str, once: bool },
    Read(Option<u64>),
    Name(&'a str),
}

/// What a decision or a fold is given: a fact of a conversation, if it is one.
pub(super) type ConversationFact = Fact<<Conversation as Log>::Body, <Conversation as Log>::Mark>;

impl Happening<'_> {
    pub(super) fn fact(&self) -> Option<ConversationFact> {
        let event = |seq: u64, second, who: &Who<'_>, body| {
            let (seq, time, actor) = (Seq(seq), time(second), who.actor());
            Fact::Event(Event { seq, time, actor, client_id: None, body })
        };
        Some(match self {
            Self::Said { seq, second, who, text } => {
                event(*seq, *second, who, Body::Message { text: (*text).to_owned(), sources: Vec::new() })
            }
            Self::Unknown { seq, second, who, kind } => {
                event(*seq, *second, who, Body::Unknown { kind: (*kind).to_owned(), fields: Fields::new() })
            }
            Self::Created { epoch, member } => {
                Fact::Mark(Mark::Created { epoch: Uuid::from_u128(*epoch), member: subject(*member) })
            }
            Self::Read { reader, up_to } => {
                let reader = reader.map_or(Reader::Agents, |who| Reader::Member(subject(who)));
                Fact::Mark(Mark::Read { reader, up_to: Seq(*up_to) })
            }
            Self::Asked { .. } => return None,
        })
    }
}

impl Who<'_> {
    pub(super) fn actor(&self) -> Actor {
        let role = [Role::User, Role::Agent, Role::Ai][usize::from(self.role) % 3];
        // A host's own names are short; nothing bounds them.
        let name = self.name.map(|name| name.chars().take(32).collect());
        Actor { id: ActorId { role, subject: subject(self.subject) }, name }
    }
}

impl Ask<'_> {
    pub(super) fn command(&self) -> Option<Command> {
        Some(match self {
            Self::Say { text, once: true } => {
                Command::message_once(text, ClientId::new("once").expect("a valid id"))
            }
            Self::Say { text, once: false } => Command::message(text),
            Self::Read(up_to) => Command::Read { up_to: up_to.map(Seq) },
            Self::Name(_) => return None,
        })
    }
}

/// Sixteen participants: more than a conversation holds.
pub(super) fn subject(pick: u8) -> ParticipantId {
    if pick == 0 {
        return crate::fixtures::ann().participant;
    }
    crate::fixtures::participant(&format!("participant {}", pick % 16))
}

/// Any time there is.
pub(super) fn time(second: i64) -> Timestamp {
    let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(second.clamp(first, last)).expect("a time")
}
