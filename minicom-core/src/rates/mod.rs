//! How much of anything somebody may do in a while: the figures that a host sets, and the buckets that count.

mod bucket;
mod meter;

use std::time::Duration;

pub use bucket::Rate;
pub(crate) use meter::Meter;
pub use meter::{AddressCharge, Charge};

/// What one person may do, over all of his sockets and requests together: opening more of them does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PersonRates {
    /// Messages.
    pub messages: Rate,
    /// Bytes of the texts of messages, in UTF-8. A message that is longer than all of it counts as all of it.
    pub bytes: Rate,
    /// Frames of any type, and requests that change something.
    pub frames: Rate,
    /// What makes the store read: pages of a conversation, the list, a search, the AI's figures.
    pub reads: Rate,
}

/// What all visitors of a workspace may do together. Agents are not counted, so that a flood does not silence them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkspaceRates {
    /// Messages. 6,000 in a minute.
    pub messages: Rate,
    /// Conversations that begin. 600 in a minute.
    pub conversations: Rate,
    /// Open sockets, those of agents included, in this process. 20,000.
    pub sockets: usize,
}

/// What one address may do. An address is one of IPv4, or the network of 2⁶⁴ in IPv6 that a household is given. It counts only
/// where the server knows addresses (`minicom-web`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddressRates {
    /// Handshakes of sockets. 60 in a minute.
    pub connects: Rate,
    /// Tokens that were not believed. 20 in ten minutes; then none is looked at for a while.
    pub auth_failures: Rate,
    /// HTTP requests of any kind, handshakes included. 600 in a minute.
    pub requests: Rate,
    /// Open sockets, in this process. 200.
    pub sockets: usize,
}

/// How much of anything is too much. Each figure is for one process. What goes through
/// [`Minicom::execute`](crate::Minicom::execute) and the host's other calls is the host's own matter and not counted.
///
/// ```
/// use std::time::Duration;
/// use minicom_core::{Rate, RateLimits};
///
/// let mut limits = RateLimits::default();
/// limits.visitor.messages = Rate::new(10, Duration::from_mins(1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimits {
    /// Each visitor: 20 messages in 30 s, 256 KiB in a minute, 200 frames in 20 s, 60 reads in 30 s.
    pub visitor: PersonRates,
    /// Each agent: 120 messages in a minute, 1 MiB in a minute, 1,000 frames in 20 s, 300 reads in 30 s.
    pub agent: PersonRates,
    /// Each workspace.
    pub workspace: WorkspaceRates,
    /// Each address.
    pub address: AddressRates,
}

impl Default for RateLimits {
    fn default() -> Self {
        let (minute, seconds) = (Duration::from_mins(1), Duration::from_secs);
        Self {
            visitor: PersonRates {
                messages: Rate::new(20, seconds(30)),
                bytes: Rate::new(256 << 10, minute),
                frames: Rate::new(200, seconds(20)),
                reads: Rate::new(60, seconds(30)),
            },
            agent: PersonRates {
                messages: Rate::new(120, minute),
                bytes: Rate::new(1 << 20, minute),
                frames: Rate::new(1_000, seconds(20)),
                reads: Rate::new(300, seconds(30)),
            },
            workspace: WorkspaceRates {
                messages: Rate::new(6_000, minute),
                conversations: Rate::new(600, minute),
                sockets: 20_000,
            },
            address: AddressRates {
                connects: Rate::new(60, minute),
                auth_failures: Rate::new(20, Duration::from_mins(10)),
                requests: Rate::new(600, minute),
                sockets: 200,
            },
        }
    }
}
