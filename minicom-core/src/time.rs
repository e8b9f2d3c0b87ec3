//! The wall clock, passed in so that tests own it, and the wire's way to write a time.

use std::fmt::Debug;

use jiff::{Timestamp, fmt::temporal::DateTimePrinter, tz::Offset};

/// Tells the time of events. Deadlines are another matter: those follow the runtime's own clock.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Cuts a time to the microsecond: what is decided on, stored and shown is one and the same.
pub(crate) fn to_microsecond(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// UTC with always six digits: `2026-01-31T09:30:00.123456+00:00`.
pub(crate) fn wire(time: Timestamp) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
    PRINTER.timestamp_with_offset_to_string(&time, Offset::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn always_six_digits_and_an_offset() {
        let time: Timestamp = "2026-01-31T09:30:00Z".parse().unwrap();
        assert_eq!(wire(time), "2026-01-31T09:30:00.000000+00:00");
        let time: Timestamp = "2026-01-31T10:30:00.1234567+01:00".parse().unwrap();
        assert_eq!(wire(to_microsecond(time)), "2026-01-31T09:30:00.123456+00:00");
    }
}
