//! The session beside a model of it: what is under way, and whether it has ended.

use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use minicom_core::{
    Ack, Admission, AuthError, AuthRequest, AuthTarget, CloseCode, Code, EventId, Identity, Incoming, Limits,
    Outgoing, ParticipantId, Refusal, Seq,
    session::{Operation, Outcome, Output, Session, Ticket},
};
use tokio::time::Instant;

use super::script::{Beginning, How, Script, Somebody, Step};
use crate::{
    fixtures::{ANSWERS, ann, ben, participant},
    sent::{self, Said},
};

/// Which operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Execute,
    History,
    Page,
    List,
    Search,
    Ai,
    WordLists,
    Authenticate,
    Move,
}

/// An operation that is under way.
#[derive(Debug)]
struct Open {
    kind: Kind,
    ticket: Ticket,
    client_id: Option<String>,
    /// An execute that is acknowledged if it has a `client_id`.
    has_ack: bool,
}

pub(super) struct Model {
    session: Session,
    open_executes: usize,
    auth_by: Option<Instant>,
    now: Instant,
    time: Timestamp,
    open: Vec<Open>,
    draining: bool,
    closed: bool,
    /// Since something last came.
    pings: u8,
    who: Option<Identity>,
}

impl Model {
    pub(super) fn new(script: &Script<'_>) -> Self {
        let (now, time) = (Instant::from_std(std::time::Instant::now()), Timestamp::UNIX_EPOCH);
        let mut limits = Limits::default();
        limits.frame_bytes = 1024;
        limits.open_executes = usize::from(script.open_executes % 4) + 1;
        limits.ping_every = Duration::from_secs(u64::from(script.ping_seconds % 32) + 1);
        limits.auth_within = Duration::from_secs(u64::from(script.auth_seconds % 16));
        let open_executes = limits.open_executes;
        let auth_within = limits.auth_within;
        let (admission, pending) = match &script.beginning {
            Beginning::Known(somebody) => (Admission::Known(identity(somebody, time)), false),
            Beginning::Pending => (Admission::Pending(AuthRequest::new(AuthTarget::Socket)), true),
            Beginning::PendingPath { role, email } => {
                let target = AuthTarget::Path { role: role.text(), email: email.text() };
                (Admission::Pending(AuthRequest::new(target)), true)
            }
            Beginning::Refused(code) => (Admission::Refused(close_code(*code)), false),
        };
        let session = Session::new(admission, limits, now, time, script.jitter);
        let mut model = Self {
            session,
            open_executes,
            auth_by: pending.then_some(now + auth_within),
            now,
            time,
            open: Vec::new(),
            draining: false,
            closed: false,
            pings: 0,
            who: None,
        };
        let outputs = model.outputs(&Said::default());
        assert!(outputs.is_empty(), "nobody has said anything yet");
        model.check();
        model
    }

    /// One thing happens, if the driver would let it.
    pub(super) fn step(&mut self, step: &Step<'_>) {
        match step {
            Step::Frame(frame) => self.text(frame.json().into_bytes()),
            Step::Raw(bytes) => self.text(bytes.to_vec()),
            Step::Binary => self.receive(&Incoming::Binary, Some(CloseCode::Unsupported)),
            Step::TooBig => self.receive(&Incoming::TooBig, Some(CloseCode::TooBig)),
            Step::Pong => self.receive(&Incoming::Pong, None),
            Step::Goodbye => self.receive(&Incoming::Close, None),
            Step::Complete { which, how } => {
                if !self.open.is_empty() {
                    let open = self.open.swap_remove(usize::from(*which) % self.open.len());
                    self.complete(&open, how);
                }
            }
            Step::Wait(tenths) => self.wait(Duration::from_millis(u64::from(*tenths) * 100)),
            Step::Tick => self.tick(),
            Step::Due => {
                // Never long for a session that lives: pings come before.
                let until = self.session.deadline().saturating_duration_since(self.now);
                self.wait(until.min(Duration::from_mins(1)));
                self.tick();
            }
            Step::Drain => {
                self.draining = true;
                self.session.drain();
                assert!(self.outputs(&Said::default()).is_empty());
            }
            Step::Close(code) => {
                self.session.close(close_code(*code));
                assert!(self.outputs(&Said::default()).is_empty());
                assert!(self.closed);
            }
        }
        self.check();
    }

    /// Everything that is under way ends.
    pub(super) fn end(mut self) {
        while let Some(open) = self.open.pop() {
            self.complete(&open, &How::Well(0));
            self.check();
        }
        assert!(self.closed || self.draining || self.session.can_receive(), "it reads on");
        self.session.drain();
        self.draining = true;
        self.outputs(&Said::default());
        assert!(self.closed, "nothing is under way, so a drain is the end");
        self.check();
    }

    fn wait(&mut self, duration: Duration) {
        self.now += duration;
        let duration = SignedDuration::try_from(duration).expect("a short while");
        self.time = self.time.saturating_add(duration).expect("a time");
    }

    fn tick(&mut self) {
        let due = self.session.deadline() <= self.now;
        self.session.tick(self.now);
        let before = (self.pings, self.closed);
        assert!(self.outputs(&Said::default()).is_empty());
        assert!(due || before == (self.pings, self.closed), "nothing was due");
        if self.closed {
            return;
        }
        assert!(self.session.deadline() > self.now, "a deadline that was kept lies ahead");
        assert!(self.auth_by.is_none_or(|by| by > self.now));
        let ends = self.session.identity().and_then(|identity| identity.expires_at);
        assert!(ends.is_none_or(|at| at > self.time));
    }

    fn text(&mut self, text: Vec<u8>) {
        if !self.session.can_receive() {
            return;
        }
        let said = if text.len() > 1024 { Said::default() } else { Said::read(&text) };
        self.pings = 0;
        self.session.receive(&Incoming::Text(Bytes::from(text)));
        let frames = self.outputs(&said);
        assert!(frames.len() <= 1, "one frame, one answer");
        for frame in &frames {
            assert_eq!(sent::echoed(frame), said.client_id.as_deref());
        }
    }

    fn receive(&mut self, incoming: &Incoming, closes: Option<CloseCode>) {
        if !self.session.can_receive() {
            return;
        }
        self.pings = 0;
        self.session.receive(incoming);
        if *incoming == Incoming::Close {
            assert!(self.session.is_closed() && self.session.next_output().is_none());
            self.closed = true;
        }
        assert!(self.outputs(&Said::default()).is_empty());
        assert_eq!(self.closed, closes.is_some() || *incoming == Incoming::Close);
    }

    fn complete(&mut self, open: &Open, how: &How) {
        let was_closed = self.closed;
        let outcome = self.outcome(open.kind, how);
        let well = matches!(
            outcome,
            Outcome::Executed(Ok(_))
                | Outcome::Page(Ok(_))
                | Outcome::List(Ok(_))
                | Outcome::Search(Ok(_))
                | Outcome::Ai(Ok(_))
                | Outcome::WordLists(Ok(_))
        );
        self.session.complete(&open.ticket, outcome, self.now, self.time);
        // What is taken along is asked for by the frame that shows the tokens, and answers that.
        let shows = open.client_id.clone().filter(|_| open.kind == Kind::Authenticate);
        let frames = self.outputs(&Said { client_id: shows, ..Said::default() });
        let answers = match (was_closed, open.kind, well) {
            (true, ..) | (_, Kind::History, false) => 0,
            (false, Kind::Execute, true) => usize::from(open.has_ack && open.client_id.is_some()),
            // An `ack`, an `error`, or the end.
            (false, Kind::Authenticate | Kind::Move, _) => frames.len().min(1),
            (false, ..) => 1,
        };
        assert_eq!(frames.len(), answers, "{open:?}");
        for frame in &frames {
            assert_eq!(sent::echoed(frame), open.client_id.as_deref());
            let kind = match open.kind {
                Kind::Execute => "ack",
                Kind::History => "history",
                Kind::Page => "conversation",
                Kind::List => "list",
                Kind::Search => "search",
                Kind::Ai => "ai",
                Kind::WordLists => "word_lists",
                Kind::Authenticate | Kind::Move => continue,
            };
            assert_eq!(sent::word(frame, "type"), if well { kind } else { "error" });
        }
    }

    fn outcome(&self, kind: Kind, how: &How) -> Outcome {
        let pick = |pick: u8, of: usize| usize::from(pick) % of;
        let refusal = |code: u8| Refusal::new(Code::ALL[pick(code, Code::ALL.len())], "no");
        match (kind, how) {
            (Kind::Execute, How::Refused(code)) => Outcome::Executed(Err(refusal(*code))),
            (Kind::Execute, How::Well(n)) => {
                let ack = Ack::new(EventId(u64::from(*n)), Seq(u64::from(*n)), self.time);
                Outcome::Executed(Ok((*n > 0).then_some(ack)))
            }
            (Kind::Execute, How::Authenticated(_)) => Outcome::Executed(Ok(None)),
            (Kind::Authenticate, How::Authenticated(somebody)) => {
                Outcome::Authenticated(Ok(identity(somebody, self.time)))
            }
            (Kind::Authenticate, How::Well(_)) => Outcome::Authenticated(Ok(ann())),
            (Kind::Authenticate, How::Refused(error)) => Outcome::Authenticated(Err(match error % 6 {
                0 => AuthError::Missing,
                1 => AuthError::Unauthenticated,
                2 => AuthError::Expired,
                3 => AuthError::Forbidden,
                4 => AuthError::UnknownRole,
                _ => AuthError::Unavailable("down".into()),
            })),
            (Kind::History | Kind::Page, How::Refused(code)) => Outcome::Page(Err(refusal(*code).into())),
            (Kind::List, How::Refused(code)) => Outcome::List(Err(refusal(*code).into())),
            (Kind::Search, How::Refused(code)) => Outcome::Search(Err(refusal(*code).into())),
            (Kind::Ai, How::Refused(code)) => Outcome::Ai(Err(refusal(*code).into())),
            (Kind::WordLists, How::Refused(code)) => Outcome::WordLists(Err(refusal(*code).into())),
            (Kind::Move, How::Refused(code)) => Outcome::Moved(Err(refusal(*code).into())),
            (Kind::Move, _) => Outcome::Moved(Ok(())),
            (_, How::Well(n)) => well(kind, usize::from(*n)),
            (_, How::Authenticated(_)) => well(kind, 0),
        }
    }

    /// Takes what the session puts out. Text frames are judged and handed back.
    fn outputs(&mut self, said: &Said) -> Vec<serde_json::Map<String, serde_json::Value>> {
        let mut frames = Vec::new();
        while let Some(output) = self.session.next_output() {
            assert!(!self.closed, "nothing follows the end: {output:?}");
            match output {
                Output::Send(Outgoing::Close { reason, .. }) => {
                    assert!(reason.len() <= 123 && self.session.is_closed());
                    self.closed = true;
                }
                Output::Send(Outgoing::Ping) => {
                    self.pings += 1;
                    assert!(self.pings <= 2, "two unanswered pings are the end");
                }
                Output::Run(operation, ticket) => self.begin(&operation, ticket, said),
                Output::Typing { .. } => assert!(self.who.is_some(), "nobody does not type"),
                Output::Leave => assert!(self.who.is_some(), "nobody watches nothing"),
                output => frames.push(sent::frame(&output)),
            }
        }
        if let Some(identity) = self.session.identity() {
            assert!(self.who.as_ref().is_none_or(|who| who.is_same(identity)), "somebody stays who he is");
            self.who = Some(identity.as_ref().clone());
            self.auth_by = None;
        }
        frames
    }

    fn begin(&mut self, operation: &Operation, ticket: Ticket, said: &Said) {
        let asked = said.kind.is_some();
        let kind = match operation {
            Operation::Execute { .. } | Operation::Ban { .. } => Kind::Execute,
            Operation::Page { .. } if asked => Kind::Page,
            Operation::Page { .. } => Kind::History,
            Operation::List { .. } => Kind::List,
            Operation::Search { .. } => Kind::Search,
            Operation::Ai { .. } => Kind::Ai,
            Operation::WordLists { .. } => Kind::WordLists,
            Operation::Authenticate(_) => Kind::Authenticate,
            Operation::Move(_) => Kind::Move,
            other => panic!("an operation that is not known: {other:?}"),
        };
        assert!(kind == Kind::Authenticate || self.session.identity().is_some(), "nobody does nothing");
        let has_ack = said.kind.as_deref().is_some_and(|kind| kind != "read_messages");
        // A history answers nothing.
        let client_id = said.client_id.clone().filter(|_| kind != Kind::History);
        self.open.push(Open { kind, ticket, client_id, has_ack });
    }

    /// What holds between any two things.
    fn check(&mut self) {
        let executing = self.open.iter().filter(|open| open.kind == Kind::Execute).count();
        let blocking: Vec<_> =
            self.open.iter().map(|open| open.kind).filter(|kind| *kind != Kind::Execute).collect();
        assert!(executing <= self.open_executes && blocking.len() <= 1, "{executing} {blocking:?}");
        let reads = !self.closed && !self.draining && blocking.is_empty() && executing < self.open_executes;
        assert_eq!(self.session.can_receive(), reads);
        let holds = blocking.iter().any(|kind| matches!(kind, Kind::History | Kind::Page | Kind::List));
        assert_eq!(self.session.holds_live_frames(), holds);
        assert_eq!(self.session.is_closed(), self.closed);
        assert!(self.closed || !self.draining || !self.open.is_empty(), "a drained session is closed");
        assert!(!self.closed || self.session.identity().is_none());
    }
}

fn well(kind: Kind, n: usize) -> Outcome {
    match kind {
        Kind::List => Outcome::List(Ok(ANSWERS.lists[n % ANSWERS.lists.len()].clone())),
        Kind::Search => Outcome::Search(Ok(ANSWERS.finds[n % ANSWERS.finds.len()].clone())),
        Kind::WordLists => Outcome::WordLists(Ok(Box::default())),
        Kind::Ai => Outcome::Ai(Ok(Box::new(ANSWERS.reports[n % ANSWERS.reports.len()].clone()))),
        _ => Outcome::Page(Ok(Box::new(ANSWERS.pages[n % ANSWERS.pages.len()].clone()))),
    }
}

fn close_code(pick: u8) -> CloseCode {
    CloseCode::ALL[usize::from(pick) % CloseCode::ALL.len()]
}

fn identity(somebody: &Somebody, time: Timestamp) -> Identity {
    let mut identity = if somebody.agent { ben() } else { ann() };
    if somebody.other_name {
        identity.participant = other();
    }
    let expires = somebody
        .expires
        .map(|seconds| time.saturating_add(SignedDuration::from_secs(seconds.into())).expect("a time"));
    identity.expires_at = if somebody.for_ever { Some(Timestamp::MAX) } else { expires };
    identity
}

fn other() -> ParticipantId {
    participant("somebody else")
}
