//! Deciding a batch: commands in, one change out. Pure.

use std::collections::HashSet;

use jiff::Timestamp;
use tokio::sync::oneshot;
use tracing::Span;
use uuid::Uuid;

use crate::{
    error::{Code, Refusal},
    id::{ActorId, ClientId, EventId, LogId, ParticipantId, Rev, Seq},
    identity::{Actor, Identity, authorize},
    log::{AiPolicy, Context, Fact, Facts, Log, Workspace},
    store::{Appended, Change, NewEvent, StoredEvent},
    view::Ack,
};

/// The answer to a command: the first event that it stored, if it stored one.
pub(crate) type Answer = Result<Option<Ack>, Refusal>;

/// A command that waits for its answer. Whoever waits may go away: the command is executed all the same.
#[derive(Debug)]
pub(crate) struct Job<C> {
    pub identity: Identity,
    /// Whose direct conversation it is about, if that is known.
    pub participant: Option<ParticipantId>,
    pub command: C,
    pub reply: oneshot::Sender<Answer>,
    /// Lasts until it is answered.
    pub span: Span,
}

impl<C> Job<C> {
    pub fn answer(self, answer: Answer) {
        let outcome = answer.as_ref().map_or_else(|refusal| refusal.code().as_str(), |_| "done");
        self.span.record("outcome", outcome);
        tracing::debug!(parent: &self.span, "answered");
        // Nobody waits any more: only the answer is lost.
        let _ = self.reply.send(answer);
    }
}

/// What a batch comes to.
#[derive(Debug)]
pub(crate) struct Plan<L: Log> {
    pub facts: Facts<L>,
    pub after: L,
    events: Vec<NewEvent>,
    forget_through: Option<Seq>,
    verdicts: Vec<Verdict>,
}

/// What a plan says of a job.
#[derive(Debug)]
enum Verdict {
    Refused(Refusal),
    /// Its facts are in the change; the first of its events is the one of this index.
    Accepted(Option<usize>),
    /// Its idempotency key is in the batch already: it waits for the first one's outcome.
    Later,
}

/// What does not change while a batch is decided.
pub(crate) struct Deciding<'a> {
    pub log: &'a LogId,
    pub workspace: &'a Workspace,
    pub now: Timestamp,
    pub message_bytes: usize,
    /// The events that the one command of this batch needs.
    pub also: &'a [StoredEvent],
    pub ai: Option<&'a AiPolicy>,
}

impl<L: Log> Plan<L> {
    /// Decides each job on what the ones before it left.
    pub fn decide(deciding: &Deciding<'_>, before: &L, jobs: &[Job<L::Command>]) -> Self {
        let mut plan = Self {
            facts: Vec::new(),
            after: before.clone(),
            events: Vec::new(),
            forget_through: None,
            verdicts: Vec::new(),
        };
        let mut keys = HashSet::new();
        for job in jobs {
            let verdict = plan.decide_one(deciding, job, &mut keys);
            plan.verdicts.push(verdict);
        }
        plan
    }

    fn decide_one(
        &mut self,
        deciding: &Deciding<'_>,
        job: &Job<L::Command>,
        keys: &mut HashSet<(ActorId, ClientId)>,
    ) -> Verdict {
        let facts = match self.judge(deciding, job) {
            Ok(facts) => facts,
            Err(refusal) => return Verdict::Refused(refusal),
        };
        let key = facts.iter().find_map(|fact| match fact {
            Fact::Event(event) => Some((event.actor.id.clone(), event.client_id.clone()?)),
            Fact::Mark(_) => None,
        });
        if key.is_some_and(|key| !keys.insert(key)) {
            return Verdict::Later;
        }
        let mut first = None;
        for fact in &facts {
            self.after.apply(fact);
            self.forget_through = self.forget_through.max(L::forgets(fact));
            if let Fact::Event(event) = fact {
                first.get_or_insert(self.events.len());
                self.events.push(event.to_new(deciding.log));
            }
        }
        self.facts.extend(facts);
        Verdict::Accepted(first)
    }

    fn judge(&self, deciding: &Deciding<'_>, job: &Job<L::Command>) -> Result<Facts<L>, Refusal> {
        authorize(&job.identity, self.after.action(deciding.log, &job.command))?;
        let actor: Actor = job.identity.actor();
        let mut cx = Context::new(deciding.now, &actor, deciding.workspace, Uuid::now_v7());
        cx.participant = job.participant.as_ref();
        cx.message_bytes = deciding.message_bytes;
        cx.also = deciding.also;
        cx.ai = deciding.ai;
        self.after.decide(&cx, &job.command)
    }

    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The change to append.
    pub fn change(&self, log: &LogId, expect: Rev) -> Change {
        let mut change = Change::new(log.clone(), expect, self.after.encode(), self.after.row());
        change.events.clone_from(&self.events);
        change.forget_through = self.forget_through;
        change
    }

    /// Answers everyone; returns those who must wait for another batch.
    pub fn answer(&self, jobs: Vec<Job<L::Command>>, appended: Option<&Appended>) -> Vec<Job<L::Command>> {
        let mut later = Vec::new();
        let seqs = self.facts.iter().filter_map(|fact| match fact {
            Fact::Event(event) => Some(event.seq),
            Fact::Mark(_) => None,
        });
        let seqs: Vec<_> = seqs.collect();
        for (job, verdict) in jobs.into_iter().zip(&self.verdicts) {
            match verdict {
                Verdict::Refused(refusal) => job.answer(Err(refusal.clone())),
                Verdict::Later => later.push(job),
                Verdict::Accepted(event) => {
                    let ack = event.zip(appended).map(|(index, appended)| Ack {
                        id: EventId(appended.first_id.0 + index as u64),
                        seq: seqs[index],
                        time: self.events[index].time,
                    });
                    job.answer(Ok(ack));
                }
            }
        }
        later
    }

    /// Answers those whose events are stored already; returns the others.
    pub fn answer_duplicates(
        &self,
        jobs: Vec<Job<L::Command>>,
        duplicates: &[(usize, StoredEvent)],
    ) -> Vec<Job<L::Command>> {
        let mut others = Vec::new();
        for (job, verdict) in jobs.into_iter().zip(&self.verdicts) {
            let stored = match verdict {
                Verdict::Accepted(Some(index)) => duplicates.iter().find(|(at, _)| at == index),
                _ => None,
            };
            match stored {
                None => others.push(job),
                Some((index, stored)) if stored.digest == self.events[*index].digest => {
                    job.answer(Ok(Some(Ack { id: stored.id, seq: stored.seq, time: stored.time })));
                }
                Some(_) => job.answer(Err(Refusal::new(
                    Code::ClientIdReused,
                    "this client_id was used before for something else",
                ))),
            }
        }
        others
    }
}

/// How many of the jobs at the front make the next batch: a command that needs stored events is one of its own.
pub(crate) fn batch_len<L: Log>(jobs: &[Job<L::Command>], most: usize) -> usize {
    let alone = |job: &Job<L::Command>| !L::needs(&job.command).is_empty();
    match jobs.first() {
        Some(first) if alone(first) => 1,
        _ => jobs.iter().take(most).take_while(|job| !alone(job)).count(),
    }
}
