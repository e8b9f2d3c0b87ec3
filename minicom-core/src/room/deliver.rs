//! Telling a room's watchers, the inbox and the host what became true. Each frame is encoded once.

use std::sync::Arc;

use super::{
    Room, RoomContext, Shared,
    snapshot::Snapshot,
    writer::{Commit, Observer},
};
use crate::{
    close::CloseCode,
    fanout::StateKey,
    id::{ActorId, ConversationId, Seq},
    log::{Body, Conversation, Log, Recorded},
    role::{Role, Side},
    store::{EventQuery, Order, StoreError},
    sync::lock,
    view::{Committed, ConversationRow, Cursors},
    wire::server::{self, Audience, Place},
};

/// How many missed events are read at once.
const READ_AT_ONCE: usize = 256;

/// Delivers for a room.
pub(super) struct Delivery<'a> {
    pub context: &'a RoomContext,
    pub room: &'a Room,
}

impl Delivery<'_> {
    /// What the watchers have not been told of; `None`: they cannot be told, because the log is another one now.
    async fn missed(
        &self,
        old: &Snapshot<Conversation>,
        new: &Snapshot<Conversation>,
    ) -> Result<Option<Vec<Recorded<Body>>>, StoreError> {
        let (mut from, through) = (old.fold.last_seq().next(), new.fold.last_seq());
        let existed = old.epoch().is_some();
        let same = !existed
            || (old.epoch() == new.epoch() && from <= through.next() && from >= new.fold.first_seq());
        if !same {
            return Ok(None);
        }
        let mut missed = Vec::new();
        while from <= through {
            let log = self.room.log.clone();
            let query =
                EventQuery::Log { log, from, through, order: Order::OldestFirst, limit: READ_AT_ONCE };
            let page = self.context.store.events(&query).await?;
            let Some(last) = page.items.last() else { break };
            from = last.seq.next();
            for stored in &page.items {
                missed.push(Recorded::read(stored).map_err(StoreError::corrupt)?);
            }
        }
        Ok(Some(missed))
    }

    /// Sends events, then cursors, and takes note of both: all under the lock that joining takes.
    fn deliver(&self, shared: &mut Shared, now: &Arc<Snapshot<Conversation>>, events: &[Recorded<Body>]) {
        let Some(conversation) = self.room.log.as_conversation() else { return };
        let old = shared.advance(now.clone());
        let place = Place::new(conversation, &now.fold, None);
        let before =
            old.as_ref().map_or(Cursors { user: Seq(0), agents: Seq(0) }, |old| Cursors::of(&old.fold));
        let read = Cursors::of(&now.fold);
        if !shared.watchers.is_empty() {
            for recorded in events {
                // A cursor that moves in the same batch has its own frame, after the message.
                let frame = server::event(place, recorded, before);
                let audience = Audience::of(&recorded.event.body);
                for (_, watcher) in &shared.watchers {
                    if audience.includes(watcher.actor.id.role) {
                        watcher.outbox.push(conversation, frame.clone());
                    }
                }
            }
            for side in [Side::User, Side::Agents] {
                let up_to = read.of_side(side);
                if up_to > before.of_side(side) {
                    let frame = server::messages_read(place, side, up_to);
                    for (_, watcher) in &shared.watchers {
                        watcher.outbox.set(StateKey::Read(conversation, side), frame.clone());
                    }
                }
            }
        }
        if now.fold.moved().is_some() {
            // He is somebody else now, and comes back as that.
            for (_, watcher) in
                shared.watchers.iter().filter(|(_, watcher)| watcher.actor.id.role == Role::User)
            {
                watcher.outbox.close(CloseCode::Moved);
            }
        }
        self.tell_inbox(conversation, old.as_deref(), now);
        self.close_banned(old.as_deref(), now);
        // Cursors, and what is said where agents attend, change nothing of it; and that is most of what happens.
        let same = old.as_ref().is_some_and(|old| old.fold.ai() == now.fold.ai());
        if let Some(owing) = self.context.owing.as_ref().filter(|_| !same) {
            owing.changed(&self.room.log, now.fold.ai(), self.context.clock.now());
        }
    }

    /// Who was banned goes at once, whichever conversation he looks at.
    fn close_banned(&self, old: Option<&Snapshot<Conversation>>, now: &Snapshot<Conversation>) {
        let time = self.context.clock.now();
        if now.fold.ban(time).is_none() || old.is_some_and(|old| old.fold.ban(time) == now.fold.ban(time)) {
            return;
        }
        for member in now.fold.members() {
            let actor = ActorId { role: Role::User, subject: member.participant.clone() };
            self.context.sockets.close_of(&self.room.log.workspace, &actor, CloseCode::Banned);
        }
    }

    fn tell_inbox(
        &self,
        conversation: ConversationId,
        old: Option<&Snapshot<Conversation>>,
        now: &Snapshot<Conversation>,
    ) {
        let row = |snapshot: &Snapshot<Conversation>| ConversationRow::new(conversation, &snapshot.fold);
        let old = old.filter(|old| old.epoch().is_some()).map(row);
        if now.epoch().is_some() {
            self.context.inbox.changed(&self.room.log.workspace, old.as_ref(), &row(now));
        }
    }
}

impl Observer<Conversation> for Delivery<'_> {
    async fn caught_up(&mut self, now: &Arc<Snapshot<Conversation>>) -> Result<(), StoreError> {
        let old = lock(&self.room.shared).delivered.clone();
        let Some(old) = old else {
            // The first load: nobody can have joined, and the inbox hears of changes only.
            lock(&self.room.shared).advance(now.clone());
            return Ok(());
        };
        if old.rev == now.rev && old.epoch() == now.epoch() {
            return Ok(());
        }
        let missed = self.missed(&old, now).await?;
        let mut shared = lock(&self.room.shared);
        if let Some(events) = missed {
            self.deliver(&mut shared, now, &events);
        } else {
            for (_, watcher) in &shared.watchers {
                watcher.outbox.close(CloseCode::Restart);
            }
            shared.advance(now.clone());
        }
        Ok(())
    }

    fn committed(&mut self, now: &Arc<Snapshot<Conversation>>, commit: &Commit<'_, Conversation>) {
        let events = commit.recorded();
        self.deliver(&mut lock(&self.room.shared), now, &events);
        let log = self.room.log.clone();
        let committed = Committed { log, rev: now.rev, position: commit.appended.position, events };
        // Nobody listens: nothing to tell.
        let _ = self.context.committed.send(Arc::new(committed));
    }
}
