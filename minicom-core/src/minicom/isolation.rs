//! Where what a host brings runs: apart, so that a responder or moderator that blocks its thread delays nobody's chat.

use std::{future::Future, panic::AssertUnwindSafe, thread};

use futures_util::FutureExt;
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, oneshot},
};
use tokio_util::sync::CancellationToken;

/// Where attempts run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Isolation {
    /// Each in a thread of its own.
    OwnThread,
    /// As tasks of the host's runtime.
    Task,
}

impl Isolation {
    /// Runs `work` until it is cancelled; `None`: it was, or it panicked. `permit` is held for as long as the work may still be
    /// at it: what blocks does not notice that it was cancelled.
    pub fn run<T: Send + 'static>(
        self,
        work: impl Future<Output = T> + Send + 'static,
        cancelled: CancellationToken,
        permit: OwnedSemaphorePermit,
    ) -> oneshot::Receiver<Option<T>> {
        let (reply, answer) = oneshot::channel();
        let run = async move {
            // It is cancelled before it is polled again, and so before it could touch a runtime that is gone.
            let outcome = cancelled.run_until_cancelled(work);
            let outcome = AssertUnwindSafe(outcome).catch_unwind().await.ok().flatten();
            drop(permit);
            // Whoever waited may have been cancelled.
            let _ = reply.send(outcome);
        };
        match self {
            Self::Task => drop(tokio::spawn(run)),
            Self::OwnThread => {
                let runtime = Handle::current();
                let thread = thread::Builder::new().name("minicom-host".into());
                // Without a thread the sender is dropped, and the attempt has failed.
                if let Err(error) = thread.spawn(move || runtime.block_on(run)) {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "no thread for what a host brings"
                    );
                }
            }
        }
        answer
    }
}
