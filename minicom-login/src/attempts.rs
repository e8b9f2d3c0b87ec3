//! Lock-out: how often somebody may guess. Known and unknown emails are counted alike, so that being locked out tells
//! nobody whether there is an account.

use std::{collections::BTreeMap, time::Duration};

use blake2::{Blake2s256, Digest};
use jiff::Timestamp;
use minicom_core::ParticipantId;
use serde::{Deserialize, Serialize};

/// So many attempts are free.
const FREE: u32 = 5;
/// How long the wait after them is. Each one more doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(15);
/// And never longer than this.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// Failures are forgotten when none came for so long.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);
/// How many emails without an account are remembered; beyond, the one that was quiet longest is forgotten.
pub(crate) const STRANGERS: usize = 128;

/// Attempts that did not succeed, or have not yet, by email.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Attempts(BTreeMap<Key, Attempt>);

/// The beginning of a hash of the email: it is short, and what somebody mistyped is not kept as he typed it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Key(String);

impl Key {
    pub fn of(email: &ParticipantId) -> Self {
        let hash = Blake2s256::digest(email.as_str().as_bytes());
        Self(hash.iter().take(10).fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Attempt {
    count: u32,
    /// When the last one began.
    last: Timestamp,
}

impl Attempt {
    fn locked_until(self) -> Timestamp {
        after(self.last, wait(self.count))
    }

    fn is_forgotten(self, now: Timestamp) -> bool {
        after(self.last, FORGOTTEN_AFTER) <= now
    }
}

/// How long one waits after so many attempts.
fn wait(count: u32) -> Duration {
    match count.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(more) => FIRST_WAIT.saturating_mul(1 << more.min(16)).min(LONGEST_WAIT),
    }
}

pub(crate) fn after(time: Timestamp, span: Duration) -> Timestamp {
    time.checked_add(span).unwrap_or(Timestamp::MAX)
}

impl Attempts {
    /// How long an email is still locked. A clock that went back does not lock anybody for longer than a wait.
    pub fn locked_for(&self, key: &Key, now: Timestamp) -> Option<Duration> {
        let attempt = self.0.get(key)?;
        let left = Duration::try_from(attempt.locked_until().duration_since(now)).ok()?;
        (!left.is_zero()).then(|| left.min(wait(attempt.count)))
    }

    /// One more. It is counted when it begins, so that many at the same moment are no more guesses than one after the other.
    pub fn begin(&mut self, key: &Key, now: Timestamp, is_account: impl Fn(&Key) -> bool) {
        let known = self.0.get(key).filter(|attempt| !attempt.is_forgotten(now));
        let count = known.map_or(0, |attempt| attempt.count).saturating_add(1);
        self.0.insert(key.clone(), Attempt { count, last: now });
        let strangers = || self.0.iter().filter(|(key, _)| !is_account(key));
        if strangers().count() > STRANGERS
            && let Some(quietest) =
                strangers().min_by_key(|(_, attempt)| attempt.last).map(|(key, _)| key.clone())
        {
            self.0.remove(&quietest);
        }
    }

    /// It succeeded.
    pub fn clear(&mut self, key: &Key) {
        self.0.remove(key);
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    fn key(text: &str) -> Key {
        Key::of(&ParticipantId::new(text).unwrap())
    }

    #[test]
    fn the_wait_doubles_and_ends_at_a_quarter_of_an_hour() {
        let seconds: Vec<_> = (0..14).map(|count| wait(count).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn it_is_never_for_ever() {
        let mut attempts = Attempts::default();
        let ann = key("ann@x");
        let mut now = 0;
        for _ in 0..100 {
            now +=
                attempts.locked_for(&ann, at(now)).map_or(0, |left| i64::try_from(left.as_secs()).unwrap());
            assert_eq!(attempts.locked_for(&ann, at(now)), None);
            attempts.begin(&ann, at(now), |_| true);
        }
        assert_eq!(attempts.locked_for(&ann, at(now)), Some(LONGEST_WAIT));
        assert_eq!(attempts.locked_for(&ann, at(now - 1_000_000)), Some(LONGEST_WAIT), "the clock went back");
        let day = i64::try_from(FORGOTTEN_AFTER.as_secs()).unwrap();
        attempts.begin(&ann, at(now + day), |_| true);
        assert_eq!(attempts.locked_for(&ann, at(now + day)), None, "a day later it begins anew");
    }

    #[test]
    fn strangers_are_bounded_and_push_out_no_account() {
        let mut attempts = Attempts::default();
        let ann = key("ann@x");
        let is_account = |key: &Key| *key == Key::of(&ParticipantId::new("ann@x").unwrap());
        for _ in 0..FREE {
            attempts.begin(&ann, at(0), is_account);
        }
        for n in 0..1_000_i64 {
            attempts.begin(&key(&format!("{n}@x")), at(1), is_account);
            assert!(attempts.len() <= STRANGERS + 1);
        }
        assert!(attempts.locked_for(&ann, at(1)).is_some());
    }
}
