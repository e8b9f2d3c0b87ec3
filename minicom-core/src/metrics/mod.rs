//! What a server counts, by the facade [`metrics`](https://docs.rs/metrics): each metric once, with its name, kind, label
//! and meaning. Names follow the rules of OpenMetrics (`_total` for counters, base units as suffixes).
//!
//! With the feature `metrics` off nothing is counted, and nothing of the facade is compiled. With it on, a
//! [`Minicom`](crate::Minicom) asks for its handles where it is built: a recorder must be installed before that, and without
//! one counting costs a branch. Labels have a few values each, all known beforehand; none names a workspace, a participant
//! or a conversation.
//!
//! ```
//! use minicom_core::metrics::{ALL, MetricKind};
//!
//! let slow = ALL.iter().find(|metric| metric.name == "minicom_sockets_closed_total").expect("it is there");
//! assert_eq!((slow.kind, slow.label), (MetricKind::Counter, Some("code")));
//! ```

mod handle;
mod label;
mod measured;

pub(crate) use handle::{Counter, Gauge, Histogram};
pub(crate) use label::{Label, Outcome, Recovered, StoreCall, StoreFault, TokenType};
pub(crate) use measured::Measured;

use crate::{close::CloseCode, error::Code};

/// What kind of metric it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricKind {
    /// Only rises, from 0 at the start of the process.
    Counter,
    /// Rises and falls.
    Gauge,
    /// Counts values in buckets.
    Histogram,
}

/// A metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metric {
    /// Its name, which ends with its unit if it has one.
    pub name: &'static str,
    /// Its kind.
    pub kind: MetricKind,
    /// Its label, if it has one.
    pub label: Option<&'static str>,
    /// What it says.
    pub meaning: &'static str,
}

impl Metric {
    /// The upper bounds of a histogram's buckets, in its unit. Whoever makes a recorder tells it to use them.
    pub fn buckets(&self) -> &'static [f64] {
        match self.kind {
            MetricKind::Histogram if self.name.ends_with("_seconds") => &[
                0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
                60.0,
            ],
            MetricKind::Histogram => &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0],
            MetricKind::Counter | MetricKind::Gauge => &[],
        }
    }
}

/// What a metric is counted with.
pub(crate) trait Handle {
    const KIND: MetricKind;
    const LABEL: Option<&'static str> = None;

    /// The recorder's, for a metric and a value of its label. Says what the metric means, too.
    fn new(metric: &Metric) -> Self;
}

/// A metric for each value of a label.
pub(crate) struct Family<L, H>(Vec<(L, H)>);

impl<L: Label, H> Family<L, H> {
    /// The one of a value. All are made at the beginning, so that each is there before it is first needed.
    pub fn of(&self, label: L) -> Option<&H> {
        self.0.iter().find(|(own, _)| *own == label).map(|(_, handle)| handle)
    }
}

impl<L: Label> Handle for Family<L, Counter> {
    const KIND: MetricKind = MetricKind::Counter;
    const LABEL: Option<&'static str> = Some(L::NAME);

    fn new(metric: &Metric) -> Self {
        Self(L::all().iter().map(|label| (*label, Counter::labelled(metric, label.value()))).collect())
    }
}

impl<L: Label> Family<L, Counter> {
    /// Counts one.
    pub fn count(&self, label: L) {
        self.add(label, 1);
    }

    /// Counts so many.
    pub fn add(&self, label: L, more: u64) {
        if let Some(counter) = self.of(label) {
            counter.add(more);
        }
    }
}

impl<L: Label> Handle for Family<L, Histogram> {
    const KIND: MetricKind = MetricKind::Histogram;
    const LABEL: Option<&'static str> = Some(L::NAME);

    fn new(metric: &Metric) -> Self {
        Self(L::all().iter().map(|label| (*label, Histogram::labelled(metric, label.value()))).collect())
    }
}

const fn metric<H: Handle>(name: &'static str, meaning: &'static str) -> Metric {
    Metric { name, kind: H::KIND, label: H::LABEL, meaning }
}

macro_rules! metrics {
    ($($field:ident: $handle:ty = $name:literal, $meaning:literal;)*) => {
        /// Every metric.
        pub const ALL: &[Metric] = &[$(metric::<$handle>($name, $meaning),)*];

        /// What one server counts with: handles, so that counting looks nothing up, allocates nothing and takes no lock.
        pub(crate) struct Metrics {
            $(#[doc = $meaning] pub $field: $handle,)*
        }

        impl Metrics {
            /// The handles of the recorder that is installed.
            pub fn new() -> Self {
                Self { $($field: Handle::new(&metric::<$handle>($name, $meaning)),)* }
            }
        }
    };
}

metrics! {
    sockets: Gauge = "minicom_sockets", "sockets that are open";
    sockets_opened: Counter = "minicom_sockets_opened_total", "sockets that were opened, those that were closed at once among them";
    sockets_closed: Family<CloseCode, Counter> = "minicom_sockets_closed_total", "sockets that the server closed, by the close code's name";
    rooms: Gauge = "minicom_rooms", "conversations that are open in memory";
    frames_received: Counter = "minicom_frames_received_total", "text frames that came from sockets";
    frames_sent: Counter = "minicom_frames_sent_total", "text frames that were written to sockets";
    outbox_bytes: Gauge = "minicom_outbox_bytes", "bytes that wait for sockets which have not taken them yet";
    acks: Histogram = "minicom_ack_duration_seconds", "from a command's arrival in its conversation's queue until it is stored and may be acknowledged";
    batches: Histogram = "minicom_batch_commands", "commands that were decided together and committed as one change";
    resumes: Family<Recovered, Counter> = "minicom_resumes_total", "pages that clients asked for from where they were; `recovered` says whether they lack nothing now";
    refusals: Family<Code, Counter> = "minicom_refusals_total", "frames and requests that were refused, by the error's code";
    store_calls: Family<StoreCall, Histogram> = "minicom_store_duration_seconds", "calls of the store, failed ones among them";
    store_errors: Family<StoreFault, Counter> = "minicom_store_errors_total", "calls of the store that failed; conflicts and duplicates are no failures";
    ai_queue: Gauge = "minicom_ai_queue", "conversations that wait in this process for their turn with the AI";
    ai_running: Gauge = "minicom_ai_running", "attempts of the AI that are under way";
    ai_attempts: Family<Outcome, Histogram> = "minicom_ai_attempt_duration_seconds", "attempts of the AI that ended, by what they came to";
    ai_tokens: Family<TokenType, Counter> = "minicom_ai_tokens_total", "tokens that responders say their models read and wrote";
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_table_is_this_list() {
        let rows: Vec<_> = ALL
            .iter()
            .map(|metric| {
                let kind = format!("{:?}", metric.kind).to_lowercase();
                let label = metric.label.map_or_else(String::new, |label| format!("`{label}`"));
                format!("| `{}` | {kind} | {label} | {} |", metric.name, metric.meaning)
            })
            .collect();
        let header = "| name | kind | label | what it says |\n| --- | --- | --- | --- |";
        crate::doc_table::check_in("metrics.md", "metrics", header, &rows);
    }

    /// OpenMetrics 1.0, sections "Metric naming and namespaces" and "Units and base units".
    #[test]
    fn names_are_as_openmetrics_has_them() {
        for Metric { name, kind, .. } in ALL {
            let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(plain && name.starts_with("minicom_"), "{name}");
            assert_eq!(name.ends_with("_total"), *kind == MetricKind::Counter, "{name}");
            for taken in ["_count", "_sum", "_bucket", "_created", "_info", "_milliseconds", "_kilobytes"] {
                assert!(!name.ends_with(taken), "{name}");
            }
        }
        let mut names: Vec<_> = ALL.iter().map(|metric| metric.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len(), "each once");
    }
}
