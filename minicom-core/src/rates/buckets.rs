//! The buckets of people who share nothing with others: one for each thing that somebody did lately. One that is full again
//! is forgotten, so that only the busy are remembered.

use std::{collections::HashMap, fmt, hash::Hash, time::Duration};

use super::{Rate, bucket::Bucket};
use crate::role::Role;

/// How many buckets there are at most. Beyond, newcomers share one of each kind, so that making up names fills no memory.
pub(super) const REMEMBERED: usize = 100_000;

/// At fewer it is not worth looking which may be forgotten.
pub(super) const FEW: usize = 64;

/// What a bucket counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Messages,
    Bytes,
    Frames,
    Reads,
    Conversations,
    Connects,
    Requests,
    Failures,
}

/// Whose bucket it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Whose<W> {
    One(W),
    /// Of all with that role. There are few of these, so there is always room.
    All(Role),
    /// Of all who find no room.
    Others,
}

/// What is taken from one bucket.
pub(super) type Taking<W> = ((Whose<W>, Kind), Rate, u32);

pub(super) struct Buckets<W> {
    known: HashMap<(Whose<W>, Kind), (Bucket, Rate)>,
    most: usize,
    /// At this size those that are full are forgotten.
    forget_at: usize,
}

impl<W> fmt::Debug for Buckets<W> {
    /// Without who is counted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Buckets").field("known", &self.known.len()).finish_non_exhaustive()
    }
}

impl<W> Default for Buckets<W> {
    fn default() -> Self {
        Self { known: HashMap::new(), most: REMEMBERED, forget_at: FEW }
    }
}

impl<W: Clone + Eq + Hash> Buckets<W> {
    /// Takes from all buckets, or, if one has not enough, from none; then answers how long to wait.
    pub fn take(&mut self, mut takings: Vec<Taking<W>>, now: u64) -> Result<(), Duration> {
        if self.known.len() >= self.most {
            for ((whose, kind), _, _) in &mut takings {
                if matches!(whose, Whose::One(_)) && !self.known.contains_key(&(whose.clone(), *kind)) {
                    *whose = Whose::Others;
                }
            }
        }
        let wait = takings.iter().map(|taking| self.wait(taking, now)).max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        for (key, rate, count) in takings {
            let (bucket, of) = self.known.entry(key).or_insert((Bucket::default(), rate));
            bucket.take(rate, count, now);
            *of = rate;
        }
        if self.known.len() >= self.forget_at {
            self.forget(now);
        }
        Ok(())
    }

    /// How long until it may be taken; nothing: now.
    pub fn wait(&self, (key, rate, count): &Taking<W>, now: u64) -> Duration {
        let bucket = self.known.get(key).map(|(bucket, _)| *bucket).unwrap_or_default();
        bucket.wait(*rate, *count, now)
    }

    /// Forgets what is full again.
    pub fn forget(&mut self, now: u64) {
        self.known.retain(|_, (bucket, rate)| !bucket.is_full(*rate, now));
        // Twice what is left, so that all are looked through seldom.
        self.forget_at = (self.known.len() * 2).max(FEW).min(self.most);
        self.known.shrink_to(self.forget_at);
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn taking(name: &str, of_all: Rate) -> Vec<Taking<&str>> {
        let own = ((Whose::One(name), Kind::Frames), Rate::new(2, SECOND), 1);
        vec![own, ((Whose::All(Role::User), Kind::Frames), of_all, 1)]
    }

    #[test]
    fn whose_buckets_are_full_again_is_forgotten() {
        let mut buckets = Buckets::default();
        let names: Vec<_> = (0..10_000).map(|number| number.to_string()).collect();
        for (now, name) in (0..).step_by(10_000).zip(&names) {
            buckets.take(taking(name, Rate::UNLIMITED), now).unwrap();
        }
        assert!(
            buckets.known.len() <= 2 * FEW && buckets.known.capacity() <= 4 * FEW,
            "{}",
            buckets.known.len()
        );
    }

    #[test]
    fn who_finds_no_room_shares() {
        let mut buckets = Buckets { most: FEW, ..Buckets::default() };
        let names: Vec<_> = (0..FEW).map(|number| number.to_string()).collect();
        // The last one needs room for what all do together, which there always is.
        for name in &names {
            let own = taking(name, Rate::UNLIMITED).swap_remove(0);
            buckets.take(vec![own], 0).unwrap();
        }
        let all = Rate::new(4, SECOND);
        assert!(buckets.take(taking("x", all), 0).is_ok() && buckets.take(taking("y", all), 0).is_ok());
        assert_eq!(buckets.take(taking("z", all), 0), Err(SECOND / 2));
        assert!(buckets.take(taking("7", all), 0).is_ok(), "who is known has his own");
        assert!(buckets.take(taking("8", all), 0).is_ok());
        assert_eq!(buckets.take(taking("9", all), 0), Err(SECOND / 4), "the share of all is used up");
        assert_eq!(buckets.known.len(), FEW + 2);
    }
}
