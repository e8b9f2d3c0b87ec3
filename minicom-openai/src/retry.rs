//! When to ask again.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap,
    header::{DATE, RETRY_AFTER},
};

use crate::options::OpenAiOptions;

/// How long a server wants to be left alone: `Retry-After` in seconds or as a date. A date is read by the server's own clock,
/// if it tells that, and else by ours.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let value = text(RETRY_AFTER)?;
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.parse().ok().map(Duration::from_secs);
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default())
}

/// What to wait before the repetition of this number, from 0: a part of a doubling delay ("full jitter"), so that those who
/// failed together do not come back together, on top of what the server asks for. `random` is from 0 to 1. `None`: longer
/// than anybody waits.
pub(crate) fn delay(
    options: &OpenAiOptions,
    number: u32,
    retry_after: Option<Duration>,
    random: f64,
) -> Option<Duration> {
    let most = options.retry_delay_max;
    let asked = retry_after.unwrap_or_default();
    let spread = options.retry_delay.saturating_mul(2_u32.saturating_pow(number)).min(most);
    (asked <= most).then(|| (asked + spread.mul_f64(random)).min(most))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn asked(retry_after: &'static str, date: Option<&'static str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        date.map(|date| headers.insert(DATE, date.parse().unwrap()));
        // Sun, 06 Nov 1994 08:49:37 GMT
        super::retry_after(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777))
    }

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(asked("7", None), Some(7 * SECOND));
        assert_eq!(asked("0", None), Some(Duration::ZERO));
        for date in
            ["Sun, 06 Nov 1994 08:49:40 GMT", "Sunday, 06-Nov-94 08:49:40 GMT", "Sun Nov  6 08:49:40 1994"]
        {
            assert_eq!(asked(date, None), Some(3 * SECOND), "{date}");
            assert_eq!(asked(date, Some("Sun, 06 Nov 1994 08:49:20 GMT")), Some(20 * SECOND), "{date}");
            assert_eq!(asked(date, Some("never")), Some(3 * SECOND), "{date}");
        }
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:00 GMT", None), Some(Duration::ZERO));
        for nonsense in ["-1", "1.5", "soon", "99999999999999999999999", "Sun, 31 Feb 1994 08:49:37 GMT"] {
            assert_eq!(asked(nonsense, None), None, "{nonsense}");
        }
    }

    #[test]
    fn delays_double_up_to_a_bound() {
        let mut options = OpenAiOptions::new("http://h", "m");
        (options.retry_delay, options.retry_delay_max) = (SECOND, 5 * SECOND);
        let delays = [0, 1, 2, 3, 40].map(|number| delay(&options, number, None, 1.0).unwrap());
        assert_eq!(delays, [1, 2, 4, 5, 5].map(|seconds| seconds * SECOND));
        assert_eq!(delay(&options, 3, None, 0.0), Some(Duration::ZERO));
        assert_eq!(delay(&options, 0, Some(3 * SECOND), 0.5), Some(SECOND.mul_f64(3.5)));
        assert_eq!(delay(&options, 0, Some(5 * SECOND), 1.0), Some(5 * SECOND));
        assert_eq!(delay(&options, 0, Some(6 * SECOND), 0.0), None);
    }

    proptest! {
        #[test]
        fn nobody_comes_too_early_or_waits_too_long(
            number in any::<u32>(),
            asked in prop::option::of(any::<u64>()),
            random in 0.0..1.0,
        ) {
            let options = OpenAiOptions::new("http://h", "m");
            let asked = asked.map(Duration::from_secs);
            match delay(&options, number, asked, random) {
                Some(delay) => prop_assert!(
                    delay >= asked.unwrap_or_default() && delay <= options.retry_delay_max
                ),
                None => prop_assert!(asked.unwrap() > options.retry_delay_max),
            }
        }

        #[test]
        fn any_header_is_read_or_not(value in "[ -~]{0,40}", date in "[ -~]{0,40}") {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            headers.insert(DATE, date.parse().unwrap());
            let _ = super::retry_after(&headers, SystemTime::UNIX_EPOCH);
        }
    }
}
