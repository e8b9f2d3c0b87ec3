//! The one connection loop: one task and one timer a socket. It moves things; the session decides.

use std::{
    future::{poll_fn, ready},
    net::IpAddr,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use futures_core::{Stream, future::BoxFuture};
use futures_util::{FutureExt, Sink, SinkExt, StreamExt, stream::FuturesUnordered};
use tokio::{
    sync::OnceCell,
    time::{Instant, sleep_until, timeout},
};
use tracing::Instrument;
use uuid::Uuid;

use super::{LOOKUPS, Minicom, Reached, following::Followed, span, tally::Tally};
use crate::{
    close::CloseCode,
    error::{Error, Refusal},
    fanout::{Listing, Next, Outbox, Seat},
    id::Position,
    identity::{Action, Admission, Identity, authorize},
    log::Conversation,
    metrics::Metrics,
    rates::Charge,
    room::{Ended, Joined, Snapshot, Subscription, Watcher},
    session::{Incoming, Operation, Outcome, Outgoing, Output, Session, Ticket},
    store::{RowCursor, RowFilter},
    sync::lock,
    view::{ConversationList, ConversationPage},
    wire::{PageRequest, Target},
};

/// How long the other side may take to answer a close frame.
const GOODBYE: Duration = Duration::from_secs(2);

/// What operations of one socket share with its loop.
#[derive(Debug)]
struct Connection {
    minicom: Minicom,
    metrics: Arc<Metrics>,
    /// The other end, if it is known.
    remote: Option<IpAddr>,
    outbox: Arc<Outbox>,
    watching: Mutex<Option<Subscription>>,
    listing: Mutex<Option<Listing>>,
    /// Its workspace, which is always the same.
    followed: OnceCell<Arc<Followed>>,
}

/// Why the loop ended.
enum End {
    /// The socket is gone.
    Gone,
    /// A close frame is due.
    Close(CloseCode),
    /// One is due because too many sockets opened; others may again after that long.
    ComeBack(Duration),
}

impl Minicom {
    /// Serves one socket until it ends. `io` gives what comes and takes what goes; framing, masking and UTF-8 are its matter.
    pub async fn serve<Io, E>(&self, io: Io, admission: Admission)
    where
        Io: Stream<Item = Result<Incoming, E>> + Sink<Outgoing, Error = E> + Unpin + Send,
        E: Send,
    {
        self.serve_from(io, admission, None).await;
    }

    /// As [`serve`](Self::serve), for a socket whose other end has this address. It is seated at once, and served by the future.
    // No `async fn`: what one owns it holds twice, once as its argument, and ten thousand sockets wait in here.
    pub fn serve_from<Io, E>(
        &self,
        io: Io,
        admission: Admission,
        remote: Option<IpAddr>,
    ) -> impl Future<Output = ()> + Send
    where
        Io: Stream<Item = Result<Incoming, E>> + Sink<Outgoing, Error = E> + Unpin + Send,
        E: Send,
    {
        let context = &self.inner.hub.context;
        let outbox = Arc::new(Outbox::new(&context.limits));
        let most = self.rate_limits().map_or(usize::MAX, |limits| limits.address.sockets);
        let seat = context.sockets.sit(outbox.clone(), remote, most).ok();
        let metrics = context.metrics.clone();
        metrics.sockets_opened.add(1);
        let connection = Connection {
            minicom: self.clone(),
            metrics: metrics.clone(),
            remote,
            outbox,
            watching: Mutex::default(),
            listing: Mutex::default(),
            followed: OnceCell::new(),
        };
        let (now, time) = (Instant::now(), context.clock.now());
        let admission = if self.is_draining() { Admission::Refused(CloseCode::Restart) } else { admission };
        let session = Session::new(admission, context.limits.clone(), now, time, jitter());
        let session = session.counted(metrics.clone());
        let running = FuturesUnordered::new();
        let tally = Tally::new(metrics);
        let mut served = Loop { io, session, connection: Arc::new(connection), seat, running, tally };
        // Tracked, so that a drain and a shutdown wait for it.
        async move { context.open.track_future(context.tasks.track_future(served.run())).await }
    }
}

/// Within 0–1; a UUID's last bits are random.
fn jitter() -> f64 {
    const STEPS: u32 = 1 << 20;
    let bits = Uuid::now_v7().as_u128() & u128::from(STEPS - 1);
    f64::from(u32::try_from(bits).unwrap_or_default()) / f64::from(STEPS)
}

struct Loop<Io> {
    io: Io,
    session: Session,
    connection: Arc<Connection>,
    /// Its place among the open sockets; `None`: there was none.
    seat: Option<Seat>,
    running: FuturesUnordered<BoxFuture<'static, (Ticket, Outcome)>>,
    tally: Tally,
}

impl<Io, E> Loop<Io>
where
    Io: Stream<Item = Result<Incoming, E>> + Sink<Outgoing, Error = E> + Unpin + Send,
    E: Send,
{
    /// By reference: what a future owns by value it holds twice, once as its argument.
    async fn run(&mut self) {
        let end = self.live().await;
        // Nothing may come into an outbox that nobody empties.
        lock(&self.connection.watching).take();
        lock(&self.connection.listing).take();
        if let Err(end) = end {
            match end {
                End::Gone => {}
                End::Close(code) => self.session.close(code),
                End::ComeBack(after) => self.session.close_until(CloseCode::TooMany, Some(after)),
            }
            while let Some(output) = self.session.next_output() {
                if let Output::Send(close @ Outgoing::Close { .. }) = output {
                    self.tally.going(&close);
                    let _ = timeout(GOODBYE, self.io.send(close)).await;
                }
            }
        }
        self.say_goodbye().await;
    }

    /// Reads what still comes, because unread bytes would turn the end into a reset, which can destroy our last frame.
    async fn say_goodbye(&mut self) {
        let goodbye = async {
            while let Some(Ok(incoming)) = self.io.next().await {
                if incoming == Incoming::Close {
                    break;
                }
            }
            let _ = self.io.close().await;
        };
        let _ = timeout(GOODBYE, goodbye).await;
    }

    async fn live(&mut self) -> Result<(), End> {
        let clock = self.connection.minicom.inner.hub.context.clock.clone();
        let outbox = self.connection.outbox.clone();
        let timer = sleep_until(self.session.deadline());
        tokio::pin!(timer);
        loop {
            self.be_seated()?;
            self.write().await?;
            if self.session.is_closed() {
                return Ok(());
            }
            let deadline =
                outbox.rows_at().map_or(self.session.deadline(), |at| at.min(self.session.deadline()));
            if timer.deadline() != deadline {
                timer.as_mut().reset(deadline);
            }
            tokio::select! {
                biased;
                Some((ticket, outcome)) = self.running.next(), if !self.running.is_empty() => {
                    self.session.complete(&ticket, outcome, Instant::now(), clock.now());
                }
                () = poll_fn(|cx| match outbox.poll_ready(cx, Instant::now) {
                    // A row that came while we waited, and has to leave before the timer rings.
                    Poll::Pending if outbox.rows_at().is_some_and(|at| at < deadline) => Poll::Ready(()),
                    ready => ready,
                }) => {}
                incoming = self.io.next(), if self.session.can_receive() => match incoming {
                    Some(Ok(incoming)) => self.receive(&incoming),
                    Some(Err(_)) | None => return Err(End::Gone),
                },
                () = &mut timer => {
                    self.session.tick(Instant::now());
                    self.look_at_bans();
                }
            }
        }
    }

    /// Before anything is read for somebody, so that whoever closes his sockets from now on finds this one.
    fn be_seated(&mut self) -> Result<(), End> {
        if self.session.is_closed() {
            return Ok(());
        }
        let Some(seat) = &mut self.seat else { return Err(End::Close(CloseCode::TooMany)) };
        let Some(identity) = self.session.identity().filter(|_| !seat.is_named()) else { return Ok(()) };
        let minicom = &self.connection.minicom;
        let refused = |refusal: Refusal| End::ComeBack(refusal.retry_after().unwrap_or_default());
        minicom.charge(identity, Charge::Connect).map_err(refused)?;
        let most = minicom.sockets_of(&identity.workspace);
        seat.name(identity, most).map_err(|_| End::Close(CloseCode::TooMany))
    }

    /// What another process banned must end a socket that only listens, too. Reading the workspace closes whom it bans.
    fn look_at_bans(&self) {
        let Some(identity) = self.session.identity().filter(|_| self.connection.remote.is_some()) else {
            return;
        };
        let (context, workspace) =
            (self.connection.minicom.inner.hub.context.clone(), identity.workspace.clone());
        let tasks = context.tasks.clone();
        tasks.spawn(async move { drop(context.workspace(&workspace).await) });
    }

    fn receive(&mut self, incoming: &Incoming) {
        if matches!(incoming, Incoming::Text(_)) {
            self.connection.metrics.frames_received.add(1);
        }
        let identity = self.session.identity().map(Arc::as_ref);
        match self.connection.minicom.charge_frame(identity, incoming) {
            Ok(()) => self.session.receive(incoming),
            Err(refusal) => self.session.receive_refused(incoming, &refusal),
        }
    }

    /// Starts what the session wants, sends what it and the outbox have, and flushes once.
    async fn write(&mut self) -> Result<(), End> {
        let mut unflushed = false;
        loop {
            unflushed |= self.write_outbox().await?;
            while let Some(output) = self.session.next_output() {
                match output {
                    Output::Send(frame) => {
                        self.feed(frame).await?;
                        unflushed = true;
                    }
                    Output::Run(operation, ticket) => self.start(operation, ticket),
                    Output::Leave => {
                        let left = lock(&self.connection.watching).take();
                        self.connection.leave(left);
                    }
                    Output::Typing { target, typing } => {
                        if let Some(identity) = self.session.identity() {
                            // Ephemeral: who may not type there is not heard there.
                            let _ = self.connection.minicom.typing(identity, &target, typing);
                        }
                    }
                }
            }
            // Once a page has gone out, what happened meanwhile follows.
            if self.session.holds_live_frames() || !self.connection.outbox.release() {
                break;
            }
        }
        if unflushed {
            let flushed = Self::unless_stalled(&self.connection, &mut self.tally, self.io.flush()).await;
            flushed?;
        }
        self.tally.written(self.connection.outbox.bytes());
        Ok(())
    }

    async fn write_outbox(&mut self) -> Result<bool, End> {
        let mut any = false;
        loop {
            match self.connection.outbox.next(Instant::now) {
                Next::Frame(frame) => {
                    self.feed(Outgoing::Text(frame)).await?;
                    any = true;
                }
                Next::Leave(by) => self.leave_by(by),
                Next::Close(code) => return Err(End::Close(code)),
                Next::Nothing => return Ok(any),
            }
        }
    }

    /// At a random moment until then, so that whoever takes over is not stormed.
    fn leave_by(&mut self, by: Instant) {
        let now = Instant::now();
        match by.checked_duration_since(now) {
            Some(left) if !left.is_zero() => self.session.drain_at(now + left.mul_f64(jitter())),
            _ => self.session.drain(),
        }
    }

    async fn feed(&mut self, frame: Outgoing) -> Result<(), End> {
        self.tally.going(&frame);
        Self::unless_stalled(&self.connection, &mut self.tally, self.io.feed(frame)).await
    }

    /// A socket that takes nothing for too long is slow, and so is one whose outbox overflows meanwhile.
    async fn unless_stalled(
        connection: &Connection,
        tally: &mut Tally,
        write: impl Future<Output = Result<(), E>>,
    ) -> Result<(), End> {
        tokio::pin!(write);
        // Most sockets take what there is at once, and need no timer.
        if let Poll::Ready(written) = poll_fn(|cx| Poll::Ready(write.as_mut().poll(cx))).await {
            return written.map_err(|_| End::Gone);
        }
        let stall = connection.minicom.inner.hub.context.limits.stall;
        tokio::select! {
            biased;
            written = timeout(stall, write) => match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) => Err(End::Gone),
                Err(_) => Err(End::Close(CloseCode::Slow)),
            },
            code = poll_fn(|cx| {
                let closed = connection.outbox.poll_closed(cx);
                // Only a socket that does not take what there is comes here, each time that there is more.
                tally.waiting(connection.outbox.bytes());
                closed
            }) => Err(End::Close(code)),
        }
    }

    fn start(&mut self, operation: Operation, ticket: Ticket) {
        let connection = self.connection.clone();
        if let Some(identity) = self.session.identity()
            && let Err(refusal) =
                connection.minicom.charge_operation(identity, &operation, ticket.is_history())
        {
            let outcome = Outcome::refused(&operation, refusal);
            return self.running.push(ready((ticket, outcome)).boxed());
        }
        let span = span::operation(&operation, self.session.identity().map(Arc::as_ref));
        let run: BoxFuture<'static, Outcome> = match (operation, self.session.identity().cloned()) {
            (Operation::Authenticate(mut request), _) => async move {
                request.remote = request.remote.or(connection.remote);
                Outcome::Authenticated(connection.minicom.judge(&request).await)
            }
            .boxed(),
            (Operation::Move(visitor), Some(identity)) => {
                async move { Outcome::Moved(connection.minicom.move_shown(&visitor, &identity).await) }
                    .boxed()
            }
            (Operation::Execute { target, command }, Some(identity)) => {
                // Into the queue now: the order of frames is the order of commands.
                let queued = connection.minicom.enqueue(&identity, &target, command);
                async move {
                    Outcome::Executed(match queued {
                        Ok(queued) => queued.answer().await,
                        Err(refusal) => Err(refusal),
                    })
                }
                .boxed()
            }
            (Operation::Page { target, page }, Some(identity)) => {
                async move { Outcome::Page(connection.watch(&identity, &target, page).await.map(Box::new)) }
                    .boxed()
            }
            (Operation::List { filter, cursor, limit }, Some(identity)) => {
                async move { Outcome::List(connection.list(&identity, filter, cursor, limit).await) }.boxed()
            }
            (Operation::Search { query, target, before, limit }, Some(identity)) => async move {
                let before = before.map(Position);
                Outcome::Search(
                    connection.minicom.search(&identity, &query, target.as_ref(), before, limit).await,
                )
            }
            .boxed(),
            (Operation::Ban { target, ban }, Some(identity)) => async move {
                let done = connection.minicom.ban_as_asked(&identity, &target, ban).await;
                Outcome::Executed(done.map(|()| None).map_err(|error| error.refusal().clone()))
            }
            .boxed(),
            (Operation::Ai { set }, Some(identity)) => async move {
                if let Some(policy) = set
                    && let Err(error) = connection.minicom.set_ai(&identity, *policy).await
                {
                    return Outcome::Ai(Err(error));
                }
                Outcome::Ai(connection.minicom.ai(&identity).await.map(Box::new))
            }
            .boxed(),
            (Operation::WordLists { set }, Some(identity)) => async move {
                if let Some(lists) = set
                    && let Err(error) = connection.minicom.set_word_lists(&identity, *lists).await
                {
                    return Outcome::WordLists(Err(error));
                }
                Outcome::WordLists(connection.minicom.word_lists(&identity).await.map(Box::new))
            }
            .boxed(),
            // Nobody there: nothing is done, and there is nobody to tell.
            (_, None) => return,
        };
        self.running.push(run.instrument(span).map(|outcome| (ticket, outcome)).boxed());
    }
}

impl Connection {
    /// Leaves the conversation that is watched, watches this one, and reads a page of it. What is refused leaves
    /// everything as it was.
    async fn watch(
        &self,
        identity: &Identity,
        target: &Target,
        page: PageRequest,
    ) -> Result<ConversationPage, Error> {
        self.minicom.admit(identity, self.remote).await?;
        self.follow(identity).await?;
        for _ in 0..LOOKUPS {
            let reached = self.minicom.reach(identity, target, page.beyond()).await?;
            // What the rooms sent until here goes out before the page, what they send from here on after it. A room that
            // ended meanwhile is looked up again.
            let Ok((snapshot, subscription)) = self.join(identity, &reached) else { continue };
            let (participant, room) = (reached.participant.as_ref(), &reached.room);
            let page = self.minicom.read_page(identity.role, room, &snapshot, participant, &page).await;
            // Until it was known whether there is a page, both conversations were watched.
            if let Some(subscription) = subscription {
                let left = match &page {
                    Ok(_) => lock(&self.watching).replace(subscription),
                    Err(_) => Some(subscription),
                };
                self.leave(left);
            }
            if let Some(recovered) = page.as_ref().ok().and_then(|page| page.recovered) {
                self.metrics.resumes.count(recovered.into());
            }
            return Ok(page?);
        }
        Err(Refusal::unavailable().into())
    }

    /// Watches a room, unless it is watched.
    fn join(
        &self,
        identity: &Identity,
        Reached { room, participant, .. }: &Reached,
    ) -> Result<(Arc<Snapshot<Conversation>>, Option<Subscription>), Ended> {
        let already = lock(&self.watching).as_ref().is_some_and(|current| Arc::ptr_eq(current.room(), room));
        if already {
            return Ok((room.hold(&self.outbox)?, None));
        }
        self.outbox.hold();
        let watcher = Watcher { outbox: self.outbox.clone(), actor: identity.actor() };
        let Joined { snapshot, subscription } = room.join(watcher, participant.as_ref())?;
        Ok((snapshot, Some(subscription)))
    }

    /// Leaves a room, and forgets what it sent while a page was read.
    fn leave(&self, left: Option<Subscription>) {
        let Some(left) = left else { return };
        let conversation = left.room().log().as_conversation();
        drop(left);
        if let Some(conversation) = conversation {
            self.outbox.discard_held(conversation);
        }
    }

    /// Before anything is read for it, so that what another process changes from then on is heard of.
    async fn follow(&self, identity: &Identity) -> Result<(), Error> {
        self.followed.get_or_try_init(|| self.minicom.follow(&identity.workspace)).await.map(drop)
    }

    /// Subscribes, then reads: a change in between comes after the page.
    async fn list(
        &self,
        identity: &Identity,
        filter: RowFilter,
        cursor: Option<RowCursor>,
        limit: usize,
    ) -> Result<ConversationList, Error> {
        authorize(identity, Action::ReadInbox)?;
        if cursor.is_none() {
            self.outbox.hold();
            let inbox = &self.minicom.inner.hub.context.inbox;
            let listing = inbox.subscribe(&identity.workspace, self.outbox.clone(), filter.clone());
            *lock(&self.listing) = Some(listing);
        }
        self.follow(identity).await?;
        self.minicom.conversations(identity, filter, cursor, limit).await
    }
}
