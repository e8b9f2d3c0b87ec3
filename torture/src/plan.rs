//! How large a run is, and in which order things break.

use std::time::Duration;

use fastrand::Rng;

/// What is broken, one after the other. Connections are cut all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Episode {
    /// The server is killed and comes back.
    Kill,
    /// The disk is full for a while.
    FullDisk,
    /// The server is killed while the disk is full, and comes back once there is room.
    KillOnFullDisk,
    /// Many sockets read nothing.
    Stall,
    /// Another process takes over the socket on which it listens, on the same file, and it drains.
    Deploy,
}

/// A run. Its seed settles who sends what and what breaks in which order; when exactly is up to the machine.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Plan {
    /// Of all choices.
    pub seed: u64,
    /// Conversations.
    pub rooms: usize,
    /// Sockets in each: six in ten are a visitor's, the others agents'.
    pub sockets_a_room: usize,
    /// How many sockets stall at once, most of those of some rooms.
    pub stalled: usize,
    /// How long a client waits between two messages, at least; twice that at most.
    pub pace: Duration,
    /// How long nothing but connections breaks between two episodes, at least; twice that at most.
    pub pause: Duration,
    /// How long it goes on; the round of episodes that is under way is finished. Zero: one round.
    pub lasts: Duration,
    pub(crate) round: &'static [Episode],
}

impl Plan {
    /// A thousand sockets in a hundred rooms for so long.
    pub fn large(seed: u64, lasts: Duration) -> Self {
        use Episode::{FullDisk, Kill, KillOnFullDisk, Stall};
        Self {
            seed,
            rooms: 100,
            sockets_a_room: 10,
            stalled: 200,
            pace: Duration::from_secs(4),
            pause: Duration::from_secs(3),
            lasts,
            round: &[Kill, Kill, Kill, FullDisk, KillOnFullDisk, Stall],
        }
    }

    /// Sixty sockets in six rooms, one round with three kills.
    pub fn small(seed: u64) -> Self {
        use Episode::{Kill, KillOnFullDisk, Stall};
        Self {
            rooms: 6,
            stalled: 20,
            pace: Duration::from_secs(1),
            pause: Duration::from_millis(500),
            round: &[Kill, Kill, KillOnFullDisk, Stall],
            ..Self::large(seed, Duration::ZERO)
        }
    }

    /// As [`small`](Self::small), with nothing but the disk and kills.
    pub fn small_disk(seed: u64) -> Self {
        use Episode::{FullDisk, Kill, KillOnFullDisk};
        Self { round: &[Kill, FullDisk, KillOnFullDisk], ..Self::small(seed) }
    }

    /// Sixty sockets that talk a lot, and ten deploys.
    pub fn deploys(seed: u64) -> Self {
        Self { pace: Duration::from_millis(500), round: &[Episode::Deploy; 10], ..Self::small(seed) }
    }

    /// Whether processes hand their socket on.
    pub(crate) fn hands_over(&self) -> bool {
        self.round.contains(&Episode::Deploy)
    }

    pub(crate) fn sockets(&self) -> usize {
        self.rooms * self.sockets_a_room
    }

    pub(crate) fn episodes(&self, rng: &mut Rng) -> Vec<Episode> {
        let mut episodes = self.round.to_vec();
        rng.shuffle(&mut episodes);
        episodes
    }
}
