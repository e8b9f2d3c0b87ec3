//! What the engine needs of a model and its context; llama.cpp is one, a small one for tests another.

use crate::{
    pool::Sequence,
    prompt::{Token, Vocabulary},
};

/// A token to evaluate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) token: Token,
    /// Its place in the sequence, from 0.
    pub(crate) position: usize,
    pub(crate) sequence: Sequence,
    /// Whether the token that follows will be asked for.
    pub(crate) sampled: bool,
}

/// A batch was not evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    /// Nothing has changed.
    #[error("the context has no room")]
    NoRoom,
    /// The context may be in any state.
    #[error("llama.cpp failed with {0}")]
    Failed(i32),
}

/// A model with its context.
pub(crate) trait Model: Vocabulary {
    /// Draws tokens for one reply, and remembers what it drew.
    type Sampler;

    /// A sampler for a new reply.
    fn sampler(&mut self) -> Self::Sampler;
    /// Evaluates a batch.
    fn decode(&mut self, batch: &[Entry]) -> Result<(), DecodeError>;
    /// Draws the token that follows the entry of that number in the batch that was evaluated last.
    fn sample(&mut self, sampler: &mut Self::Sampler, entry: usize) -> Token;
    /// Whether a token is the model's way to say that it has finished.
    fn ends(&self, token: Token) -> bool;
    /// A token's bytes; nothing if it is a special one.
    fn bytes(&self, token: Token) -> Vec<u8>;
    /// Lets a sequence, which is empty, begin with what another holds.
    fn copy(&mut self, from: Sequence, to: Sequence);
    /// Shortens a sequence to so many tokens. `false` if the model cannot do that to anything but the whole.
    fn shorten(&mut self, sequence: Sequence, tokens: usize) -> bool;
    /// Empties all sequences.
    fn reset(&mut self);
}
