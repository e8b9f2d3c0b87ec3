//! What a model has done, and what it is doing.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// What the engine counts.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) turns: AtomicU64,
    pub(crate) evaluated: AtomicU64,
    pub(crate) reused: AtomicU64,
    pub(crate) drawn: AtomicU64,
    pub(crate) busy: AtomicUsize,
    pub(crate) waiting: AtomicUsize,
    pub(crate) kept: AtomicUsize,
    pub(crate) taken: AtomicUsize,
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
    pub(crate) fn read(&self) -> LlamaStats {
        LlamaStats {
            turns: self.turns.load(Relaxed),
            evaluated: self.evaluated.load(Relaxed),
            reused: self.reused.load(Relaxed),
            drawn: self.drawn.load(Relaxed),
            busy: self.busy.load(Relaxed),
            waiting: self.waiting.load(Relaxed),
            kept: self.kept.load(Relaxed),
            taken: self.taken.load(Relaxed),
        }
    }
}
