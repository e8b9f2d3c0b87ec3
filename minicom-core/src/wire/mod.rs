//! The wire: JSON text frames, read and written. What they mean is decided elsewhere.

mod audience;
pub(crate) mod client;
pub(crate) mod parse;
pub(crate) mod server;

pub use client::{FrameKind, KnownEpoch, PageFrom, PageRequest, Target};
