//! How much of anything somebody may do in a while: the figures that a host sets, and the buckets that count.

mod bucket;
mod buckets;
mod meter;
mod rate;

use std::time::Duration;

pub(crate) use meter::Meter;
pub use meter::{AddressCharge, Charge};
pub use rate::{InvalidRate, Rate};

/// What somebody may do in chats: one person, over all of his sockets and requests together, so that opening more of them does
/// not help; or all of a kind together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChatRates {
    /// Messages.
    pub messages: Rate,
    /// Bytes of the texts of messages, in UTF-8. A message that is longer than all of it counts as all of it.
    pub bytes: Rate,
    /// Frames of any type, and requests that change something.
    pub frames: Rate,
    /// What makes the store read: pages of a conversation, the list, a search, the AI's figures.
    pub reads: Rate,
    /// Sockets that open, once it is known whose they are.
    pub connects: Rate,
}

/// What may be done in one workspace. What its people do together is counted apart from what those of others do, so that no
/// workspace takes another's share; and visitors apart from agents, so that a flood of visitors does not silence the agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkspaceRates {
    /// Each visitor: 20 messages in 30 s, 256 KiB in a minute, 200 frames in 20 s, 60 reads in 30 s, 60 sockets in a minute.
    pub visitor: ChatRates,
    /// Each agent: 120 messages in a minute, 1 MiB in a minute, 1,000 frames in 20 s, 300 reads in 30 s, 120 sockets in a minute.
    pub agent: ChatRates,
    /// All visitors together: 6,000 messages in a minute, 64 MiB in a minute, 60,000 frames in 20 s, 18,000 reads in 30 s,
    /// 20,000 sockets in a minute.
    pub all_visitors: ChatRates,
    /// All agents together: 12,000 messages in a minute, 64 MiB in a minute, 100,000 frames in 20 s, 30,000 reads in 30 s,
    /// 12,000 sockets in a minute.
    pub all_agents: ChatRates,
    /// Conversations that visitors begin. 600 in a minute.
    pub conversations: Rate,
    /// Open sockets, those of agents included, in this process. 20,000.
    pub sockets: usize,
}

impl Default for WorkspaceRates {
    fn default() -> Self {
        let (minute, seconds) = (Duration::from_mins(1), Duration::from_secs);
        Self {
            visitor: ChatRates {
                messages: Rate::new(20, seconds(30)),
                bytes: Rate::new(256 << 10, minute),
                frames: Rate::new(200, seconds(20)),
                reads: Rate::new(60, seconds(30)),
                connects: Rate::new(60, minute),
            },
            agent: ChatRates {
                messages: Rate::new(120, minute),
                bytes: Rate::new(1 << 20, minute),
                frames: Rate::new(1_000, seconds(20)),
                reads: Rate::new(300, seconds(30)),
                connects: Rate::new(120, minute),
            },
            all_visitors: ChatRates {
                messages: Rate::new(6_000, minute),
                bytes: Rate::new(64 << 20, minute),
                frames: Rate::new(60_000, seconds(20)),
                reads: Rate::new(18_000, seconds(30)),
                connects: Rate::new(20_000, minute),
            },
            all_agents: ChatRates {
                messages: Rate::new(12_000, minute),
                bytes: Rate::new(64 << 20, minute),
                frames: Rate::new(100_000, seconds(20)),
                reads: Rate::new(30_000, seconds(30)),
                connects: Rate::new(12_000, minute),
            },
            conversations: Rate::new(600, minute),
            sockets: 20_000,
        }
    }
}

/// What one address may do, whatever the workspace. An address is one of IPv4, or the network of 2⁶⁴ in IPv6 that a household
/// is given. It counts only where the server knows addresses (`minicom-web`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddressRates {
    /// Handshakes of sockets. 60 in a minute.
    pub connects: Rate,
    /// Tokens that were not believed. 20 in ten minutes; then none is looked at for a while. Failures are counted by address
    /// alone: counted by workspace, anybody could lock its people out.
    pub auth_failures: Rate,
    /// HTTP requests of any kind, handshakes included. 600 in a minute.
    pub requests: Rate,
    /// Open sockets, in this process. 200.
    pub sockets: usize,
}

impl Default for AddressRates {
    fn default() -> Self {
        let minute = Duration::from_mins(1);
        Self {
            connects: Rate::new(60, minute),
            auth_failures: Rate::new(20, 10 * minute),
            requests: Rate::new(600, minute),
            sockets: 200,
        }
    }
}

/// How much of anything is too much. Each figure is for one process. What goes through
/// [`Minicom::execute`](crate::Minicom::execute) and the host's other calls is the host's own matter and not counted.
///
/// ```
/// use std::time::Duration;
/// use minicom_core::{Rate, RateLimits};
///
/// let mut limits = RateLimits::default();
/// limits.workspace.visitor.messages = Rate::new(10, Duration::from_mins(1));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimits {
    /// Each workspace that has no figures of its own ([`WorkspaceSettings::rates`](crate::WorkspaceSettings::rates)).
    pub workspace: WorkspaceRates,
    /// Each address.
    pub address: AddressRates,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `docs/limits.md` carries the table, with the keys under which support-desk's configuration has them.
    #[test]
    fn the_documented_figures_are_those_that_hold() {
        let RateLimits { workspace, address } = RateLimits::default();
        let row = |whose: &str, what: &str, default: &dyn ToString, key: &str, told: &str| {
            format!("| {whose} | {what} | {} | `{key}` | {told} |", default.to_string())
        };
        let (frame, close) = ("1", "2");
        let mut rows = Vec::new();
        for (whose, section, rates) in [
            ("a visitor", "visitor", workspace.visitor),
            ("an agent", "agent", workspace.agent),
            ("all visitors of a workspace", "all_visitors", workspace.all_visitors),
            ("all agents of a workspace", "all_agents", workspace.all_agents),
        ] {
            for (what, name, rate, told) in [
                ("messages", "messages", rates.messages, frame),
                ("bytes of messages' texts", "bytes", rates.bytes, frame),
                ("frames of any type", "frames", rates.frames, frame),
                ("pages, lists, searches, the AI's figures, word lists", "reads", rates.reads, frame),
                ("sockets that open", "connects", rates.connects, close),
            ] {
                rows.push(row(whose, what, &rate, &format!("limits.{section}.{name}"), told));
            }
        }
        for (whose, what, default, key, told) in [
            (
                "a workspace",
                "conversations that begin",
                &workspace.conversations as &dyn ToString,
                "limits.conversations",
                frame,
            ),
            ("a workspace", "open sockets", &workspace.sockets, "limits.sockets", close),
            ("an address", "handshakes of sockets", &address.connects, "addresses.connects", close),
            (
                "an address",
                "HTTP requests, handshakes included, `/healthz` and `/readyz` not",
                &address.requests,
                "addresses.requests",
                "3",
            ),
            ("an address", "open sockets", &address.sockets, "addresses.sockets", close),
            (
                "an address",
                "tokens that are not believed",
                &address.auth_failures,
                "addresses.auth_failures",
                "4",
            ),
        ] {
            rows.push(row(whose, what, default, key, told));
        }
        let header = "| whose | what | default | key | told as |\n| --- | --- | --- | --- | --- |";
        crate::doc_table::check_in("limits.md", "rates", header, &rows);
    }
}
