//! Whole-system fault runs. Many clients talk to a support desk that is a process of its own, on a `SQLite` file, while
//! connections are cut, the process is killed and started again, the disk fills up, and readers stop reading. Clients
//! resume as `docs/protocol.md` says; at the end an oracle compares what they wrote down with what is stored.
//!
//! `scripts/torture` runs the large one; a small one with fixed seeds is a test of the examples.

mod audit;
mod client;
mod disk;
mod driver;
mod judge;
mod plan;
mod record;
mod report;
mod rng;
mod server;
mod socket;
mod view;
mod wire;

use std::io;

pub use disk::Disk;
pub use driver::run;
pub use judge::Verdict;
pub use plan::Plan;
pub use report::{Memory, Report};

/// Why a run came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server cannot be started or killed, or its memory not read.
    #[error("the server: {0}")]
    Server(io::Error),
    /// The disk can be neither filled nor freed.
    #[error("the disk: {0}")]
    Disk(io::Error),
    /// What is stored cannot be read.
    #[error("what is stored cannot be read: {0}")]
    Audit(String),
    /// A client's task panicked.
    #[error("a client: {0}")]
    Client(#[from] tokio::task::JoinError),
}
