//! Every bound in one place, with the protocol's defaults.

use std::time::Duration;

/// What a server puts up with.
///
/// ```
/// let mut limits = minicom_core::Limits::default();
/// limits.message_bytes = 4 * 1024;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest frame that is read, in bytes; a longer one is answered `too_large`. 64 KiB.
    pub frame_bytes: usize,
    /// The longest message text, in bytes of UTF-8. 16 KiB.
    pub message_bytes: usize,
    /// How many bytes may wait for one socket before it is closed as slow. 256 KiB.
    pub outbox_bytes: usize,
    /// How long a socket may take none of what waits for it. 10 s.
    pub stall: Duration,
    /// How often a socket is pinged. 25 s; the first time within it, at random.
    pub ping_every: Duration,
    /// How long a socket without identity may take to send `auth`. 10 s.
    pub auth_within: Duration,
    /// How often inbox rows leave at most. 250 ms.
    pub row_every: Duration,
    /// The size at which a page of events stops, in bytes; it has at least one event. 128 KiB.
    pub page_bytes: usize,
    /// How many commands of one socket may be under way before it is no longer read. 256.
    pub open_executes: usize,
    /// How many commands may wait for one room; beyond, they are `unavailable`. 1,024.
    pub room_queue: usize,
    /// How many commands of one room are committed together at most. 256.
    pub batch: usize,
    /// How often a batch is decided anew after a conflict before it is `unavailable`. 16.
    pub conflicts: usize,
    /// How long a room is kept that nobody watches. 60 s.
    pub room_idle: Duration,
    /// How many bytes of conversations' last events are kept for whoever opens them next, all conversations together. 16 MiB.
    pub recent_bytes: usize,
    /// How long what is known of a workspace is believed before the store is asked again, because another process may have
    /// changed it. 5 s.
    pub workspace_fresh: Duration,
    /// How often the store is asked what other processes wrote, for the workspaces of the open sockets. 1 s.
    pub follow_every: Duration,
    /// How many replies of an AI are written at the same time at most; the others wait in the store. 16.
    pub ai_attempts: usize,
    /// How many messages a [`Moderator`](crate::Moderator) looks at at the same time at most; the others wait in the store. 8.
    pub moderations: usize,
    /// How long a [`Moderator`](crate::Moderator) may look at a message. 30 s.
    pub moderated_within: Duration,
    /// How long [`Minicom::shutdown`](crate::Minicom::shutdown) waits at most. 5 s.
    pub drain_within: Duration,
    /// How long the store may take to write for [`Minicom::ready`](crate::Minicom::ready). 2 s.
    pub ready_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes: 64 * 1024,
            message_bytes: 16 * 1024,
            outbox_bytes: 256 * 1024,
            stall: Duration::from_secs(10),
            ping_every: Duration::from_secs(25),
            auth_within: Duration::from_secs(10),
            row_every: Duration::from_millis(250),
            page_bytes: 128 * 1024,
            open_executes: 256,
            room_queue: 1024,
            batch: 256,
            conflicts: 16,
            room_idle: Duration::from_mins(1),
            recent_bytes: 16 * 1024 * 1024,
            workspace_fresh: Duration::from_secs(5),
            follow_every: Duration::from_secs(1),
            ai_attempts: 16,
            moderations: 8,
            moderated_within: Duration::from_secs(30),
            drain_within: Duration::from_secs(5),
            ready_within: Duration::from_secs(2),
        }
    }
}
