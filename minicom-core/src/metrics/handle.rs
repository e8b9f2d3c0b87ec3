//! What is counted with: the facade's handles, or, where the feature is off, nothing that takes room or time.

use std::time::Duration;

use super::{Handle, Metric, MetricKind};

macro_rules! handles {
    ($($handle:ident, $describe:ident, $register:ident;)+) => {$(
        /// One metric, or one of a label's values.
        pub(crate) struct $handle {
            #[cfg(feature = "metrics")]
            inner: ::metrics::$handle,
        }

        impl Handle for $handle {
            const KIND: MetricKind = MetricKind::$handle;

            fn new(metric: &Metric) -> Self {
                Self::make(metric, None)
            }
        }

        impl $handle {
            #[cfg(feature = "metrics")]
            fn make(metric: &Metric, value: Option<&'static str>) -> Self {
                use ::metrics::{Key, Label, Level, Metadata, with_recorder};

                let labels = metric.label.zip(value).map(|(name, value)| Label::from_static_parts(name, value));
                let key = Key::from_parts(metric.name, labels.into_iter().collect::<Vec<_>>());
                let metadata = Metadata::new("minicom_core", Level::INFO, None);
                let inner = with_recorder(|recorder| {
                    recorder.$describe(metric.name.into(), unit(metric), metric.meaning.into());
                    recorder.$register(&key, &metadata)
                });
                Self { inner }
            }

            #[cfg(not(feature = "metrics"))]
            fn make(_: &Metric, _: Option<&'static str>) -> Self {
                Self {}
            }
        }
    )+};
}

handles! {
    Counter, describe_counter, register_counter;
    Gauge, describe_gauge, register_gauge;
    Histogram, describe_histogram, register_histogram;
}

#[cfg(feature = "metrics")]
fn unit(metric: &Metric) -> Option<::metrics::Unit> {
    let name = metric.name.trim_end_matches("_total");
    match name.rsplit('_').next() {
        Some("seconds") => Some(::metrics::Unit::Seconds),
        Some("bytes") => Some(::metrics::Unit::Bytes),
        _ => None,
    }
}

impl Counter {
    pub fn labelled(metric: &Metric, value: &'static str) -> Self {
        Self::make(metric, Some(value))
    }
}

impl Histogram {
    pub fn labelled(metric: &Metric, value: &'static str) -> Self {
        Self::make(metric, Some(value))
    }
}

#[cfg(feature = "metrics")]
impl Counter {
    /// Counts so many.
    pub fn add(&self, more: u64) {
        self.inner.increment(more);
    }
}

#[cfg(feature = "metrics")]
impl Gauge {
    /// There is more of it.
    pub fn rise(&self, by: usize) {
        self.inner.increment(as_f64(by));
    }

    /// There is less of it.
    pub fn fall(&self, by: usize) {
        self.inner.decrement(as_f64(by));
    }
}

#[cfg(feature = "metrics")]
impl Histogram {
    /// Something of that size.
    pub fn record(&self, size: usize) {
        self.inner.record(as_f64(size));
    }

    /// Something that took so long.
    pub fn record_time(&self, time: Duration) {
        self.inner.record(time.as_secs_f64());
    }
}

#[cfg(feature = "metrics")]
#[allow(clippy::cast_precision_loss, reason = "a metric's value is a float, and exact up to 2^53")]
fn as_f64(number: usize) -> f64 {
    number as f64
}

#[cfg(not(feature = "metrics"))]
#[allow(clippy::unused_self, reason = "with the feature it is used")]
mod off {
    use super::{Counter, Duration, Gauge, Histogram};

    impl Counter {
        pub fn add(&self, _: u64) {}
    }
    impl Gauge {
        pub fn rise(&self, _: usize) {}
        pub fn fall(&self, _: usize) {}
    }
    impl Histogram {
        pub fn record(&self, _: usize) {}
        pub fn record_time(&self, _: Duration) {}
    }
}
