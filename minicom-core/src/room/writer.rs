//! Committing a batch: decide, append, and again if somebody else was faster. Bounded.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    RoomContext,
    batch::{Deciding, Job, Plan},
    snapshot::Snapshot,
};
use crate::{
    error::Refusal,
    id::{EventId, LogId, Position, Rev},
    limits::Limits,
    log::{AiPolicy, Fact, Log, Recorded, Workspace},
    metrics::Metrics,
    store::{Also, AppendError, Appended, Store, StoreError, StoredEvent},
    time::{Clock, to_microsecond},
};

/// Who must hear of what the writer finds or does, before anything else happens to the log.
pub(crate) trait Observer<L: Log>: Send {
    /// The store holds a newer state than was known.
    fn caught_up(&mut self, now: &Arc<Snapshot<L>>) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// A batch was committed.
    fn committed(&mut self, now: &Arc<Snapshot<L>>, commit: &Commit<'_, L>);
}

/// What was committed.
pub(crate) struct Commit<'a, L: Log> {
    pub appended: Appended,
    pub plan: &'a Plan<L>,
}

impl<L: Log> Commit<'_, L> {
    /// The committed events with their numbers.
    pub fn recorded(&self) -> Vec<Recorded<L::Body>> {
        let events = self.plan.facts.iter().filter_map(|fact| match fact {
            Fact::Event(event) => Some(event.clone()),
            Fact::Mark(_) => None,
        });
        let mut recorded: Vec<_> =
            events.map(|event| Recorded { id: EventId(0), position: Position(0), event }).collect();
        let Appended { first_id, position, .. } = self.appended;
        let first_position = (position.0 + 1).saturating_sub(recorded.len() as u64);
        for (index, recorded) in (0..).zip(&mut recorded) {
            recorded.id = EventId(first_id.0 + index);
            recorded.position = Position(first_position + index);
        }
        recorded
    }
}

/// What all conversations of a workspace share when they decide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shared<'a> {
    pub workspace: &'a Workspace,
    /// When an AI answers; `None`: here is none.
    pub ai: Option<&'a AiPolicy>,
}

/// Writes one log.
#[derive(Debug)]
pub(crate) struct Writer<L: Log> {
    log: LogId,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// How often it decides anew because somebody else was faster.
    conflicts: usize,
    message_bytes: usize,
    metrics: Arc<Metrics>,
    /// What the next batch is decided on; `None`: to be loaded.
    snapshot: Option<Arc<Snapshot<L>>>,
    /// When the store was last looked at or written.
    looked_at: Instant,
}

impl<L: Log> Writer<L> {
    pub fn new(context: &RoomContext, log: LogId) -> Self {
        let RoomContext { store, clock, metrics, .. } = context;
        let Limits { conflicts, message_bytes, .. } = context.limits_in(&log.workspace);
        Self {
            log,
            store: store.clone(),
            clock: clock.clone(),
            conflicts,
            message_bytes,
            metrics: metrics.clone(),
            snapshot: None,
            looked_at: Instant::now(),
        }
    }

    /// The log as it is known, loaded if it is not.
    pub async fn current(&mut self, observer: &mut impl Observer<L>) -> Result<Arc<Snapshot<L>>, StoreError> {
        match &self.snapshot {
            Some(snapshot) => Ok(snapshot.clone()),
            None => self.refresh(observer).await,
        }
    }

    /// The log as it is known, looked up anew if it was not for so long.
    pub async fn fresh(
        &mut self,
        believed: Duration,
        observer: &mut impl Observer<L>,
    ) -> Result<Arc<Snapshot<L>>, StoreError> {
        if self.looked_at.elapsed() < believed {
            self.current(observer).await
        } else {
            self.refresh(observer).await
        }
    }

    /// Looks at the store again.
    pub async fn refresh(&mut self, observer: &mut impl Observer<L>) -> Result<Arc<Snapshot<L>>, StoreError> {
        let known = self.snapshot.take();
        let (snapshot, _) = self.load(&Also::NOTHING).await?;
        // Where nothing has changed, what was made of it is kept, too.
        let same =
            |known: &Arc<Snapshot<L>>| (known.rev, known.generation) == (snapshot.rev, snapshot.generation);
        let snapshot = known.filter(same).unwrap_or(snapshot);
        self.looked_at = Instant::now();
        observer.caught_up(&snapshot).await?;
        self.snapshot = Some(snapshot.clone());
        Ok(snapshot)
    }

    async fn load(&self, also: &Also) -> Result<(Arc<Snapshot<L>>, Vec<StoredEvent>), StoreError> {
        let Some(loaded) = self.store.load(&self.log, also).await? else {
            return Ok((
                Arc::new(Snapshot { fold: L::default(), rev: Rev::NONE, generation: None }),
                Vec::new(),
            ));
        };
        let fold = L::decode(&loaded.snapshot).map_err(StoreError::corrupt)?;
        Ok((Arc::new(Snapshot { fold, rev: loaded.rev, generation: Some(loaded.generation) }), loaded.also))
    }

    /// Commits a batch ([`batch_len`](super::batch::batch_len)) and answers it; returns the jobs that wait for another one.
    pub async fn commit(
        &mut self,
        cx: Shared<'_>,
        mut jobs: Vec<Job<L::Command>>,
        observer: &mut impl Observer<L>,
    ) -> Vec<Job<L::Command>> {
        let mut conflicts = 0;
        while !jobs.is_empty() {
            match self.attempt(cx, &jobs, observer).await {
                Ok((plan, appended)) => return plan.answer(jobs, appended.as_ref()),
                Err((Some(plan), AppendError::Duplicates(duplicates))) => {
                    jobs = plan.answer_duplicates(jobs, &duplicates);
                }
                Err((_, AppendError::Conflict)) if conflicts < self.conflicts => {
                    conflicts += 1;
                    self.snapshot = None;
                }
                Err((_, error)) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a batch was not committed");
                    self.snapshot = None;
                    for job in jobs {
                        job.answer(Err(Refusal::unavailable()));
                    }
                    return Vec::new();
                }
            }
        }
        Vec::new()
    }

    async fn attempt(
        &mut self,
        cx: Shared<'_>,
        jobs: &[Job<L::Command>],
        observer: &mut impl Observer<L>,
    ) -> Result<(Plan<L>, Option<Appended>), (Option<Plan<L>>, AppendError)> {
        let failed = |error: StoreError| (None, AppendError::from(error));
        let needs = jobs.first().map_or(Also::NOTHING, |job| L::needs(&job.command));
        let mut snapshot = self.current(observer).await.map_err(failed)?;
        let mut also = Vec::new();
        if !needs.is_empty() {
            // Read together with a snapshot, or the events and the fold might not fit.
            (snapshot, also) = self.load(&needs).await.map_err(failed)?;
            observer.caught_up(&snapshot).await.map_err(failed)?;
            self.snapshot = Some(snapshot.clone());
        }
        let deciding = Deciding {
            log: &self.log,
            workspace: cx.workspace,
            ai: cx.ai,
            now: to_microsecond(self.clock.now()),
            message_bytes: self.message_bytes,
            also: &also,
        };
        let plan = Plan::decide(&deciding, &snapshot.fold, jobs);
        if plan.is_empty() {
            return Ok((plan, None));
        }
        match self.store.append(plan.change(&self.log, snapshot.rev)).await {
            Ok(appended) => {
                self.metrics.batches.record(jobs.len());
                let fold = plan.after.clone();
                let now =
                    Arc::new(Snapshot { fold, rev: appended.rev, generation: Some(appended.generation) });
                self.snapshot = Some(now.clone());
                observer.committed(&now, &Commit { appended, plan: &plan });
                Ok((plan, Some(appended)))
            }
            Err(error) => Err((Some(plan), error)),
        }
    }
}
