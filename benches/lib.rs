//! Benchmarks of Minicom. They live in `benches/`; `cargo bench -p minicom-benches` runs them.

use std::{
    collections::VecDeque,
    convert::Infallible,
    hint::black_box,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use criterion::Criterion;
use futures_core::Stream;
use futures_util::Sink;
use minicom_core::{Identity, Incoming, Outgoing, ParticipantId, Target, WorkspaceId};

/// How benches are measured: for 3 s, in 30 samples.
pub fn measured() -> Criterion {
    Criterion::default()
        .measurement_time(Duration::from_secs(3))
        .warm_up_time(Duration::from_secs(1))
        .sample_size(30)
}

/// A socket without a network, for [`Minicom::serve`](minicom_core::Minicom::serve). It says at once what it has to say, takes
/// at once what it is sent, and breaks when it has what it waits for.
pub struct Socket<F> {
    says: VecDeque<Incoming>,
    /// How many frames it still waits for.
    waits_for: usize,
    waker: Option<Waker>,
    took: F,
}

impl<F: FnMut()> Socket<F> {
    /// One that never breaks, never says a word, and calls `took` for each frame.
    pub fn new(took: F) -> Self {
        Self { says: VecDeque::new(), waits_for: usize::MAX, waker: None, took }
    }

    /// Lets it say these frames.
    #[must_use]
    pub fn saying(mut self, frames: impl IntoIterator<Item = Incoming>) -> Self {
        self.says.extend(frames);
        self
    }

    /// Lets it break when it has so many frames.
    #[must_use]
    pub fn until(mut self, frames: usize) -> Self {
        self.waits_for = frames;
        self
    }
}

impl<F: FnMut() + Unpin> Stream for Socket<F> {
    type Item = Result<Incoming, Infallible>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.waits_for == 0 {
            return Poll::Ready(None);
        }
        let said = self.says.pop_front();
        if said.is_none() {
            self.waker = Some(cx.waker().clone());
        }
        said.map_or(Poll::Pending, |said| Poll::Ready(Some(Ok(said))))
    }
}

impl<F: FnMut() + Unpin> Sink<Outgoing> for Socket<F> {
    type Error = Infallible;
    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
    fn start_send(mut self: Pin<&mut Self>, item: Outgoing) -> Result<(), Infallible> {
        if matches!(black_box(item), Outgoing::Text(_)) {
            (self.took)();
            self.waits_for = self.waits_for.saturating_sub(1);
            if self.waits_for == 0
                && let Some(waker) = self.waker.take()
            {
                waker.wake();
            }
        }
        Ok(())
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

/// A participant of this name.
///
/// # Panics
///
/// If it is no valid name: benches know theirs.
pub fn participant(name: impl Into<String>) -> ParticipantId {
    ParticipantId::new(name.into()).expect("a valid name")
}

/// A visitor of this name.
///
/// # Panics
///
/// As [`participant`].
pub fn visitor(name: impl Into<String>) -> Identity {
    Identity::user(WorkspaceId::default(), participant(name))
}

/// An agent of this name.
///
/// # Panics
///
/// As [`participant`].
pub fn agent(name: impl Into<String>) -> Identity {
    Identity::agent(WorkspaceId::default(), participant(name))
}

/// A visitor's own conversation.
pub fn whose(visitor: &Identity) -> Target {
    Target::Participant(visitor.participant.clone())
}
