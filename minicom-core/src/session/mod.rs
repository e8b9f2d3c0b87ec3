//! One client's session, without I/O: frames, finished operations and the time go in; frames, operations, typing and a
//! deadline come out. The driver around it is [`Minicom::serve`](crate::Minicom::serve).

mod exchange;
mod frames;
#[cfg(test)]
mod tests;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    close::CloseCode,
    error::{Code, Error, Refusal},
    id::ClientId,
    identity::{Admission, AuthError, AuthRequest, AuthTarget, Identity},
    limits::Limits,
    metrics::Metrics,
    role::Role,
    wire::{
        PageRequest, Target,
        client::Received,
        parse::parse,
        server::{self, PageKind},
    },
};

pub use exchange::{Incoming, Operation, Outcome, Outgoing, Output};

/// An identity that outlasts the clock's range ends with the socket.
const FOREVER: Duration = Duration::from_hours(24 * 365);

/// When somebody is to come back who found too many sockets open: when others may have left is not known.
const ROOM_AFTER: Duration = Duration::from_secs(10);

/// Which frame an operation answers. Goes out with the operation and comes back with its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    client_id: Option<ClientId>,
    /// An execute that has an answer of its own.
    acked: bool,
    kind: PageKind,
}

impl Ticket {
    /// Whether it is the first page of a visitor's own conversation, without which he cannot talk.
    pub(crate) fn is_history(&self) -> bool {
        self.kind == PageKind::History
    }
}

/// Where a session is.
#[derive(Debug)]
enum State {
    /// Nobody yet.
    Pending(Box<AuthRequest>),
    /// Somebody.
    Open(Arc<Identity>),
    /// The last frame is out.
    Closed,
}

/// What must be finished before the next frame is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Busy {
    No,
    /// A page, after which what happened meanwhile is sent.
    Page,
    Other,
}

/// A session.
#[derive(Debug)]
pub struct Session {
    state: State,
    limits: Limits,
    outputs: VecDeque<Output>,
    busy: Busy,
    /// Executes that have no outcome yet.
    executing: usize,
    draining: bool,
    /// When it is to drain, once the server does.
    drain_at: Option<Instant>,
    /// The token of the anonymous visitor that he was, until he is known.
    visitor: Option<String>,
    /// His history waits for what is moved to it.
    owes_history: bool,
    /// When `auth` must have come.
    auth_by: Option<Instant>,
    expires_at: Option<Instant>,
    ping_at: Instant,
    unanswered_pings: u8,
    /// Whoever counts what is refused.
    metrics: Option<Arc<Metrics>>,
}

impl Session {
    /// A session that begins now. `now` and `time` are the same moment by both clocks; `jitter` within 0–1 spreads first pings;
    /// what is no number counts as 0.
    pub fn new(admission: Admission, limits: Limits, now: Instant, time: Timestamp, jitter: f64) -> Self {
        let jitter = if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) };
        let ping_at = now + limits.ping_every.mul_f64(jitter);
        let mut session = Self {
            // Replaced below; a refused one is never asked for a token.
            state: State::Pending(Box::new(AuthRequest::new(AuthTarget::Socket))),
            limits,
            outputs: VecDeque::new(),
            busy: Busy::No,
            executing: 0,
            draining: false,
            drain_at: None,
            visitor: None,
            owes_history: false,
            auth_by: None,
            expires_at: None,
            ping_at,
            unanswered_pings: 0,
            metrics: None,
        };
        match admission {
            Admission::Known(identity) => session.open(identity, now, time),
            Admission::Pending(request) => {
                session.auth_by = Some(now + session.limits.auth_within);
                session.state = State::Pending(Box::new(request));
            }
            Admission::Refused(code) => session.close(code),
            Admission::TooMany { retry_after } => session.close_until(CloseCode::TooMany, Some(retry_after)),
        }
        session
    }

    /// The same one, of which it is counted what it refuses.
    pub(crate) fn counted(mut self, metrics: Arc<Metrics>) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Who is there, once that is known.
    pub fn identity(&self) -> Option<&Arc<Identity>> {
        match &self.state {
            State::Open(identity) => Some(identity),
            State::Pending(_) | State::Closed => None,
        }
    }

    /// The next thing to do, in order.
    pub fn next_output(&mut self) -> Option<Output> {
        let next = self.outputs.pop_front();
        if next.is_none() {
            // A socket rests for most of its life, and needs no room for this meanwhile.
            self.outputs = VecDeque::new();
        }
        next
    }

    /// Whether a frame may be handled now. If not, the socket is not read.
    pub fn can_receive(&self) -> bool {
        self.busy == Busy::No
            && self.executing < self.limits.open_executes
            && !self.draining
            && !matches!(self.state, State::Closed)
    }

    /// Whether what comes live must wait for a page.
    pub fn holds_live_frames(&self) -> bool {
        self.busy == Busy::Page
    }

    /// Whether the last frame was put out.
    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    /// When [`tick`](Self::tick) is due.
    pub fn deadline(&self) -> Instant {
        [self.auth_by, self.expires_at, self.drain_at].into_iter().flatten().fold(self.ping_at, Instant::min)
    }

    /// The time has come.
    pub fn tick(&mut self, now: Instant) {
        if self.is_closed() {
            return;
        }
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if due(self.auth_by) {
            self.close(CloseCode::Unauthenticated);
        } else if due(self.expires_at) {
            self.close(CloseCode::Expired);
        } else if due(self.drain_at) {
            self.drain();
        } else if self.ping_at <= now {
            if self.unanswered_pings >= 2 {
                return self.close(CloseCode::Unresponsive);
            }
            self.unanswered_pings += 1;
            self.ping_at = now + self.limits.ping_every;
            self.outputs.push_back(Output::Send(Outgoing::Ping));
        }
    }

    /// The server will stop: it drains then ([`drain`](Self::drain)), and goes on until then.
    pub fn drain_at(&mut self, at: Instant) {
        if !self.draining {
            self.drain_at = Some(at);
        }
    }

    /// The server stops: what is under way is answered, nothing more is read.
    pub fn drain(&mut self) {
        self.draining = true;
        self.drain_at = None;
        self.close_if_drained();
    }

    fn close_if_drained(&mut self) {
        if self.draining && self.executing == 0 && self.busy == Busy::No {
            self.close(CloseCode::Restart);
        }
    }

    /// Ends the session with a code.
    pub fn close(&mut self, code: CloseCode) {
        self.close_until(code, None);
    }

    /// Ends the session with a code, and says when to come back.
    pub(crate) fn close_until(&mut self, code: CloseCode, retry_after: Option<Duration>) {
        if self.is_closed() {
            return;
        }
        let retry_after = retry_after.or(match code {
            CloseCode::Unavailable => Some(Duration::from_secs(1)),
            CloseCode::TooMany => Some(ROOM_AFTER),
            _ => None,
        });
        self.state = State::Closed;
        self.auth_by = None;
        self.expires_at = None;
        self.outputs.push_back(Output::Send(Outgoing::Close { code, reason: code.reason(retry_after) }));
    }

    /// Something came from the socket.
    pub fn receive(&mut self, incoming: &Incoming) {
        self.unanswered_pings = 0;
        match incoming {
            Incoming::Text(text) => {
                let received = parse(text, self.limits.frame_bytes);
                self.handle(received);
            }
            Incoming::Binary => self.close(CloseCode::Unsupported),
            Incoming::TooBig => self.close(CloseCode::TooBig),
            Incoming::Pong => {}
            Incoming::Close => self.state = State::Closed,
        }
    }

    /// Something came from the socket that may not be handled now; a frame is answered with the reason.
    pub fn receive_refused(&mut self, incoming: &Incoming, refusal: &Refusal) {
        self.unanswered_pings = 0;
        match incoming {
            Incoming::Text(text) => {
                let Received { client_id, .. } = parse(text, self.limits.frame_bytes);
                self.refuse(refusal, client_id.as_ref());
            }
            other => self.receive(other),
        }
    }

    /// An operation has finished.
    pub fn complete(&mut self, ticket: &Ticket, outcome: Outcome, now: Instant, time: Timestamp) {
        match &outcome {
            Outcome::Executed(_) => self.executing = self.executing.saturating_sub(1),
            _ => self.busy = Busy::No,
        }
        if self.is_closed() {
            return;
        }
        let client_id = ticket.client_id.as_ref();
        match outcome {
            Outcome::Executed(Ok(ack)) => {
                if let Some(client_id) = client_id.filter(|_| ticket.acked) {
                    self.send(server::ack(client_id, ack.as_ref()));
                }
            }
            Outcome::Executed(Err(refusal)) => self.refuse(&refusal, client_id),
            Outcome::Page(Ok(page)) => self.send(server::page(ticket.kind, &page, client_id)),
            // He is somebody else now.
            Outcome::Page(Err(error)) if ticket.kind == PageKind::History && error.code() == Code::Moved => {
                self.close(CloseCode::Moved);
            }
            Outcome::Page(Err(error)) if ticket.is_history() && error.code() == Code::Banned => {
                self.close(CloseCode::Banned);
            }
            // Without its history a visitor would talk and hear nothing: he comes back.
            Outcome::Page(Err(_)) if ticket.kind == PageKind::History => {
                // A room of a server that drains answers nothing, and that is why.
                self.close(if self.draining { CloseCode::Restart } else { CloseCode::Unavailable });
            }
            Outcome::List(Ok(list)) => {
                let cursor = list.cursor.as_ref().map(ToString::to_string);
                let agent = self.identity().map(|identity| &identity.participant);
                self.send(server::list(agent, &list.rows, cursor, client_id));
            }
            Outcome::Search(Ok(results)) => {
                let cursor = results.before.map(|position| position.to_string());
                self.send(server::search(&results.hits, cursor, client_id));
            }
            Outcome::Ai(Ok(report)) => self.send(server::ai(&report, client_id)),
            Outcome::WordLists(Ok(lists)) => self.send(server::word_lists(&lists, client_id)),
            Outcome::Page(Err(error))
            | Outcome::List(Err(error))
            | Outcome::Search(Err(error))
            | Outcome::WordLists(Err(error))
            | Outcome::Ai(Err(error)) => {
                self.refuse(error.refusal(), client_id);
            }
            Outcome::Authenticated(result) => self.authenticated(result, client_id, now, time),
            Outcome::Moved(result) => self.moved(result, client_id),
        }
        self.close_if_drained();
    }

    fn authenticated(
        &mut self,
        result: Result<Identity, AuthError>,
        client_id: Option<&ClientId>,
        now: Instant,
        time: Timestamp,
    ) {
        let visitor = self.visitor.take();
        match (&self.state, result) {
            (State::Pending(request), Ok(identity)) => match request.permits(&identity) {
                Ok(()) => {
                    self.owes_history = visitor.is_some();
                    self.acknowledge(client_id.filter(|_| visitor.is_none()));
                    self.open(identity, now, time);
                    self.take_along(visitor, client_id);
                }
                Err(error) => self.close(error.close_code()),
            },
            (State::Pending(_), Err(error)) => self.close_until(error.close_code(), error.retry_after()),
            (State::Open(current), Ok(identity)) if current.is_same(&identity) => {
                self.acknowledge(client_id.filter(|_| visitor.is_none()));
                self.renew(identity, now, time);
                self.take_along(visitor, client_id);
            }
            (State::Open(_), Ok(_)) => self.refuse(&Refusal::forbidden(), client_id),
            (State::Open(_), Err(AuthError::Unavailable(_))) => {
                self.refuse(&Refusal::unavailable(), client_id);
            }
            (State::Open(_), Err(AuthError::TooManyFailures { retry_after })) => {
                self.refuse(&Refusal::rate_limited(retry_after), client_id);
            }
            (State::Open(_), Err(_)) => {
                self.refuse(&Refusal::new(Code::Unauthenticated, "this token is not believed"), client_id);
            }
            (State::Closed, _) => {}
        }
    }

    fn acknowledge(&mut self, client_id: Option<&ClientId>) {
        if let Some(client_id) = client_id {
            self.send(server::ack(client_id, None));
        }
    }

    /// Takes along what was said by the anonymous visitor whose token this is; it is acknowledged when that is done.
    fn take_along(&mut self, token: Option<String>, client_id: Option<&ClientId>) {
        let (Some(token), Some(identity)) = (token, self.identity()) else { return };
        let mut request = AuthRequest::new(AuthTarget::Socket);
        request.workspace = Some(identity.workspace.clone());
        request.token = Some(token);
        let operation = Operation::Move(Box::new(request));
        self.block(Busy::Other, operation, client_id.cloned(), PageKind::Conversation);
    }

    fn moved(&mut self, result: Result<(), Error>, client_id: Option<&ClientId>) {
        match result {
            Ok(()) => self.acknowledge(client_id),
            // Before he has seen a history without it: he comes back, and it is tried again.
            Err(error) if self.owes_history && error.is_retryable() => {
                self.close(if self.draining { CloseCode::Restart } else { CloseCode::Unavailable });
            }
            Err(error) => self.refuse(error.refusal(), client_id),
        }
        if std::mem::take(&mut self.owes_history) {
            self.send_history();
        }
    }

    fn open(&mut self, identity: Identity, now: Instant, time: Timestamp) {
        self.renew(identity, now, time);
        if !self.owes_history {
            self.send_history();
        }
    }

    /// An agent has none until he opens a conversation.
    fn send_history(&mut self) {
        let own = self.identity().filter(|identity| identity.role == Role::User);
        if let Some(target) = own.map(|identity| Target::Participant(identity.participant.clone())) {
            let operation = Operation::Page { target, page: PageRequest::latest() };
            self.block(Busy::Page, operation, None, PageKind::History);
        }
    }

    fn renew(&mut self, identity: Identity, now: Instant, time: Timestamp) {
        let left =
            identity.expires_at.map(|at| Duration::try_from(at.duration_since(time)).unwrap_or_default());
        self.auth_by = None;
        self.expires_at = left.map(|left| now.checked_add(left).unwrap_or(now + FOREVER));
        self.state = State::Open(Arc::new(identity));
        if left == Some(Duration::ZERO) {
            self.close(CloseCode::Expired);
        }
    }

    fn block(&mut self, busy: Busy, operation: Operation, client_id: Option<ClientId>, kind: PageKind) {
        self.busy = busy;
        self.outputs.push_back(Output::Run(operation, Ticket { client_id, acked: false, kind }));
    }

    fn send(&mut self, frame: Bytes) {
        self.outputs.push_back(Output::Send(Outgoing::Text(frame)));
    }

    fn refuse(&mut self, refusal: &Refusal, client_id: Option<&ClientId>) {
        if let Some(metrics) = &self.metrics {
            metrics.refusals.count(refusal.code());
        }
        self.send(server::error(refusal, client_id));
    }
}
