//! What is fuzzed, and what must hold: one function a target, which takes bytes and panics if something is wrong. The
//! binaries in the repository's `fuzz` hand them what libfuzzer thinks of; this crate's tests hand them the corpus that is
//! kept there, so that every run of the tests meets again what was found once.

mod fixtures;
pub mod frames;
pub mod http;
mod sent;
pub mod session;
pub mod stored;

/// A target's name, which is also its corpus folder's, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 4] =
    [("frames", frames::run), ("session", session::run), ("http", http::run), ("stored", stored::run)];
