//! A visitor who is identified later: his conversation becomes that of who he is.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::Minicom;
use crate::{
    error::{Error, Refusal},
    id::{ConversationId, LogId, Seq},
    identity::{AuthRequest, Identity},
    log::{Body, Command, Conversation, Event, Log, MoveCommand, Piece, Recorded, Step},
    role::{Role, Side},
    room::Snapshot,
    store::{EventQuery, Order, StoreError},
    wire::Target,
};

/// How many events are taken along at once.
const PIECE: usize = 64;

/// How often more may have been said meanwhile. Each time that is taken along, too.
const ROUNDS: usize = 16;

impl From<Step> for Command {
    fn from(step: Step) -> Self {
        Self::Move(Box::new(MoveCommand(step)))
    }
}

/// A visitor's own conversation.
fn own(identity: &Identity) -> Target {
    Target::Participant(identity.participant.clone())
}

impl Minicom {
    /// Moves the conversation of an anonymous visitor to who he turned out to be: everything in it is appended to `to`'s
    /// conversation, what he said himself as `to`'s words, and the old one forgets it. To be called by who vouches for both. It
    /// may be repeated, and must be after an error that [may pass](Error::is_retryable); what was never said needs no move.
    ///
    /// Whoever has the old conversation open is closed as moved, agents hear where it went, and an answer that the AI owed is
    /// owed where it went. If the caller goes away it is moved all the same.
    ///
    /// A ban goes along: if one of the two is banned he is banned afterwards, and if both are, by the ban that lasts longer.
    ///
    /// Forbidden unless `visitor` is [anonymous](Identity::is_anonymous), `to` a visitor who is not, and both of one workspace.
    ///
    /// ```
    /// use minicom_core::{Command, Identity, MemoryStore, Minicom, PageRequest, ParticipantId, Target, WorkspaceId};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let minicom = Minicom::builder().store(MemoryStore::new()).build()?;
    /// let nobody = ParticipantId::anonymous(uuid::Uuid::from_u128(7));
    /// let visitor = Identity::user(WorkspaceId::default(), nobody.clone());
    /// minicom.execute(&visitor, &Target::Participant(nobody), Command::message("Hello?")).await?;
    ///
    /// let ann = Identity::user(WorkspaceId::default(), ParticipantId::new("ann@example.com")?);
    /// minicom.move_visitor(&visitor, &ann).await?;
    /// let chat = Target::Participant(ann.participant.clone());
    /// assert_eq!(minicom.conversation(&ann, &chat, PageRequest::latest()).await?.events.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn move_visitor(&self, visitor: &Identity, to: &Identity) -> Result<(), Error> {
        let allowed = visitor.is_anonymous()
            && to.role == Role::User
            && !to.is_anonymous()
            && visitor.workspace == to.workspace;
        if !allowed {
            return Err(Refusal::forbidden().into());
        }
        let context = &self.inner.hub.context;
        if context.stop.is_cancelled() {
            return Err(Refusal::unavailable().into());
        }
        let (reply, answer) = oneshot::channel();
        let moving = Moving { minicom: self.clone(), visitor: visitor.clone(), to: to.clone() };
        // In a task of its own: half a move is worth little.
        context.tasks.spawn(async move {
            // Who waits may go away.
            let _ = reply.send(moving.run().await);
        });
        answer.await.map_err(|_| Refusal::unavailable())?
    }

    /// As [`move_visitor`](Self::move_visitor), for who shows an anonymous visitor's token.
    pub(crate) async fn move_shown(&self, shown: &AuthRequest, to: &Identity) -> Result<(), Error> {
        let visitor = self.authenticate(shown).await?;
        self.move_visitor(&visitor, to).await
    }
}

struct Moving {
    minicom: Minicom,
    visitor: Identity,
    to: Identity,
}

impl Moving {
    async fn run(self) -> Result<(), Error> {
        let mut taken = Seq(0);
        for _ in 0..ROUNDS {
            let Some(source) = self.source().await? else { return Ok(()) };
            if let Some(moved) = source.fold.moved() {
                if moved.to != self.to.participant {
                    return Err(Refusal::moved().into());
                }
                if moved.owed {
                    self.minicom.execute(&self.to, &own(&self.to), Step::Owe.into()).await?;
                }
                return Ok(());
            }
            let through = source.fold.last_seq();
            self.take(&source, taken.next(), through).await?;
            taken = through;
            let leave = Step::Leave { to: self.to.participant.clone(), through };
            self.minicom.execute(&self.visitor, &own(&self.visitor), leave.into()).await?;
        }
        Err(Refusal::unavailable().into())
    }

    /// The conversation as it stands; `None`: nothing was ever said.
    async fn source(&self) -> Result<Option<Arc<Snapshot<Conversation>>>, Error> {
        // The visitor himself is no longer let in where it was moved.
        let looks = Identity::ai(self.visitor.workspace.clone());
        let reached = self.minicom.reach(&looks, &own(&self.visitor), None).await?;
        Ok(Some(reached.snapshot).filter(|snapshot| snapshot.epoch().is_some()))
    }

    /// Takes the events of a range along, piece by piece.
    async fn take(&self, source: &Snapshot<Conversation>, from: Seq, through: Seq) -> Result<(), Error> {
        let conversation = ConversationId::direct(&self.visitor.participant);
        let log = LogId::conversation(&self.visitor.workspace, conversation);
        let mut from = from.max(source.fold.first_seq());
        while from <= through {
            let query =
                EventQuery::Log { log: log.clone(), from, through, order: Order::OldestFirst, limit: PIECE };
            let page = self.minicom.inner.hub.context.store.events(&query).await?;
            let Some(last) = page.items.last() else { break };
            from = last.seq.next();
            let read = |stored| Ok(Recorded::read(stored).map_err(StoreError::corrupt)?.event);
            let events = page.items.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
            self.give(source, events).await?;
        }
        Ok(())
    }

    async fn give(&self, source: &Snapshot<Conversation>, events: Vec<Event<Body>>) -> Result<(), Error> {
        let piece = Piece {
            from: self.visitor.participant.clone(),
            to: self.to.participant.clone(),
            events,
            read_by_user: source.fold.read(Side::User),
            read_by_agents: source.fold.read(Side::Agents),
            ban: source.fold.ban(self.minicom.inner.hub.context.clock.now()).cloned(),
        };
        self.minicom.execute(&self.to, &own(&self.to), Step::Take(piece).into()).await.map(drop)
    }
}
