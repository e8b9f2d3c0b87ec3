//! A command in its room's queue.

use std::sync::Arc;

use tokio::{sync::oneshot, time::Instant};

use crate::{error::Refusal, metrics::Metrics, view::Ack};

/// Waits for its answer. Whoever drops it loses only that.
#[derive(Debug)]
pub(crate) struct Queued {
    answer: oneshot::Receiver<Result<Option<Ack>, Refusal>>,
    since: Instant,
    metrics: Arc<Metrics>,
}

impl Queued {
    pub fn new(answer: oneshot::Receiver<Result<Option<Ack>, Refusal>>, metrics: Arc<Metrics>) -> Self {
        Self { answer, since: Instant::now(), metrics }
    }

    /// What it came to.
    pub async fn answer(self) -> Result<Option<Ack>, Refusal> {
        let answer = self.answer.await.unwrap_or_else(|_| Err(Refusal::unavailable()));
        if let Ok(Some(_)) = answer {
            self.metrics.acks.record_time(self.since.elapsed());
        }
        answer
    }
}
