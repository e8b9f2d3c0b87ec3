//! Who may no longer speak in a conversation, and who says so.

use super::{Body, Conversation, Mark};
use crate::{
    ban::Ban,
    error::{Code, Refusal},
    log::{Context, Event, Fact, Facts},
    role::Role,
};
use jiff::Timestamp;

impl Conversation {
    /// The ban of its participant, if one holds.
    pub fn ban(&self, now: Timestamp) -> Option<&Ban> {
        self.last_ban().filter(|ban| ban.holds(now))
    }

    /// The one that nobody has lifted, whether or not it still holds.
    pub fn last_ban(&self) -> Option<&Ban> {
        self.ban.as_ref()
    }

    /// Refuses a banned participant, whatever he wants.
    pub(crate) fn admits(&self, role: Role, now: Timestamp) -> Result<(), Refusal> {
        match self.ban(now) {
            Some(_) if role == Role::User => Err(Refusal::banned()),
            _ => Ok(()),
        }
    }

    /// A ban may come before the first word: whoever floods another conversation is banned by his name.
    pub(super) fn bans(&self, cx: &Context<'_>, ban: &Ban) -> Result<Facts<Self>, Refusal> {
        ban.check()?;
        if !ban.holds(cx.now) {
            return Err(Refusal::bad_request("a ban ends later than now"));
        }
        if self.ban(cx.now) == Some(ban) {
            return Ok(Vec::new());
        }
        let mut facts = self.created(cx)?;
        facts.push(self.event(cx, Body::Banned { ban: ban.clone(), over: false }));
        Ok(facts)
    }

    pub(super) fn lifts(&self, cx: &Context<'_>) -> Facts<Self> {
        // One that has ended by itself says nothing new when it is lifted.
        self.ban(cx.now).map(|_| self.event(cx, Body::Unbanned { over: false })).into_iter().collect()
    }

    fn event(&self, cx: &Context<'_>, body: Body) -> Fact<Body, Mark> {
        Fact::Event(Event {
            seq: self.last.next(),
            time: cx.now.max(self.time),
            actor: cx.actor.clone(),
            client_id: None,
            body,
        })
    }

    /// The mark that a conversation begins with, if this one has not begun.
    pub(super) fn created(&self, cx: &Context<'_>) -> Result<Facts<Self>, Refusal> {
        if !self.epoch.is_nil() {
            return Ok(Vec::with_capacity(2));
        }
        let member = cx.participant.ok_or(Refusal::new(Code::NotFound, "there is no such conversation"))?;
        Ok(vec![Fact::Mark(Mark::Created { epoch: cx.fresh, member: member.clone() })])
    }

    pub(super) fn take_ban(&mut self, body: &Body) {
        match body {
            Body::Banned { ban, over: false } => self.ban = Some(ban.clone()),
            Body::Unbanned { over: false } => self.ban = None,
            _ => {}
        }
    }
}
