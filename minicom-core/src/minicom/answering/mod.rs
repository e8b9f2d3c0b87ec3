//! The AI at work: finds what is owed, here and in the store, and has it answered, so many at a time.

mod attempt;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{Semaphore, mpsc},
    time::{Instant, MissedTickBehavior, interval_at},
};

use self::attempt::Attempt;
use super::{Inner, Minicom, isolation::Isolation};
use crate::{
    id::LogId,
    responder::Responder,
    store::{RowQuery, StoreError},
    sync::lock,
};

/// How often the store is asked what is due: what a process that died has left, what failed, what found no room.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What answers, and what it needs to begin.
#[derive(Debug)]
pub(super) struct Answering {
    responder: Arc<dyn Responder>,
    isolation: Isolation,
    /// Until the loop has begun.
    waiting: Mutex<Option<mpsc::Receiver<LogId>>>,
    attempts: Arc<Semaphore>,
    /// How many there are.
    most: u32,
}

impl Answering {
    pub fn new(
        responder: Arc<dyn Responder>,
        isolation: Isolation,
        waiting: mpsc::Receiver<LogId>,
        attempts: usize,
    ) -> Self {
        let most = u32::try_from(attempts.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        let attempts = Arc::new(Semaphore::new(most as usize));
        Self { responder, isolation, waiting: Mutex::new(Some(waiting)), attempts, most }
    }

    /// Waits for what is being written. Once the server drains nothing more begins.
    pub async fn rest(&self) {
        // Nobody closes it.
        drop(self.attempts.acquire_many(self.most).await);
    }
}

impl Minicom {
    /// Begins to answer, once, if there is a responder and a runtime.
    pub(super) fn start_answering(&self) {
        let Some(answering) = &self.inner.answering else { return };
        let Ok(runtime) = Handle::try_current() else { return };
        let Some(waiting) = lock(&answering.waiting).take() else { return };
        let context = &self.inner.hub.context;
        let answer = answer(Arc::downgrade(&self.inner), waiting, answering.attempts.clone());
        // What is owed by then, another process finds, or the next one.
        let drain = context.drain.clone();
        context.tasks.spawn_on(async move { drain.run_until_cancelled(answer).await }, &runtime);
    }

    /// Conversations that want to be woken, in any workspace.
    async fn due(&self, limit: usize) -> Result<Vec<LogId>, StoreError> {
        let context = &self.inner.hub.context;
        let page = context.store.rows(&RowQuery::due(context.clock.now(), limit)).await?;
        Ok(page.items.into_iter().map(|row| row.log).collect())
    }
}

/// Answers what is owed until nobody holds the [`Minicom`] any more.
async fn answer(inner: Weak<Inner>, mut waiting: mpsc::Receiver<LogId>, attempts: Arc<Semaphore>) {
    let mut look = interval_at(Instant::now(), LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut found = VecDeque::new();
    let Some(metrics) = inner.upgrade().map(|inner| inner.hub.context.metrics.clone()) else { return };
    loop {
        let Ok(permit) = attempts.clone().acquire_owned().await else { return };
        let log = loop {
            if let Some(log) = found.pop_front() {
                break log;
            }
            tokio::select! {
                biased;
                log = waiting.recv() => match log {
                    Some(log) => break log,
                    None => return,
                },
                _ = look.tick() => {
                    let Some(inner) = inner.upgrade() else { return };
                    match (Minicom { inner }).due(attempts.available_permits() + 1).await {
                        Ok(logs) => {
                            metrics.ai_queue.rise(logs.len());
                            found.extend(logs);
                        }
                        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "what is due could not be read"),
                    }
                }
            }
        };
        metrics.ai_queue.fall(1);
        let Some(inner) = inner.upgrade() else { return };
        let minicom = Minicom { inner };
        let tasks = minicom.inner.hub.context.tasks.clone();
        if let Some(attempt) = Attempt::begin(minicom, log, permit) {
            tasks.spawn(attempt.run());
        }
    }
}
