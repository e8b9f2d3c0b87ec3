//! Who else has a conversation open: a state, for agents alone. It is of this process; nothing of it is stored.

use super::{Room, Shared};
use crate::{
    fanout::StateKey,
    identity::Actor,
    role::Side,
    wire::server::{self, Place},
};

/// How many agents are named; more of them in one conversation are a meeting.
const NAMED: usize = 20;

impl Room {
    /// Tells the agents who watch which of them do, if they are at least so many: one who comes alone is told nothing, one who
    /// is left alone is.
    pub(super) fn tell_viewers(&self, shared: &Shared, least: usize) {
        let Some(conversation) = self.log.as_conversation() else { return };
        let Some(snapshot) = &shared.delivered else { return };
        let watchers = || shared.watchers.iter().filter(|(_, watcher)| watcher.actor.side() == Side::Agents);
        let mut viewers: Vec<&Actor> = watchers().map(|(_, watcher)| &watcher.actor).collect();
        viewers.sort_by(|one, other| one.id.cmp(&other.id));
        // Somebody with two windows is one.
        viewers.dedup_by(|one, other| one.id == other.id);
        if viewers.len() < least {
            return;
        }
        viewers.truncate(NAMED);
        let frame =
            server::viewers(Place::new(conversation, &snapshot.fold, shared.participant.as_ref()), &viewers);
        let key = StateKey::Viewers(conversation);
        for (_, watcher) in watchers() {
            watcher.outbox.set(key.clone(), frame.clone());
        }
    }
}
