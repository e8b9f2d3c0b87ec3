//! What a model has done, and what it is doing.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering::Relaxed},
};

/// What the engine counts.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) turns: AtomicU64,
    pub(crate) evaluated: AtomicU64,
    pub(crate) reused: AtomicU64,
    pub(crate) drawn: AtomicU64,
    now: Mutex<Now>,
}

/// What is the case. Told as a whole, so that nobody sees that a turn is over and not yet what it left.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Now {
    pub(crate) busy: usize,
    pub(crate) waiting: usize,
    pub(crate) kept: usize,
    pub(crate) taken: usize,
}

/// Counts since the model was opened, and what is the case now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LlamaStats {
    /// Turns that were begun.
    pub turns: u64,
    /// Tokens that were evaluated, of prompts and of replies.
    pub evaluated: u64,
    /// Tokens of prompts that did not have to be, because the instructions or the conversation were known.
    pub reused: u64,
    /// Tokens that were drawn for replies.
    pub drawn: u64,
    /// Turns that are being answered.
    pub busy: usize,
    /// Turns that wait for one of them to end.
    pub waiting: usize,
    /// Conversations whose tokens are kept for their next turn.
    pub kept: usize,
    /// Tokens of the context that are in use or promised.
    pub taken: usize,
}

impl Counters {
    pub(crate) fn tell(&self, now: Now) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    pub(crate) fn read(&self) -> LlamaStats {
        let Now { busy, waiting, kept, taken } = *self.now.lock().unwrap_or_else(PoisonError::into_inner);
        LlamaStats {
            turns: self.turns.load(Relaxed),
            evaluated: self.evaluated.load(Relaxed),
            reused: self.reused.load(Relaxed),
            drawn: self.drawn.load(Relaxed),
            busy,
            waiting,
            kept,
            taken,
        }
    }
}
