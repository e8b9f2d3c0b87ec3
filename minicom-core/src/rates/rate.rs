//! A figure: so many in such a span of time, in numbers and in words.

use std::{fmt, str::FromStr, time::Duration};

use serde::Deserialize;

/// So many at once, and that many again, evenly, in every such span of time.
///
/// In words it is `20 in 30 s`, `256 KiB in 1 min`, or `unlimited`: whole numbers, with `KiB` or `MiB` (IEC 80000-13) if one likes,
/// and a span in `µs`, `ms`, `s`, `min` or `h`.
///
/// ```
/// use std::time::Duration;
/// use minicom_core::Rate;
///
/// assert_eq!("20 in 30 s".parse(), Ok(Rate::new(20, Duration::from_secs(30))));
/// assert_eq!("256 KiB in 60 s".parse::<Rate>()?.to_string(), "256 KiB in 1 min");
/// # Ok::<(), minicom_core::InvalidRate>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Rate {
    burst: u32,
    per: Duration,
}

/// A text that is no [`Rate`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a rate is such as \"20 in 30 s\", \"256 KiB in 1 min\" or \"unlimited\", of at least one in at least a microsecond"
)]
pub struct InvalidRate(());

/// What a rate is called that limits nothing.
const UNLIMITED: &str = "unlimited";

/// Spans of time by their names, the longest first, in microseconds.
const SPANS: &[(&str, u64)] =
    &[("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("µs", 1)];

/// Multiples by their names, the largest first.
const MULTIPLES: &[(&str, u32)] = &[("MiB", 1 << 20), ("KiB", 1 << 10)];

impl Rate {
    /// As much as one likes.
    pub const UNLIMITED: Self = Self { burst: u32::MAX, per: Duration::ZERO };

    /// `burst` at once, refilled within `per`. A burst of 0 counts as 1. `per` of less than a microsecond is no limit.
    pub const fn new(burst: u32, per: Duration) -> Self {
        Self { burst: if burst == 0 { 1 } else { burst }, per }
    }

    /// How many at once.
    pub const fn burst(self) -> u32 {
        self.burst
    }

    /// How long it takes until that many may come again.
    pub const fn per(self) -> Duration {
        self.per
    }

    /// What one costs, in the unit in which a bucket is refilled by [`burst`](Self::burst) every microsecond.
    pub(super) fn price(self) -> u128 {
        self.per.as_micros()
    }

    /// What a full bucket holds.
    pub(super) fn whole(self) -> u128 {
        u128::from(self.burst) * self.price()
    }
}

impl fmt::Display for Rate {
    /// In whole units; what is finer than a microsecond counts for nothing and is not written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.price();
        if micros == 0 {
            return f.write_str(UNLIMITED);
        }
        let multiple = MULTIPLES.iter().find(|(_, size)| self.burst.is_multiple_of(*size));
        match multiple {
            Some((name, size)) => write!(f, "{} {name}", self.burst / size)?,
            None => write!(f, "{}", self.burst)?,
        }
        let span = SPANS.iter().find(|(_, size)| micros.is_multiple_of(u128::from(*size)));
        span.map_or(Ok(()), |(name, size)| write!(f, " in {} {name}", micros / u128::from(*size)))
    }
}

impl FromStr for Rate {
    type Err = InvalidRate;

    fn from_str(text: &str) -> Result<Self, InvalidRate> {
        if text == UNLIMITED {
            return Ok(Self::UNLIMITED);
        }
        read(text).ok_or(InvalidRate(()))
    }
}

impl TryFrom<String> for Rate {
    type Error = InvalidRate;

    fn try_from(text: String) -> Result<Self, InvalidRate> {
        text.parse()
    }
}

fn read(text: &str) -> Option<Rate> {
    let (many, span) = text.split_once(" in ")?;
    let burst = match many.split_once(' ') {
        None => whole(many)?,
        Some((many, unit)) => whole::<u32>(many)?.checked_mul(named(MULTIPLES, unit)?)?,
    };
    let (count, unit) = span.split_once(' ')?;
    let micros = whole::<u64>(count)?.checked_mul(named(SPANS, unit)?)?;
    (burst > 0 && micros > 0).then(|| Rate::new(burst, Duration::from_micros(micros)))
}

fn named<T: Copy>(units: &[(&str, T)], name: &str) -> Option<T> {
    units.iter().find(|(unit, _)| *unit == name).map(|(_, size)| *size)
}

/// Digits alone: `parse` would take a sign.
fn whole<T: FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same(burst in 1..u32::MAX, per in 1..u64::MAX) {
            let rate = Rate::new(burst, Duration::from_micros(per));
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }

        #[test]
        fn whatever_is_read_is_a_figure(text in "[0-9]{0,3} ?(KiB|MiB|GiB|)( in |in| )[0-9]{0,3} ?(h|min|s|ms|µs|d|)") {
            let read: Result<Rate, _> = text.parse();
            prop_assert!(read.is_err() || read.is_ok_and(|rate| rate.burst() > 0 && !rate.per().is_zero()), "{text}");
        }
    }

    #[test]
    fn figures_in_words() {
        let second = Duration::from_secs(1);
        for (text, rate) in [
            ("20 in 30 s", Rate::new(20, 30 * second)),
            ("256 KiB in 1 min", Rate::new(256 << 10, 60 * second)),
            ("1 MiB in 2 h", Rate::new(1 << 20, 7_200 * second)),
            ("3 in 1500 ms", Rate::new(3, Duration::from_millis(1_500))),
            ("unlimited", Rate::UNLIMITED),
        ] {
            assert_eq!((text.parse(), rate.to_string().as_str()), (Ok(rate), text));
        }
        for text in [
            "",
            "20",
            "20 in",
            "in 30 s",
            "0 in 30 s",
            "20 in 0 s",
            "-1 in 30 s",
            "+1 in 30 s",
            "20 in 30",
            "20 in 30s",
            "20  in 30 s",
            "1.5 in 30 s",
            "20 per 30 s",
            "20 in 30 days",
            "4096 MiB in 1 s",
            "1 GiB in 1 s",
            "20 in 99999999999999999999 h",
            "Unlimited",
        ] {
            assert_eq!(text.parse::<Rate>(), Err(InvalidRate(())), "{text}");
        }
    }
}
