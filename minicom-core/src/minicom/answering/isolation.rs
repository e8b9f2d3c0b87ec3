//! Where a responder runs: apart, so that one that blocks its thread delays nobody's chat.

use std::{panic::AssertUnwindSafe, sync::Arc, thread};

use futures_util::FutureExt;
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, oneshot},
};
use tokio_util::sync::CancellationToken;

use crate::{
    metrics::{Metrics, TokenType},
    responder::{Draft, Reply, Responder, ResponderError, Tokens, Turn},
};

/// Where attempts run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::minicom) enum Isolation {
    /// Each in a thread of its own.
    OwnThread,
    /// As tasks of the host's runtime.
    Task,
}

/// What a responder came to; `None`: it was cancelled, or it panicked.
pub(super) type Answer = Option<Result<Reply, ResponderError>>;

impl Isolation {
    /// Has `turn` answered, until it is cancelled. `permit` is held for as long as the responder may still be at it:
    /// one that blocks does not notice that it was cancelled. `metrics` are told what it took, cancelled or not.
    pub fn respond(
        self,
        responder: Arc<dyn Responder>,
        turn: Turn,
        mut draft: Draft,
        cancelled: CancellationToken,
        permit: OwnedSemaphorePermit,
        metrics: Arc<Metrics>,
    ) -> oneshot::Receiver<Answer> {
        let (reply, answer) = oneshot::channel();
        let respond = async move {
            // It is cancelled before it is polled again, and so before it could touch a runtime that is gone.
            let outcome = cancelled.run_until_cancelled(responder.respond(turn, &mut draft));
            let answer = AssertUnwindSafe(outcome).catch_unwind().await.ok().flatten();
            let Tokens { input, output } = draft.spent();
            metrics.ai_tokens.add(TokenType::Input, input);
            metrics.ai_tokens.add(TokenType::Output, output);
            drop(permit);
            // Whoever waited may have been cancelled.
            let _ = reply.send(answer);
        };
        match self {
            Self::Task => drop(tokio::spawn(respond)),
            Self::OwnThread => {
                let runtime = Handle::current();
                let thread = thread::Builder::new().name("minicom-ai".into());
                // Without a thread the sender is dropped, and the attempt has failed.
                if let Err(error) = thread.spawn(move || runtime.block_on(respond)) {
                    tracing::warn!(error = &error as &dyn std::error::Error, "no thread for a responder");
                }
            }
        }
        answer
    }
}
