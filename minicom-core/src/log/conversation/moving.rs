//! A conversation that becomes another's: what an anonymous visitor said and heard goes on in the conversation of who he turned
//! out to be. It is taken in there piece by piece, and then left here. Each piece may be repeated, so that a move which a crash
//! cut short ends where it would have. It is the server's doing and not the visitor's, so a ban of either does not hold it up;
//! the ban goes along.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AiMark, Body, Conversation, Mark, Reader, ai};
use crate::{
    ban::Ban,
    error::{Code, Refusal},
    id::{ActorId, ClientId, ConversationId, LogId, ParticipantId, Seq, WorkspaceId},
    identity::Actor,
    log::{Context, Event, Fact, Facts},
    role::{Role, Side},
    store::{Also, StoredEvent},
};

/// How the keys of what was taken in begin. A client's own key that looks like one is not kept.
const TAKEN: &str = "moved:";

/// A step of a [move](crate::Minicom::move_visitor), which alone makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveCommand(pub(crate) Step);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Take these events in.
    Take(Piece),
    /// All up to `through` is there: leave nothing here. What came meanwhile must be taken in first, so then it is no step.
    Leave { to: ParticipantId, through: Seq },
    /// What the AI owed there it owes here.
    Owe,
}

/// Some events of the conversation that is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub from: ParticipantId,
    pub to: ParticipantId,
    /// In their order.
    pub events: Vec<Event<Body>>,
    /// What each side had read there.
    pub read_by_user: Seq,
    pub read_by_agents: Seq,
    /// The ban that holds there.
    pub ban: Option<Ban>,
}

/// Where a conversation went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Whose conversation it is now.
    pub to: ParticipantId,
    /// Whether an answer of the AI was owed.
    pub owed: bool,
}

impl Refusal {
    /// It is another's conversation now.
    pub(crate) fn moved() -> Self {
        Self::new(Code::Moved, "this conversation was moved")
    }
}

impl Piece {
    fn is_own(&self, event: &Event<Body>) -> bool {
        event.actor.id.role == Role::User && event.actor.id.subject == self.from
    }

    /// Who did it, here.
    fn actor(&self, event: &Event<Body>) -> ActorId {
        let subject = if self.is_own(event) { &self.to } else { &event.actor.id.subject };
        ActorId { role: event.actor.id.role, subject: subject.clone() }
    }

    /// A key by which it is found here again. At most 63 bytes.
    fn key(&self, event: &Event<Body>) -> Option<ClientId> {
        let from = ConversationId::direct(&self.from);
        ClientId::new(format!("{TAKEN}{from}:{}", event.seq)).ok()
    }

    /// The visitor's own key, under which his page may send the message once more.
    fn own_key(&self, event: &Event<Body>) -> Option<ClientId> {
        let own = event.client_id.clone().filter(|key| !key.as_str().starts_with(TAKEN));
        own.filter(|_| self.is_own(event))
    }

    fn needs(&self) -> Also {
        let keys = self.events.iter().flat_map(|event| {
            let keys = self.key(event).into_iter().chain(self.own_key(event));
            keys.map(|key| (self.actor(event), key))
        });
        Also { client_ids: keys.collect(), ..Also::NOTHING }
    }

    /// What is to be said here. Of bans the one that goes along alone does what it says; the others are told.
    fn body(&self, event: &Event<Body>, here: Seq, own: Option<&Ban>) -> Body {
        match &event.body {
            Body::Banned { ban, .. } => {
                let goes_along = self.ban.as_ref() == Some(ban) && own.is_none_or(|own| ban.outlasts(own));
                Body::Banned { ban: ban.clone(), over: !goes_along }
            }
            Body::Unbanned { .. } => Body::Unbanned { over: true },
            body => body.referring(|there| Seq((here.0 + there.0).saturating_sub(event.seq.0))),
        }
    }

    /// The event as it is to be stored here, where `own` is the ban that holds; `None`: it is already.
    fn copy(
        &self,
        event: &Event<Body>,
        own: Option<&Ban>,
        as_: &Actor,
        also: &[StoredEvent],
        at: (Seq, Timestamp),
    ) -> Option<Event<Body>> {
        let actor = if self.is_own(event) { as_.clone() } else { event.actor.clone() };
        let (seq, last) = at;
        let mut copy = Event {
            seq,
            time: event.time.max(last),
            actor,
            client_id: self.key(event),
            body: self.body(event, seq, own),
        };
        let stored = |key: &ClientId| {
            let same = |stored: &&StoredEvent| {
                stored.actor == copy.actor.id && stored.client_id.as_ref() == Some(key)
            };
            also.iter().find(same)
        };
        if copy.client_id.as_ref().and_then(stored).is_some() {
            return None;
        }
        let Some(own) = self.own_key(event) else { return Some(copy) };
        let before = stored(&own).map(|stored| stored.digest);
        if before.is_some() {
            let log = LogId::conversation(&WorkspaceId::default(), ConversationId::direct(&self.to));
            let digest = Event { client_id: Some(own), ..copy.clone() }.digest(&log);
            // Another message of his that has the same key: then this one has ours.
            return (before != Some(digest)).then_some(copy);
        }
        copy.client_id = Some(own);
        Some(copy)
    }
}

impl MoveCommand {
    pub(super) fn needs(&self) -> Also {
        match &self.0 {
            Step::Take(piece) => piece.needs(),
            Step::Leave { .. } | Step::Owe => Also::NOTHING,
        }
    }
}

impl Conversation {
    /// Where it went, if it was moved: nothing is said here any more.
    pub fn moved(&self) -> Option<&Moved> {
        self.moved.as_ref()
    }

    pub(super) fn decide_move(&self, cx: &Context<'_>, step: &MoveCommand) -> Result<Facts<Self>, Refusal> {
        let is_user = cx.actor.id.role == Role::User;
        let anonymous = cx.actor.id.subject.is_anonymous();
        match &step.0 {
            Step::Take(piece) if is_user && !anonymous && piece.to == cx.actor.id.subject => {
                self.take_in(cx, piece)
            }
            Step::Leave { to, through } if is_user && anonymous => self.leave(cx, to, *through),
            Step::Owe if is_user && !anonymous => Ok(self.owe(cx).into_iter().collect()),
            _ => Err(Refusal::forbidden()),
        }
    }

    fn take_in(&self, cx: &Context<'_>, piece: &Piece) -> Result<Facts<Self>, Refusal> {
        let (mut after, mut facts) = (self.clone(), Vec::new());
        let mut add = |after: &mut Self, fact| {
            after.apply_fact(&fact);
            facts.push(fact);
        };
        if self.epoch.is_nil() {
            let member = cx.participant.filter(|member| **member == piece.to).ok_or(Refusal::forbidden())?;
            add(&mut after, Fact::Mark(Mark::Created { epoch: cx.fresh, member: member.clone() }));
        }
        let (mut read_by_user, mut read_by_agents) = (None, None);
        for event in &piece.events {
            let at = (after.last.next(), after.time);
            let own = after.ban(cx.now);
            let Some(copy) = piece.copy(event, own, cx.actor, cx.also, at) else { continue };
            if event.seq <= piece.read_by_user {
                read_by_user = Some(copy.seq);
            }
            if event.seq <= piece.read_by_agents {
                read_by_agents = Some(copy.seq);
            }
            add(&mut after, Fact::Event(copy));
        }
        // Where something lies unread before it, the cursor cannot pass that.
        let member = Reader::Member(piece.to.clone());
        for (side, reader, read) in
            [(Side::User, member, read_by_user), (Side::Agents, Reader::Agents, read_by_agents)]
        {
            if let Some(up_to) = read.filter(|_| self.unread(side) == 0) {
                add(&mut after, Fact::Mark(Mark::Read { reader, up_to }));
            }
        }
        Ok(facts)
    }

    fn leave(&self, cx: &Context<'_>, to: &ParticipantId, through: Seq) -> Result<Facts<Self>, Refusal> {
        if let Some(moved) = &self.moved {
            return if moved.to == *to { Ok(Vec::new()) } else { Err(Refusal::moved()) };
        }
        if self.epoch.is_nil() || self.last != through {
            return Ok(Vec::new());
        }
        // What is kept of it is another life: nobody resumes what is gone.
        let renewed = Fact::Mark(Mark::Renewed { epoch: cx.fresh });
        Ok(vec![renewed, self.next_event(cx, 0, Body::Moved { to: to.clone() })])
    }

    /// The visitor's last word, if nobody has answered it and the AI may.
    fn owe(&self, cx: &Context<'_>) -> Option<Fact<Body, Mark>> {
        if self.ban(cx.now).is_some() {
            return None;
        }
        let policy =
            cx.ai.filter(|policy| self.may_speak(policy) && ai::answers(policy, self.epoch, cx.now))?;
        let last = self.last_message.as_ref().filter(|last| last.role == Role::User)?;
        let nothing_owed = self.ai.owed().is_none() && policy.attempts > 0;
        nothing_owed.then_some(Fact::Mark(Mark::Ai(AiMark::Owed { seq: last.seq, due: cx.now })))
    }

    /// Nothing is left but where it went, for agents who look for it.
    pub(super) fn take_leave(&mut self, seq: Seq, to: &ParticipantId) {
        self.moved = Some(Moved { to: to.clone(), owed: self.ai.owed().is_some() });
        self.first = seq;
        self.messages = 0;
        self.agents_read = seq;
        self.unread_by_user.clear();
        self.unread_by_agents.clear();
        self.last_message = None;
    }
}
