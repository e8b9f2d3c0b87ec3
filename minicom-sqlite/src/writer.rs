//! The thread that writes. All that queued up while it committed is its next transaction, and what comes before that one
//! is ready joins it; between transactions it removes traces from the index, if there are any.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc,
    },
    thread::JoinHandle,
    time::Duration,
};

use minicom_core::{AppendError, Appended, Change, StoreError};
use rusqlite::{Connection, TransactionBehavior, config::DbConfig};
use tokio::sync::{
    mpsc::{Receiver, error::TryRecvError},
    oneshot,
};
use uuid::Uuid;

use crate::{
    Checkpoints,
    checkpoint::{Erased, PATIENCE, Signal},
    error::{is_busy, store_error},
    stats::Counters,
    traces::{self, Cleaning, Progress, Traces},
    write::Batch,
};

/// After so many changes the thread of checkpoints looks how long the log has become. To wake it for each transaction would
/// cost more than a short log is worth.
const LOOK_EVERY: usize = 64;

pub(crate) type Outcome = Result<Appended, AppendError>;

/// What the thread is asked to do.
#[derive(Debug)]
pub(crate) enum Job {
    Append(Box<Append>),
    Settle(Settle),
}

/// A wish to have nothing left of what was erased before, and who waits for it.
#[derive(Debug)]
pub(crate) struct Settle {
    pub(crate) depth: Depth,
    pub(crate) reply: oneshot::Sender<Result<(), StoreError>>,
}

/// How much is to be free of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Everything that the log and the index hold.
    Log,
    /// The unused space within the file's pages as well.
    File,
}

/// A change, and who waits for its outcome.
#[derive(Debug)]
pub(crate) struct Append {
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
    /// How many changes the thread of checkpoints has not heard of.
    pub(crate) untold: usize,
    pub(crate) checkpoints: Checkpoints,
    /// The log is in the file, and so long that it is to begin anew.
    pub(crate) log_is_long: Arc<AtomicBool>,
    /// How long it waits for another process that writes.
    pub(crate) busy_timeout: Duration,
    /// While traces are being removed from the index.
    pub(crate) cleaning: Option<Cleaning>,
}

impl Writer {
    /// Works until nobody is left who could send something, then leaves the file without a log beside it.
    pub(crate) fn run(mut self, mut queue: Receiver<Job>) {
        let mut jobs = Vec::with_capacity(self.batch);
        let mut appends = Vec::with_capacity(self.batch);
        let mut settling = Vec::new();
        while self.next(&mut queue, &mut jobs) {
            for job in jobs.drain(..) {
                match job {
                    Job::Append(append) => appends.push(*append),
                    Job::Settle(settle) => settling.push(settle),
                }
            }
            let mut more = || match queue.try_recv() {
                Ok(Job::Append(append)) => Some(*append),
                Ok(Job::Settle(settle)) => {
                    settling.push(settle);
                    None
                }
                Err(_) => None,
            };
            let outcomes = self.commit(&mut appends, &mut more);
            for (append, outcome) in appends.drain(..).zip(outcomes) {
                // Who no longer waits has lost the answer, not the change.
                let _ = append.reply.send(outcome);
            }
            if self.log_is_long.load(Relaxed) {
                if let Err(error) = self.begin_log_anew() {
                    tracing::warn!(%error, "the log grows until it can begin anew");
                }
                self.log_is_long.store(false, Relaxed);
            }
            if let Err(error) = self.clean() {
                refuse(settling.drain(..), error);
            }
            if self.cleaning.is_none() {
                self.settle(&mut settling);
            }
        }
        drop(self.signals);
        if self.checkpointer.join().is_err() {
            tracing::error!("the thread of checkpoints panicked");
        }
        let emptied = match self.checkpoints {
            Checkpoints::Own => self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())),
            // SQLite would do it for the last one to close the file.
            Checkpoints::Elsewhere => {
                self.conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map(drop)
            }
        };
        if let Err(error) = emptied.and_then(|()| self.conn.close().map_err(|(_, error)| error)) {
            tracing::warn!(%error, "the log stays beside the file until it is opened again");
        }
    }

    /// Takes what is queued. Waits for something, unless there is cleaning to do. `false`: nothing will come any more.
    fn next(&self, queue: &mut Receiver<Job>, jobs: &mut Vec<Job>) -> bool {
        if self.cleaning.is_none() {
            return queue.blocking_recv_many(jobs, self.batch) > 0;
        }
        while jobs.len() < self.batch {
            match queue.try_recv() {
                Ok(job) => jobs.push(job),
                Err(TryRecvError::Empty) => break,
                // What is left to clean is noted in the file, and done when it is opened again.
                Err(TryRecvError::Disconnected) => return !jobs.is_empty(),
            }
        }
        true
    }

    /// Moves the little that came since the rest was moved; then the next transaction is written at the log's beginning, over what
    /// is there. If somebody reads from the log until then, it grows, and the next look at it finds it long again.
    fn begin_log_anew(&self) -> rusqlite::Result<()> {
        self.conn.busy_timeout(PATIENCE)?;
        let begun = self.conn.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()));
        self.conn.busy_timeout(self.busy_timeout)?;
        begun
    }

    /// It ends after this thread, which holds a sender; without it, closing empties the log.
    fn signal(&self, signal: Signal) {
        let _ = self.signals.send(signal);
    }

    /// Hands those who wait on to the thread of checkpoints, whose part is the last.
    fn settle(&mut self, settling: &mut Vec<Settle>) {
        if settling.iter().any(|settle| settle.depth == Depth::File)
            && let Err(error) = self.rewrite_file()
        {
            refuse(settling.extract_if(.., |settle| settle.depth == Depth::File), error);
        }
        for Settle { reply, .. } in settling.drain(..) {
            self.signal(Signal::Settle(reply));
        }
    }

    fn rewrite_file(&self) -> rusqlite::Result<()> {
        // The new file is put together aside, and need not fit into memory.
        self.conn.pragma_update(None, "temp_store", "FILE")?;
        let rewritten = self.conn.execute_batch("VACUUM");
        self.conn.pragma_update(None, "temp_store", "MEMORY")?;
        rewritten
    }

    /// One step, so that appends need not wait for the last one.
    fn clean(&mut self) -> rusqlite::Result<()> {
        let Some(cleaning) = &mut self.cleaning else { return Ok(()) };
        match cleaning.step(&mut self.conn) {
            Ok(Progress::Goes) => {}
            Ok(Progress::Done) => {
                self.cleaning = None;
                self.signal(Signal::Committed(Erased::Something));
            }
            Err(error) => {
                tracing::warn!(%error, "traces of erased words stay in the index until the next erasure");
                self.cleaning = None;
                return Err(error);
            }
        }
        Ok(())
    }

    /// The outcome of each append and of those that join them, all of which are durable.
    fn commit(
        &mut self,
        appends: &mut Vec<Append>,
        more: &mut dyn FnMut() -> Option<Append>,
    ) -> Vec<Outcome> {
        let error = match self.transact(appends, more) {
            Ok(outcomes) => return outcomes,
            Err(error) => error,
        };
        tracing::warn!(%error, changes = appends.len(), "a transaction was rolled back");
        if appends.len() == 1 {
            return vec![Err(store_error(error).into())];
        }
        // Another process holds the lock. Each change on its own would wait for it as long again.
        if is_busy(&error) {
            let error = Arc::new(error);
            let busy = |_: &Append| Err(StoreError::unavailable(error.clone()).into());
            return appends.iter().map(busy).collect();
        }
        // One of them may be to blame, and the others are not to suffer for it.
        let mut outcomes = Vec::with_capacity(appends.len());
        for append in std::mem::take(appends) {
            let mut single = vec![append];
            outcomes.push(match self.transact(&mut single, &mut || None) {
                Ok(mut outcomes) => outcomes.remove(0),
                Err(error) => Err(store_error(error).into()),
            });
            appends.append(&mut single);
        }
        outcomes
    }

    /// Commits those of `appends`, and of what is there by the time that they are done, that nothing stored speaks against,
    /// in one transaction.
    fn transact(
        &mut self,
        appends: &mut Vec<Append>,
        more: &mut dyn FnMut() -> Option<Append>,
    ) -> rusqlite::Result<Vec<Outcome>> {
        if appends.is_empty() {
            return Ok(Vec::new());
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut batch = Batch::new(&tx, self.generation)?;
        let mut outcomes = Vec::with_capacity(self.batch);
        loop {
            if outcomes.len() == appends.len() && appends.len() < self.batch {
                appends.extend(more());
            }
            let Some(append) = appends.get(outcomes.len()) else { break };
            outcomes.push(batch.append(&append.change)?);
        }
        let committed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        if committed == 0 {
            drop(batch);
            tx.rollback()?;
            return Ok(outcomes);
        }
        let removed = batch.finish()?;
        let traces = traces::note(&tx, &removed)?;
        tx.commit()?;
        self.counters.transactions.fetch_add(1, Relaxed);
        self.counters.changes.fetch_add(committed as u64, Relaxed);
        if traces == Traces::Some && self.cleaning.is_none() {
            self.cleaning = Some(Cleaning::default());
        }
        let forgets =
            |Append { change, .. }: &Append| !change.rewrite.is_empty() || change.forget_through.is_some();
        let erased = if appends.iter().any(forgets) { Erased::Something } else { Erased::Nothing };
        self.untold += committed;
        if erased == Erased::Something || self.untold >= LOOK_EVERY {
            self.untold = 0;
            self.signal(Signal::Committed(erased));
        }
        Ok(outcomes)
    }
}

fn refuse(settling: impl Iterator<Item = Settle>, error: rusqlite::Error) {
    let full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
    let error = Arc::new(error);
    for Settle { reply, .. } in settling {
        let error = error.clone();
        let error = if full { StoreError::full(error) } else { StoreError::unavailable(error) };
        let _ = reply.send(Err(error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::tests::{file, write};

    /// One that has nobody to tell, and leaves the log as it is when it ends.
    fn writer(conn: Connection, log_is_long: &Arc<AtomicBool>) -> Writer {
        Writer {
            conn,
            generation: Uuid::nil(),
            batch: 1,
            counters: Arc::default(),
            signals: mpsc::channel().0,
            checkpointer: std::thread::spawn(|| ()),
            untold: 0,
            checkpoints: Checkpoints::Elsewhere,
            log_is_long: log_is_long.clone(),
            busy_timeout: Duration::ZERO,
            cleaning: None,
        }
    }

    fn length(folder: &tempfile::TempDir) -> u64 {
        std::fs::metadata(folder.path().join("some.db-wal")).unwrap().len()
    }

    #[test]
    fn a_log_that_begins_anew_is_written_over_unless_somebody_reads_it() {
        let (folder, connect) = file();
        let writer = writer(connect(), &Arc::default());
        write(&writer.conn, 1_000_000);
        let long = length(&folder);
        writer.begin_log_anew().unwrap();
        write(&writer.conn, 500_000);
        assert_eq!(length(&folder), long);

        let reader = connect();
        reader.execute_batch("BEGIN; SELECT count(*) FROM bytes").unwrap();
        writer.begin_log_anew().unwrap();
        write(&writer.conn, 1_000_000);
        assert!(length(&folder) > long, "{} after {long}", length(&folder));
    }

    #[test]
    fn the_log_begins_anew_between_two_transactions_once_it_is_said_to_be_long() {
        for long in [false, true] {
            let (folder, connect) = file();
            // Kept, so that the last one to close the file is not the writer.
            let (kept, log_is_long) = (connect(), Arc::new(AtomicBool::new(long)));
            write(&kept, 1_000_000);
            let before = length(&folder);
            let (jobs, queue) = tokio::sync::mpsc::channel(1);
            let settle = Settle { depth: Depth::Log, reply: oneshot::channel().0 };
            jobs.blocking_send(Job::Settle(settle)).unwrap();
            drop(jobs);
            writer(connect(), &log_is_long).run(queue);
            assert!(!log_is_long.load(Relaxed));
            write(&kept, 500_000);
            assert_eq!(length(&folder) == before, long);
        }
    }
}
