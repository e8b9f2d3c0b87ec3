//! A page of a conversation's events: where it begins and ends, and what a client needs to go on from it.

use std::sync::Arc;

use super::{Minicom, Reached};
use crate::{
    ban::Ban,
    error::Error,
    id::{ConversationId, LogId, ParticipantId, Seq},
    identity::Identity,
    log::{Body, Conversation, Log, Recorded},
    role::{Role, Side},
    room::{READ_AT_ONCE, Room, Snapshot},
    store::{EventQuery, Order, StoreError},
    view::{AiView, ConversationPage, Cursors},
    wire::{
        KnownEpoch, PageFrom, PageRequest, Target,
        server::{self, Audience, Place},
    },
};

/// The range to read, and from which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    from: Seq,
    through: Seq,
    order: Order,
    recovered: Option<bool>,
}

impl Range {
    /// Whether it begins, in its order, with some of the last events.
    fn touches_the_last_ones(&self, snapshot: &Snapshot<Conversation>) -> bool {
        let last = snapshot.fold.last_seq();
        let near = |seq: Seq| last.0.saturating_sub(seq.0) < READ_AT_ONCE as u64;
        self.from <= self.through
            && match self.order {
                Order::OldestFirst => near(self.from),
                Order::NewestFirst => near(self.through),
            }
    }

    /// Takes what of it is among `events`, which are in the order of their seqs and have no gap; answers the first event that
    /// found no room.
    fn take_from(&mut self, events: &[Recorded<Body>], filling: &mut Filling<'_>) -> Option<Seq> {
        let whole = *self;
        let within = |recorded: &&Recorded<Body>| (whole.from..=whole.through).contains(&recorded.event.seq);
        let mut take = |recorded: &Recorded<Body>| {
            let seq = recorded.event.seq;
            let taken = filling.take(recorded.clone());
            if taken {
                self.without(seq);
            }
            (!taken).then_some(seq)
        };
        match whole.order {
            // What comes before these ones is read first.
            Order::OldestFirst if events.first().is_none_or(|first| first.event.seq > whole.from) => None,
            Order::OldestFirst => events.iter().filter(within).find_map(&mut take),
            Order::NewestFirst => events.iter().rev().filter(within).find_map(&mut take),
        }
    }

    /// What is left once this event, the next one in order, was read.
    fn without(&mut self, seq: Seq) {
        match self.order {
            Order::OldestFirst => self.from = seq.next(),
            // Before the first seq there is none: then nothing is left.
            Order::NewestFirst if seq <= self.from => self.from = self.through.next(),
            Order::NewestFirst => self.through = seq.prev(),
        }
    }
}

/// What a request asks for, given what there is.
fn range(request: &PageRequest, snapshot: &Snapshot<Conversation>) -> Range {
    let (first, last) = (snapshot.fold.first_seq(), snapshot.fold.last_seq());
    let same_epoch = match &request.epoch {
        KnownEpoch::Unsaid => true,
        KnownEpoch::NoConversation => snapshot.epoch().is_none(),
        KnownEpoch::Epoch(known) => snapshot.epoch().is_some_and(|epoch| epoch.0.to_string() == *known),
    };
    let older = |through: Seq, recovered| Range {
        from: first,
        through: through.min(last),
        order: Order::NewestFirst,
        recovered,
    };
    let newer = |after: Seq, recovered| Range {
        from: after.next(),
        through: last,
        order: Order::OldestFirst,
        recovered: Some(recovered),
    };
    match request.from {
        // Who knows nothing yet lacks nothing, even if the conversation did not exist when he looked.
        PageFrom::After(Seq(0)) => {
            newer(first.prev(), same_epoch || request.epoch == KnownEpoch::NoConversation)
        }
        PageFrom::After(after) if same_epoch && after <= last && after >= first.prev() => newer(after, true),
        PageFrom::After(_) => older(last, Some(false)),
        PageFrom::Before(_) | PageFrom::Latest if !same_epoch => older(last, Some(false)),
        PageFrom::Before(before) => older(before.prev(), None),
        PageFrom::Latest => older(last, None),
    }
}

/// Collects events until the page is full.
struct Filling<'a> {
    place: Place<'a>,
    read: Cursors,
    role: Role,
    limit: usize,
    bytes_left: usize,
    events: Vec<Recorded<Body>>,
}

impl Filling<'_> {
    /// Takes an event if it fits; one always does.
    fn take(&mut self, recorded: Recorded<Body>) -> bool {
        if !Audience::of(&recorded.event.body).includes(self.role) {
            return true;
        }
        let bytes = server::event_bytes(self.place, &recorded, self.read);
        if self.events.len() >= self.limit || (bytes > self.bytes_left && !self.events.is_empty()) {
            return false;
        }
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
        self.events.push(recorded);
        true
    }
}

impl Minicom {
    /// A page of a conversation.
    pub async fn conversation(
        &self,
        identity: &Identity,
        target: &Target,
        page: PageRequest,
    ) -> Result<ConversationPage, Error> {
        let Reached { room, snapshot, participant } = self.reach(identity, target, page.beyond()).await?;
        Ok(self.read_page(identity.role, &room, &snapshot, participant.as_ref(), &page).await?)
    }

    /// Reads a page that ends with what `snapshot` knows of.
    pub(in crate::minicom) async fn read_page(
        &self,
        role: Role,
        room: &Room,
        snapshot: &Arc<Snapshot<Conversation>>,
        participant: Option<&ParticipantId>,
        request: &PageRequest,
    ) -> Result<ConversationPage, StoreError> {
        let log = room.log();
        let conversation = log.as_conversation().unwrap_or(ConversationId(uuid::Uuid::nil()));
        let place = Place::new(conversation, &snapshot.fold, participant);
        let read = Cursors::of(&snapshot.fold);
        let bytes_left = self.inner.hub.context.limits.page_bytes;
        let mut filling =
            Filling { place, read, role, limit: request.limit.max(1), bytes_left, events: Vec::new() };
        let range = range(request, snapshot);
        let stopped_at = self.fill(room, snapshot, range, &mut filling).await?;

        let Range { from, through, order, recovered } = range;
        let (first_seq, last_seq) = match (order, stopped_at) {
            (Order::OldestFirst, Some(at)) => (from, at.prev()),
            (Order::OldestFirst, None) => (from, through),
            (Order::NewestFirst, Some(at)) => (at.next(), through),
            // A `before` at or below what is kept covers nothing.
            (Order::NewestFirst, None) => (from.min(through.next()), through),
        };
        if order == Order::NewestFirst {
            filling.events.reverse();
        }
        Ok(ConversationPage {
            conversation,
            email: place.email.to_owned(),
            events: filling.events,
            first_seq,
            last_seq,
            epoch: snapshot.epoch(),
            has_more: stopped_at.is_some(),
            recovered,
            read,
            ai: self.ai_view(log, &snapshot.fold, role).await?,
            ban: self.ban_view(&snapshot.fold, role),
            flags: Some(snapshot.fold.flags()).filter(|flags| flags.wait() && role.side() == Side::Agents),
        })
    }

    fn ban_view(&self, fold: &Conversation, role: Role) -> Option<Ban> {
        fold.ban(self.inner.hub.context.clock.now()).filter(|_| role.side() == Side::Agents).cloned()
    }

    async fn ai_view(
        &self,
        log: &LogId,
        fold: &Conversation,
        role: Role,
    ) -> Result<Option<AiView>, StoreError> {
        let context = &self.inner.hub.context;
        let Some(owing) = &context.owing else { return Ok(None) };
        let workspace = context.workspace(&log.workspace).await?;
        Ok(AiView::new(fold, owing.policy(&log.workspace, &workspace.fold), role, context.clock.now()))
    }

    /// Reads until the page is full; answers the first event that found no room.
    async fn fill(
        &self,
        room: &Room,
        snapshot: &Arc<Snapshot<Conversation>>,
        range: Range,
        filling: &mut Filling<'_>,
    ) -> Result<Option<Seq>, StoreError> {
        let mut left = range;
        if left.touches_the_last_ones(snapshot) {
            let recent = room.recent(&self.inner.hub.context, snapshot).await?;
            if let Some(full_at) = left.take_from(recent.events(), filling) {
                return Ok(Some(full_at));
            }
        }
        while left.from <= left.through {
            let Range { from, through, order, .. } = left;
            let query =
                EventQuery::Log { log: room.log().clone(), from, through, order, limit: READ_AT_ONCE };
            let page = self.inner.hub.context.store.events(&query).await?;
            for stored in &page.items {
                let recorded = Recorded::read(stored).map_err(StoreError::corrupt)?;
                if !filling.take(recorded) {
                    return Ok(Some(stored.seq));
                }
                left.without(stored.seq);
            }
            if !page.more {
                break;
            }
        }
        Ok(None)
    }
}

impl PageRequest {
    /// A seq that the client knows of, so that a server which knows less looks again.
    pub(crate) fn beyond(&self) -> Option<Seq> {
        match self.from {
            PageFrom::After(after) => Some(after),
            PageFrom::Before(_) | PageFrom::Latest => None,
        }
    }
}
