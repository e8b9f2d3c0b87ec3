//! The thread that writes. All that queued up while it committed is its next transaction.

use std::{
    sync::{Arc, atomic::Ordering::Relaxed, mpsc},
    thread::JoinHandle,
};

use minicom_core::{AppendError, Appended, Change};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc::Receiver, oneshot};
use uuid::Uuid;

use crate::{
    checkpoint::{Erased, Signal},
    error::{is_busy, store_error},
    search,
    stats::Counters,
    write,
};

pub(crate) type Outcome = Result<Appended, AppendError>;

/// A change, and who waits for its outcome.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) change: Change,
    pub(crate) reply: oneshot::Sender<Outcome>,
}

/// The thread's own.
pub(crate) struct Writer {
    pub(crate) conn: Connection,
    pub(crate) generation: Uuid,
    /// At most so many changes a transaction.
    pub(crate) batch: usize,
    pub(crate) counters: Arc<Counters>,
    pub(crate) signals: mpsc::Sender<Signal>,
    pub(crate) checkpointer: JoinHandle<()>,
}

impl Writer {
    /// Writes until nobody is left who could send something, then leaves the file without a log beside it.
    pub(crate) fn run(mut self, mut queue: Receiver<Job>) {
        let mut jobs = Vec::with_capacity(self.batch);
        while queue.blocking_recv_many(&mut jobs, self.batch) > 0 {
            let outcomes = self.commit(&jobs);
            for (job, outcome) in jobs.drain(..).zip(outcomes) {
                // Who no longer waits has lost the answer, not the change.
                let _ = job.reply.send(outcome);
            }
        }
        drop(self.signals);
        if self.checkpointer.join().is_err() {
            tracing::error!("the thread of checkpoints panicked");
        }
        let emptied = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        if let Err(error) = emptied.and_then(|()| self.conn.close().map_err(|(_, error)| error)) {
            tracing::warn!(%error, "the log stays beside the file until it is opened again");
        }
    }

    /// The outcome of each job, all of which are durable.
    fn commit(&mut self, jobs: &[Job]) -> Vec<Outcome> {
        let changes: Vec<_> = jobs.iter().map(|job| &job.change).collect();
        let error = match self.transact(&changes) {
            Ok(outcomes) => return outcomes,
            Err(error) => error,
        };
        tracing::warn!(%error, changes = changes.len(), "a transaction was rolled back");
        if changes.len() == 1 {
            return vec![Err(store_error(error).into())];
        }
        // Another process holds the lock. Each change on its own would wait for it as long again.
        if is_busy(&error) {
            let error = Arc::new(error);
            let busy = |_| Err(minicom_core::StoreError::unavailable(error.clone()).into());
            return changes.into_iter().map(busy).collect();
        }
        // One of them may be to blame, and the others are not to suffer for it.
        let mut singly = |change| match self.transact(&[change]) {
            Ok(mut outcomes) => outcomes.remove(0),
            Err(error) => Err(store_error(error).into()),
        };
        changes.into_iter().map(&mut singly).collect()
    }

    /// Commits those of `changes` that nothing stored speaks against, in one transaction.
    fn transact(&mut self, changes: &[&Change]) -> rusqlite::Result<Vec<Outcome>> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut index = Vec::new();
        let mut outcomes = Vec::with_capacity(changes.len());
        for change in changes {
            outcomes.push(write::append(&tx, change, self.generation, &mut index)?);
        }
        let committed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        if committed == 0 {
            tx.rollback()?;
            return Ok(outcomes);
        }
        search::apply(&tx, &index)?;
        tx.commit()?;
        self.counters.transactions.fetch_add(1, Relaxed);
        self.counters.changes.fetch_add(committed as u64, Relaxed);
        let forgets = |change: &&Change| !change.rewrite.is_empty() || change.forget_through.is_some();
        let erased = if changes.iter().any(forgets) { Erased::Something } else { Erased::Nothing };
        // It ends after this thread, which holds a sender; without it, closing empties the log.
        let _ = self.signals.send(Signal::Committed(erased));
        Ok(outcomes)
    }
}
