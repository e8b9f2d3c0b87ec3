//! The stream of what is committed.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::view::Committed;

/// The listener was too slow; so many changes were lost to it. They are stored all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the listener fell behind and lost {0} changes")]
pub struct Lagged(pub u64);

/// What a [`Minicom`](super::Minicom) commits, in the order of each log.
pub struct CommittedStream(BoxStream<'static, Result<Arc<Committed>, Lagged>>);

impl CommittedStream {
    pub(super) fn new(receiver: Receiver<Arc<Committed>>) -> Self {
        let next = |mut receiver: Receiver<Arc<Committed>>| async {
            let item = match receiver.recv().await {
                Ok(committed) => Ok(committed),
                Err(RecvError::Lagged(lost)) => Err(Lagged(lost)),
                Err(RecvError::Closed) => return None,
            };
            Some((item, receiver))
        };
        Self(stream::unfold(receiver, next).boxed())
    }
}

impl Stream for CommittedStream {
    type Item = Result<Arc<Committed>, Lagged>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl fmt::Debug for CommittedStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CommittedStream")
    }
}
