//! A bucket of two integers. It is told the time, in microseconds since whatever its owner counts from.

use std::time::Duration;

use super::Rate;

/// What was taken and has not come back yet. The default is a full one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    /// What is missing, in the unit of [`Rate::price`].
    missing: u128,
    /// When that was so.
    at: u64,
}

impl Bucket {
    /// What is missing now.
    fn missing(self, rate: Rate, now: u64) -> u128 {
        let back = u128::from(now.saturating_sub(self.at)) * u128::from(rate.burst());
        self.missing.saturating_sub(back)
    }

    /// What it comes to if `count` are taken; more than it can hold counts as all that it can hold.
    fn after(self, rate: Rate, count: u32, now: u64) -> u128 {
        self.missing(rate, now) + u128::from(count.min(rate.burst())) * rate.price()
    }

    /// How long until `count` may be taken; nothing: now.
    pub fn wait(self, rate: Rate, count: u32, now: u64) -> Duration {
        let over = self.after(rate, count, now).saturating_sub(rate.whole());
        let micros = over.div_ceil(u128::from(rate.burst()));
        Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    }

    /// Takes `count`, whether they may be taken or not: who asks looked before.
    pub fn take(&mut self, rate: Rate, count: u32, now: u64) {
        self.missing = self.after(rate, count, now);
        self.at = now;
    }

    /// Whether it is as good as a new one.
    pub fn is_full(self, rate: Rate, now: u64) -> bool {
        self.missing(rate, now) == 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// The plain one: a heap of tokens, each cut into as many parts as the span has microseconds; every microsecond puts
    /// `burst` parts back.
    struct Heap {
        rate: Rate,
        parts: u128,
        now: u64,
    }

    impl Heap {
        fn new(rate: Rate) -> Self {
            Self { rate, parts: u128::from(rate.burst()) * rate.per().as_micros(), now: 0 }
        }
        fn wait_until(&mut self, now: u64) {
            let most = u128::from(self.rate.burst()) * self.rate.per().as_micros();
            while self.now < now {
                self.now += 1;
                self.parts = most.min(self.parts + u128::from(self.rate.burst()));
            }
        }
        fn take(&mut self, count: u32) -> bool {
            let cost = u128::from(count.min(self.rate.burst())) * self.rate.per().as_micros();
            let enough = self.parts >= cost;
            if enough {
                self.parts -= cost;
            }
            enough
        }
    }

    proptest! {
        #[test]
        fn a_bucket_gives_what_the_heap_gives(
            burst in 0..6u32,
            per in 0..40u64,
            asked in vec((0..30u64, 1..8u32), 1..60),
        ) {
            let rate = Rate::new(burst, Duration::from_micros(per));
            let (mut bucket, mut heap, mut now) = (Bucket::default(), Heap::new(rate), 0);
            for (pause, count) in asked {
                now += pause;
                heap.wait_until(now);
                let wait = bucket.wait(rate, count, now);
                prop_assert_eq!(heap.take(count), wait.is_zero());
                if wait.is_zero() {
                    bucket.take(rate, count, now);
                }
                let full = heap.parts == u128::from(rate.burst()) * rate.per().as_micros();
                prop_assert_eq!(bucket.is_full(rate, now), full);
            }
        }

        #[test]
        fn who_waits_as_long_as_he_is_told_is_served_and_not_a_microsecond_before(
            burst in 1..1_000u32,
            per in 1..10_000_000u64,
            taken in 1..1_000u32,
            count in 1..1_000u32,
            now: u32,
        ) {
            let (rate, now) = (Rate::new(burst, Duration::from_micros(per)), u64::from(now));
            let mut bucket = Bucket::default();
            bucket.take(rate, taken, now);
            let wait = u64::try_from(bucket.wait(rate, count, now).as_micros()).unwrap();
            prop_assert!(bucket.wait(rate, count, now + wait).is_zero());
            prop_assert!(wait == 0 || !bucket.wait(rate, count, now + wait - 1).is_zero());
            prop_assert!(wait <= per, "what was taken is back within the span");
        }

        #[test]
        fn in_no_span_of_time_comes_more_than_a_burst_and_what_came_back(
            burst in 1..20u32,
            per in 1..1_000u64,
            pauses in vec(0..200u64, 1..200),
        ) {
            let rate = Rate::new(burst, Duration::from_micros(per));
            let (mut bucket, mut now, mut taken) = (Bucket::default(), 0, Vec::new());
            for pause in pauses {
                now += pause;
                if bucket.wait(rate, 1, now).is_zero() {
                    bucket.take(rate, 1, now);
                    taken.push(now);
                }
            }
            for (index, from) in taken.iter().enumerate() {
                for (count, until) in (1u64..).zip(&taken[index..]) {
                    prop_assert!(count <= u64::from(burst) + (until - from) * u64::from(burst) / per + 1);
                }
            }
        }
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_and_takes_nothing() {
        let rate = Rate::new(2, Duration::from_secs(2));
        let mut bucket = Bucket::default();
        bucket.take(rate, 2, 5_000_000);
        assert_eq!(bucket.wait(rate, 1, 4_000_000), Duration::from_secs(1));
        assert_eq!(bucket.wait(rate, 1, 6_000_000), Duration::ZERO);
    }

    #[test]
    fn figures_at_the_ends_of_their_ranges_do_not_overflow() {
        let rate = Rate::new(u32::MAX, Duration::MAX);
        let mut bucket = Bucket::default();
        bucket.take(rate, u32::MAX, 0);
        assert!(!bucket.wait(rate, u32::MAX, u64::MAX).is_zero());
        assert!(Bucket::default().wait(Rate::new(1, Duration::ZERO), 9, 0).is_zero());
    }
}
