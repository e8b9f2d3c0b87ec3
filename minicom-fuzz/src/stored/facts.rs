//! What happens to a snapshot: facts as a store might hold them, and commands as a room might be given them.

use arbitrary::Arbitrary;
use jiff::Timestamp;
use minicom_core::{
    Actor, ActorId, AiMark, Body, Claim, ClientId, Command, Conversation, Event, Fact, Fields, HandoffReason,
    Log, Mark, ParticipantId, Personality, Reader, Role, Seq, Source,
};
use uuid::Uuid;

use super::asked::{Of, Policy, may_be_chosen, token};

/// One thing.
#[derive(Debug, Arbitrary)]
pub(super) enum Happening<'a> {
    Said { seq: u64, second: i64, who: Who<'a>, text: &'a str },
    Unknown { seq: u64, second: i64, who: Who<'a>, kind: &'a str },
    Created { epoch: u128, member: u8 },
    Read { reader: Option<u8>, up_to: u64 },
    Asked { who: Who<'a>, second: i64, direct: bool, policy: Option<Policy<'a>>, ask: Ask<'a> },
    OfAi { seq: u64, second: i64, who: Who<'a>, body: OfAi<'a> },
    Owing { what: Owing, second: i64 },
}

/// An event that concerns the AI.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) enum OfAi<'a> {
    Handoff { detail: Option<&'a str> },
    TakenOver,
    HandedBack,
    Stopped(u64),
    Rated { seq: u64, helpful: bool },
    Suggestion { in_reply_to: u64, text: &'a str },
    Personality { own: Option<&'a str> },
}

/// A mark that concerns it.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) enum Owing {
    Owed(u64),
    Claimed(u8),
    Released,
    Settled,
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
    Ai(Of<'a>),
    SetAi(Policy<'a>),
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
            Self::Said { seq, second, who, text } => event(*seq, *second, who, Body::message(*text)),
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
            Self::OfAi { seq, second, who, body } => event(*seq, *second, who, body.body()?),
            Self::Owing { what, second } => Fact::Mark(Mark::Ai(what.mark(time(*second)))),
            Self::Asked { .. } => return None,
        })
    }
}

impl OfAi<'_> {
    /// `None`: no rule lets it become true.
    fn body(self) -> Option<Body> {
        Some(match self {
            Self::Handoff { detail: None } => Body::Handoff { reason: HandoffReason::Asked },
            Self::Handoff { detail: Some(detail) } => {
                Body::Handoff { reason: HandoffReason::Responder { detail: detail.to_owned() } }
            }
            Self::TakenOver => Body::TakenOver,
            Self::HandedBack => Body::HandedBack,
            Self::Stopped(in_reply_to) => Body::Stopped { in_reply_to: Seq(in_reply_to) },
            Self::Rated { seq, helpful } => Body::Rated { seq: Seq(seq), helpful },
            Self::Suggestion { in_reply_to, text } => Body::Suggestion {
                in_reply_to: Seq(in_reply_to),
                text: text.to_owned(),
                sources: vec![Source::new(text)],
            },
            Self::Personality { own } => {
                let personality = own.map(|own| Personality::Own(own.to_owned()));
                personality
                    .as_ref()
                    .is_none_or(may_be_chosen)
                    .then_some(Body::PersonalityChosen { personality })?
            }
        })
    }
}

impl Owing {
    fn mark(self, time: Timestamp) -> AiMark {
        match self {
            Self::Owed(seq) => AiMark::Owed { seq: Seq(seq), due: time },
            Self::Claimed(pick) => AiMark::Claimed(Claim { token: token(pick), until: time }),
            Self::Released => AiMark::Released { due: time },
            Self::Settled => AiMark::Settled,
        }
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
    /// The event that is rated, and whether it is an answer.
    pub(super) fn rated(&self) -> Option<(minicom_core::StoredEvent, bool)> {
        if let Self::Ai(of) = self { of.rated() } else { None }
    }

    pub(super) fn command(&self) -> Option<Command> {
        Some(match self {
            Self::Say { text, once: true } => {
                Command::message_once(text, ClientId::new("once").expect("a valid id"))
            }
            Self::Say { text, once: false } => Command::message(text),
            Self::Read(up_to) => Command::Read { up_to: up_to.map(Seq) },
            Self::Ai(of) => Command::Ai(of.command()),
            Self::Name(_) | Self::SetAi(_) => return None,
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
