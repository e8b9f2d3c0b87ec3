//! Choices that a seed repeats.

use std::time::Duration;

use fastrand::Rng;

/// The choices of one of those who share a seed.
pub(crate) fn stream(seed: u64, stream: u64) -> Rng {
    // Neighbouring seeds must not have streams in common: an odd factor spreads them.
    Rng::with_seed(seed ^ stream.wrapping_mul(0xd1b5_4a32_d192_ed03))
}

/// Whether something of so many percent happens.
pub(crate) fn percent(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(..100) < percent
}

/// A duration from `least` to twice that.
pub(crate) fn around(rng: &mut Rng, least: Duration) -> Duration {
    least.mul_f64(1.0 + rng.f64())
}
