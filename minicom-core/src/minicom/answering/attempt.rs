//! One attempt to answer: claim, ask the responder, show its draft, say what it came to.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    error::Error,
    id::{LogId, Seq},
    identity::Identity,
    log::{AiCommand, AiMode, AiPolicy, Command, Conversation, Resolution},
    metrics::{self, Metrics, TokenType},
    minicom::{Minicom, Reached},
    responder::{Draft, Reply, ResponderError, Tokens, Turn},
    wire::{
        PageFrom, PageRequest, Target,
        server::{Audience, DraftPart},
    },
};

/// What a responder came to; `None`: it was cancelled, or it panicked.
type Answer = Option<Result<Reply, ResponderError>>;

/// How often words in the making are shown at most.
const DRAFT_EVERY: Duration = Duration::from_millis(100);

/// How many of the latest events a responder sees at most.
const EVENTS: usize = 100;

/// An attempt that has begun here: no other one of this process is at the same conversation.
pub(super) struct Attempt {
    minicom: Minicom,
    log: LogId,
    token: Uuid,
    cancelled: CancellationToken,
    permit: OwnedSemaphorePermit,
}

impl Attempt {
    /// `None`: one is under way.
    pub fn begin(minicom: Minicom, log: LogId, permit: OwnedSemaphorePermit) -> Option<Self> {
        let token = Uuid::now_v7();
        let cancelled = minicom.inner.hub.context.owing.as_ref()?.begin(&log, token)?;
        Some(Self { minicom, log, token, cancelled, permit })
    }

    /// Answers, and looks whether something new is owed by then.
    pub async fn run(self) {
        let Self { minicom, log, token, cancelled, permit } = self;
        let context = minicom.inner.hub.context.clone();
        let stopping = context.stop.clone();
        let writing =
            Writing { minicom: &minicom, log: &log, token, ai: Identity::ai(log.workspace.clone()) };
        let written = writing.answer(&cancelled, permit);
        let written = stopping.run_until_cancelled(written).await;
        if written.is_none() {
            cancelled.cancel();
        }
        let Some(owing) = &context.owing else { return };
        owing.end(&log);
        if let Some(Err(error)) = written {
            // The next look at the store finds it, or what its claim leaves. To try at once would keep asking a store that
            // is down.
            tracing::warn!(error = &error as &dyn std::error::Error, "a reply could not be stored");
            return;
        }
        let now_owed = minicom.inner.hub.open_room(&log).and_then(|room| room.delivered());
        if let Some(snapshot) = now_owed {
            owing.changed(&log, snapshot.fold.ai(), context.clock.now());
        }
    }
}

/// The attempt while it is at it.
struct Writing<'a> {
    minicom: &'a Minicom,
    log: &'a LogId,
    token: Uuid,
    ai: Identity,
}

impl Writing<'_> {
    fn target(&self) -> Option<Target> {
        self.log.as_conversation().map(Target::Conversation)
    }

    async fn execute(&self, command: AiCommand) -> Result<(), Error> {
        let Some(target) = self.target() else { return Ok(()) };
        self.minicom.execute(&self.ai, &target, Command::Ai(command)).await.map(drop)
    }

    async fn answer(
        mut self,
        cancelled: &CancellationToken,
        permit: OwnedSemaphorePermit,
    ) -> Result<(), Error> {
        let context = &self.minicom.inner.hub.context;
        let Some(owing) = &context.owing else { return Ok(()) };
        let Some(target) = self.target() else { return Ok(()) };
        let workspace = context.workspace(&self.log.workspace).await?;
        let policy = owing.policy(&self.log.workspace, &workspace.fold).clone();
        self.ai.name.clone_from(&policy.name);

        self.execute(AiCommand::Claim { token: self.token }).await?;
        let reached = self.minicom.reach(&self.ai, &target, None).await?;
        let Some(in_reply_to) = self.claimed(&reached.snapshot.fold) else { return Ok(()) };
        let turn = self.turn(&reached, &policy, in_reply_to).await?;
        let resolution = self.write(&policy, turn, cancelled, permit).await;
        let Some(resolution) = resolution else { return Ok(()) };
        match self.execute(AiCommand::Resolve { token: self.token, resolution }).await {
            // An agent was faster, or the visitor has said more: that is no failure.
            Err(error) if !error.is_retryable() => Ok(()),
            resolved => resolved,
        }
    }

    /// What is to be answered, if this attempt has it.
    fn claimed(&self, fold: &Conversation) -> Option<Seq> {
        let owed = fold.ai().owed()?;
        owed.claim.as_ref().filter(|claim| claim.token == self.token).map(|_| owed.seq)
    }

    async fn turn(&self, reached: &Reached, policy: &AiPolicy, in_reply_to: Seq) -> Result<Turn, Error> {
        let page = PageRequest { limit: EVENTS, ..PageRequest::new(PageFrom::Before(in_reply_to.next())) };
        let Reached { room, snapshot, participant } = reached;
        let page = self.minicom.read_page(self.ai.role, room, snapshot, participant.as_ref(), &page).await?;
        let mut turn = Turn::new(self.log.workspace.clone(), page.conversation, page.events);
        turn.in_reply_to = in_reply_to;
        turn.instructions = policy.instructions(snapshot.fold.ai().personality());
        Ok(turn)
    }

    /// `None`: it was cancelled.
    async fn write(
        &self,
        policy: &AiPolicy,
        turn: Turn,
        cancelled: &CancellationToken,
        permit: OwnedSemaphorePermit,
    ) -> Option<Resolution> {
        let answering = self.minicom.inner.answering.as_ref()?;
        let (draft, words) = Draft::channel();
        let showing = Showing {
            writing: self,
            in_reply_to: turn.in_reply_to,
            audience: if policy.mode == AiMode::Suggest { Audience::Agents } else { Audience::Everyone },
            most: self.minicom.inner.hub.context.limits_in(&self.log.workspace).message_bytes,
        };
        // Its own, so that the responder also ends when its time is up.
        let end = cancelled.child_token();
        let _end = end.clone().drop_guard();
        let metrics = &self.minicom.inner.hub.context.metrics;
        let mut running = Running::new(metrics);
        let responder = answering.responder.clone();
        let mut counted = Counted { draft, metrics: metrics.clone() };
        let work = async move { responder.respond(turn, &mut counted.draft).await };
        let answer = answering.isolation.run(work, end, permit);
        let answered = tokio::select! {
            biased;
            () = cancelled.cancelled() => None,
            answer = timeout(Duration::from_secs(policy.deadline_s.into()), answer) => {
                Some(answer.ok().and_then(Result::ok).flatten())
            }
            () = showing.show(words) => None,
        };
        showing.done();
        let resolution = answered.map(resolution);
        if let Some(resolution) = &resolution {
            running.outcome = outcome(resolution);
        }
        resolution
    }
}

/// A draft whose tokens are counted when nobody writes it any more, cancelled or not.
struct Counted {
    draft: Draft,
    metrics: Arc<Metrics>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let Tokens { input, output } = self.draft.spent();
        self.metrics.ai_tokens.add(TokenType::Input, input);
        self.metrics.ai_tokens.add(TokenType::Output, output);
    }
}

/// An attempt as the figures have it. If nothing else is known of it when it ends, it was cancelled.
struct Running<'a> {
    metrics: &'a Metrics,
    since: Instant,
    outcome: metrics::Outcome,
}

impl<'a> Running<'a> {
    fn new(metrics: &'a Metrics) -> Self {
        metrics.ai_running.rise(1);
        Self { metrics, since: Instant::now(), outcome: metrics::Outcome::Cancelled }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.metrics.ai_running.fall(1);
        if let Some(attempts) = self.metrics.ai_attempts.of(self.outcome) {
            attempts.record_time(self.since.elapsed());
        }
    }
}

fn outcome(resolution: &Resolution) -> metrics::Outcome {
    match resolution {
        Resolution::Say { .. } => metrics::Outcome::Answer,
        Resolution::HandOver(_) => metrics::Outcome::Handoff,
        Resolution::Silent => metrics::Outcome::Silent,
        Resolution::Retry => metrics::Outcome::Retry,
        Resolution::Fail => metrics::Outcome::Failed,
    }
}

fn resolution(answer: Answer) -> Resolution {
    match answer {
        Some(Ok(Reply::Answer(answer))) => Resolution::Say { text: answer.text, sources: answer.sources },
        Some(Ok(Reply::Handoff(reason))) => Resolution::HandOver(reason),
        Some(Ok(Reply::Silent)) => Resolution::Silent,
        Some(Err(error)) => {
            let retryable = error.is_retryable();
            tracing::warn!(error = &error as &dyn std::error::Error, retryable, "a responder failed");
            if retryable { Resolution::Retry } else { Resolution::Fail }
        }
        // It panicked, or its time was up.
        None => Resolution::Retry,
    }
}

/// Shows words in the making to who watches.
struct Showing<'a> {
    writing: &'a Writing<'a>,
    in_reply_to: Seq,
    audience: Audience,
    most: usize,
}

impl Showing<'_> {
    fn send(&self, at: usize, text: &str, done: bool) {
        let Some(room) = self.writing.minicom.inner.hub.open_room(self.writing.log) else { return };
        room.draft(&DraftPart { in_reply_to: self.in_reply_to, at, text, done }, self.audience);
    }

    /// Never ends: who waits for the answer ends it.
    async fn show(&self, mut words: watch::Receiver<String>) {
        // That somebody writes is shown before there are words.
        self.send(0, "", false);
        let mut shown = 0;
        while words.changed().await.is_ok() {
            {
                let all = words.borrow_and_update();
                let until = all.floor_char_boundary(self.most);
                if until > shown {
                    self.send(shown, &all[shown..until], false);
                    shown = until;
                }
            }
            sleep(DRAFT_EVERY).await;
        }
        std::future::pending::<()>().await;
    }

    fn done(&self) {
        self.send(0, "", true);
    }
}
