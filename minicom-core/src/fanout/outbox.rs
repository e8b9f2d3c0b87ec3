//! What waits for one socket: bounded in bytes, in order, and woken by one waker.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use tokio::time::Instant;

use crate::{
    close::CloseCode,
    id::{ActorId, ConversationId},
    limits::Limits,
    role::Side,
    sync::lock,
};

/// What a state is about: a newer value replaces an unsent older one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum StateKey {
    /// A side's read cursor.
    Read(ConversationId, Side),
    /// Whether somebody types.
    Typing(ConversationId, ActorId),
    /// Words of an AI in the making.
    Draft(ConversationId),
    /// Which agents have it open.
    Viewers(ConversationId),
    /// A row of the inbox.
    Row(ConversationId),
}

/// What a socket takes out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A frame to send.
    Frame(Bytes),
    /// It is to go by then; said once.
    Leave(Instant),
    /// It was closed.
    Close(CloseCode),
    /// Nothing may go for now.
    Nothing,
}

/// Every frame in it is durable and never dropped, or is a state with a key.
///
/// Frames have tickets, which give their order. A state that is replaced takes a new ticket: at its old place a
/// receipt would overtake the message that it is about.
#[derive(Debug)]
pub(crate) struct Outbox {
    inner: Mutex<Inner>,
    max_bytes: usize,
    row_every: std::time::Duration,
}

#[derive(Debug, Default)]
struct Inner {
    frames: BTreeMap<u64, Waiting>,
    states: HashMap<StateKey, u64>,
    /// Inbox rows wait apart, because they leave at intervals.
    rows: BTreeMap<u64, Waiting>,
    rows_at: Option<Instant>,
    bytes: usize,
    next_ticket: u64,
    /// Frames from this ticket on wait until the page that comes before them has gone out.
    held_from: Option<u64>,
    closed: Option<CloseCode>,
    /// By when its socket is to go, until the socket has taken note.
    leave_by: Option<Instant>,
    waker: Option<Waker>,
}

#[derive(Debug)]
struct Waiting {
    frame: Bytes,
    /// What the frame is about.
    conversation: ConversationId,
    key: Option<StateKey>,
}

impl StateKey {
    fn conversation(&self) -> ConversationId {
        match self {
            Self::Read(conversation, _)
            | Self::Typing(conversation, _)
            | Self::Draft(conversation)
            | Self::Viewers(conversation)
            | Self::Row(conversation) => *conversation,
        }
    }
}

impl Inner {
    fn insert(
        &mut self,
        frame: Bytes,
        conversation: ConversationId,
        key: Option<StateKey>,
        max_bytes: usize,
    ) {
        if self.closed.is_some() {
            return;
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        let is_row = matches!(key, Some(StateKey::Row(_)));
        if let Some(old) = key.clone().and_then(|key| self.states.insert(key, ticket)) {
            let queue = if is_row { &mut self.rows } else { &mut self.frames };
            if let Some(replaced) = queue.remove(&old) {
                self.bytes -= replaced.frame.len();
            }
        }
        self.bytes += frame.len();
        let queue = if is_row { &mut self.rows } else { &mut self.frames };
        queue.insert(ticket, Waiting { frame, conversation, key });
        if self.bytes > max_bytes {
            self.close(CloseCode::Slow);
        }
        self.wake();
    }

    /// Nothing more will be sent, so nothing is kept.
    fn close(&mut self, code: CloseCode) {
        self.closed.get_or_insert(code);
        self.frames.clear();
        self.rows.clear();
        self.states.clear();
        self.bytes = 0;
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn has_frame(&self) -> bool {
        let free = |ticket: &u64| self.held_from.is_none_or(|held| *ticket < held);
        self.frames.keys().next().is_some_and(free)
    }

    /// The clock is asked only where that matters: most sockets never get a row.
    fn rows_due(&self, now: impl FnOnce() -> Instant) -> bool {
        !self.rows.is_empty() && self.held_from.is_none() && self.rows_at.is_none_or(|at| at <= now())
    }

    fn pop(&mut self, rows: bool) -> Next {
        let queue = if rows { &mut self.rows } else { &mut self.frames };
        let Some((ticket, waiting)) = queue.pop_first() else { return Next::Nothing };
        Next::Frame(self.taken_out(ticket, waiting))
    }

    /// Takes note that a frame waits no longer.
    fn taken_out(&mut self, ticket: u64, Waiting { frame, key, .. }: Waiting) -> Bytes {
        if let Some(key) = key
            && self.states.get(&key) == Some(&ticket)
        {
            self.states.remove(&key);
        }
        self.bytes -= frame.len();
        frame
    }
}

impl Outbox {
    pub fn new(limits: &Limits) -> Self {
        Self { inner: Mutex::default(), max_bytes: limits.outbox_bytes, row_every: limits.row_every }
    }

    /// Adds a frame of a conversation that must arrive.
    pub fn push(&self, conversation: ConversationId, frame: Bytes) {
        lock(&self.inner).insert(frame, conversation, None, self.max_bytes);
    }

    /// Adds the newest value of a state.
    pub fn set(&self, key: StateKey, frame: Bytes) {
        lock(&self.inner).insert(frame, key.conversation(), Some(key), self.max_bytes);
    }

    /// What is added from now on waits for [`release`](Self::release).
    pub fn hold(&self) {
        let mut inner = lock(&self.inner);
        let ticket = inner.next_ticket;
        inner.held_from.get_or_insert(ticket);
    }

    /// What was held may go. Answers whether something may have been.
    pub fn release(&self) -> bool {
        lock(&self.inner).held_from.take().is_some()
    }

    /// Drops what is held of a conversation that turned out not to be watched. Inbox rows are another matter.
    pub fn discard_held(&self, conversation: ConversationId) {
        let mut inner = lock(&self.inner);
        let Some(held_from) = inner.held_from else { return };
        for (ticket, waiting) in inner.frames.split_off(&held_from) {
            if waiting.conversation == conversation {
                inner.taken_out(ticket, waiting);
            } else {
                inner.frames.insert(ticket, waiting);
            }
        }
    }

    /// Closes it, unless it is closed.
    pub fn close(&self, code: CloseCode) {
        let mut inner = lock(&self.inner);
        inner.close(code);
        inner.wake();
    }

    /// Its socket is to go by then; only an earlier time changes that.
    pub fn leave_by(&self, at: Instant) {
        let mut inner = lock(&self.inner);
        inner.leave_by = Some(inner.leave_by.map_or(at, |before| before.min(at)));
        inner.wake();
    }

    /// How many bytes wait.
    pub fn bytes(&self) -> usize {
        lock(&self.inner).bytes
    }

    /// Takes what is next. Rows leave together, and then not again for a while.
    pub fn next(&self, now: impl Fn() -> Instant) -> Next {
        let mut inner = lock(&self.inner);
        if let Some(code) = inner.closed {
            return Next::Close(code);
        }
        if let Some(at) = inner.leave_by.take() {
            return Next::Leave(at);
        }
        if inner.has_frame() {
            return inner.pop(false);
        }
        if !inner.rows_due(&now) {
            return Next::Nothing;
        }
        let row = inner.pop(true);
        if inner.rows.is_empty() {
            inner.rows_at = Some(now() + self.row_every);
        }
        row
    }

    /// When rows may leave, if some wait.
    pub fn rows_at(&self) -> Option<Instant> {
        let inner = lock(&self.inner);
        if inner.rows.is_empty() || inner.held_from.is_some() { None } else { inner.rows_at }
    }

    /// Ready when something is [`next`](Self::next).
    pub fn poll_ready(&self, cx: &Context<'_>, now: impl FnOnce() -> Instant) -> Poll<()> {
        let mut inner = lock(&self.inner);
        let told = inner.closed.is_some() || inner.leave_by.is_some();
        if told || inner.has_frame() || inner.rows_due(now) {
            return Poll::Ready(());
        }
        inner.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Ready when it was closed.
    pub fn poll_closed(&self, cx: &Context<'_>) -> Poll<CloseCode> {
        let mut inner = lock(&self.inner);
        if let Some(code) = inner.closed {
            return Poll::Ready(code);
        }
        inner.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ParticipantId;

    fn outbox(max_bytes: usize) -> Outbox {
        let limits = Limits { outbox_bytes: max_bytes, ..Limits::default() };
        Outbox::new(&limits)
    }

    fn drain(outbox: &Outbox, now: Instant) -> Vec<Bytes> {
        let frame = || match outbox.next(|| now) {
            Next::Frame(frame) => Some(frame),
            Next::Leave(_) | Next::Close(_) | Next::Nothing => None,
        };
        std::iter::from_fn(frame).collect()
    }

    fn conversation() -> ConversationId {
        ConversationId::direct(&ParticipantId::new("ann").unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn a_replaced_state_moves_behind_the_message_it_is_about() {
        let (outbox, now) = (outbox(1000), Instant::now());
        let key = StateKey::Read(conversation(), Side::User);
        outbox.set(key.clone(), "read 1".into());
        outbox.push(conversation(), "message 2".into());
        outbox.set(key, "read 2".into());
        assert_eq!(drain(&outbox, now), ["message 2", "read 2"]);
        assert_eq!(lock(&outbox.inner).bytes, 0);
        assert!(lock(&outbox.inner).states.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_after_a_hold_waits_and_what_came_before_goes() {
        let (outbox, now) = (outbox(1000), Instant::now());
        outbox.push(conversation(), "old".into());
        outbox.hold();
        outbox.push(conversation(), "new".into());
        assert_eq!(drain(&outbox, now), ["old"]);
        outbox.release();
        assert_eq!(drain(&outbox, now), ["new"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_discarded_was_held_and_is_of_that_conversation() {
        let (outbox, now) = (outbox(1000), Instant::now());
        let other = ConversationId::direct(&ParticipantId::new("bob").unwrap());
        outbox.push(other, "before".into());
        outbox.hold();
        outbox.push(conversation(), "stays".into());
        outbox.push(other, "goes".into());
        outbox.set(StateKey::Read(other, Side::User), "goes, too".into());
        outbox.set(StateKey::Row(other), "row".into());
        outbox.discard_held(other);
        outbox.release();
        assert_eq!(drain(&outbox, now), ["before", "stays", "row"]);
        assert_eq!(lock(&outbox.inner).bytes, 0);
        assert!(lock(&outbox.inner).states.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn over_its_bound_it_is_closed_as_slow_and_keeps_nothing() {
        let outbox = outbox(10);
        outbox.push(conversation(), "0123456789".into());
        assert_eq!(lock(&outbox.inner).closed, None);
        outbox.push(conversation(), "x".into());
        assert_eq!(outbox.next(Instant::now), Next::Close(CloseCode::Slow));
        outbox.push(conversation(), "y".into());
        assert_eq!(outbox.bytes(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn replaced_states_do_not_add_up() {
        let outbox = outbox(10);
        for _ in 0..100 {
            outbox.set(StateKey::Read(conversation(), Side::User), "01234567".into());
        }
        assert_eq!(lock(&outbox.inner).closed, None);
    }

    #[tokio::test(start_paused = true)]
    async fn that_it_is_to_go_is_said_once_and_only_sooner_again() {
        let (outbox, now) = (outbox(1000), Instant::now());
        let later = now + std::time::Duration::from_secs(1);
        outbox.push(conversation(), "message".into());
        outbox.leave_by(later);
        outbox.leave_by(now);
        outbox.leave_by(later);
        assert_eq!(outbox.next(|| now), Next::Leave(now));
        assert_eq!(outbox.next(|| now), Next::Frame("message".into()));
        assert_eq!(outbox.next(|| now), Next::Nothing);
    }

    #[tokio::test(start_paused = true)]
    async fn rows_leave_at_intervals() {
        let (outbox, now) = (outbox(1000), Instant::now());
        let row = StateKey::Row(conversation());
        outbox.set(row.clone(), "row 1".into());
        assert_eq!(drain(&outbox, now), ["row 1"]);
        outbox.set(row.clone(), "row 2".into());
        outbox.set(row, "row 3".into());
        outbox.push(conversation(), "message".into());
        assert_eq!(drain(&outbox, now), ["message"]);
        let later = outbox.rows_at().expect("a time");
        assert_eq!(later, now + Limits::default().row_every);
        assert_eq!(drain(&outbox, later), ["row 3"]);
        assert_eq!(outbox.rows_at(), None);
    }
}
