//! `/metrics`: what the server counts, as Prometheus reads it, for whoever has the token.

use std::{
    fmt, io,
    sync::{Arc, Weak},
    thread,
    time::Duration,
};

use bytes::Bytes;
use http::{
    Response, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
    request::Parts,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use minicom_core::{
    Code, Refusal,
    metrics::{ALL, MetricKind},
};
use subtle::ConstantTimeEq;

use crate::{Body, auth, reply};

/// How long a token is at least, in bytes.
const LEAST_TOKEN: usize = 16;

/// How often what histograms gathered is summed up, so that it grows no memory while nobody asks.
const SUM_UP_EVERY: Duration = Duration::from_secs(5);

/// The text format of Prometheus, in its one version.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What a server counts, and who may read it, for [`WebOptions::metrics`](crate::WebOptions::metrics). Cheap to clone; all clones
/// are the same.
///
/// A host that has a recorder of the `metrics` facade's already needs none of this: a `Minicom` that is built after that was
/// installed counts there.
///
/// ```
/// use minicom_core::{MemoryStore, Minicom};
/// use minicom_web::{Body, Metrics, Web, WebOptions};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let metrics = Metrics::new("a token of 16 bytes or more")?;
/// let minicom = metrics.within(|| Minicom::builder().store(MemoryStore::new()).build())?;
/// let web = Web::with_options(minicom, WebOptions::default().metrics(metrics));
///
/// let ask = http::Request::get("/metrics").header("authorization", "Bearer a token of 16 bytes or more");
/// let answer = web.handle(ask.body(Body::default())?).await;
/// let text = bytes::Bytes::from(answer.into_body());
/// assert!(String::from_utf8(text.into())?.contains("minicom_sockets 0"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    token: Box<[u8]>,
}

impl fmt::Debug for Metrics {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// There can be no metrics.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidMetrics {
    /// The token could be guessed.
    #[error("a token for metrics has at least {LEAST_TOKEN} bytes")]
    ShortToken,
    /// The thread that sums them up could not be started.
    #[error("there is no thread for metrics")]
    Thread(#[from] io::Error),
}

impl Metrics {
    /// Metrics that are read with `Authorization: Bearer TOKEN`, which has at least 16 bytes. It starts a thread, which ends
    /// with them.
    pub fn new(token: &str) -> Result<Self, InvalidMetrics> {
        if token.len() < LEAST_TOKEN {
            return Err(InvalidMetrics::ShortToken);
        }
        let recorder = recorder();
        let (handle, token) = (recorder.handle(), token.as_bytes().into());
        let inner = Arc::new(Inner { recorder, handle, token });
        let summed_up = Arc::downgrade(&inner);
        thread::Builder::new().name("minicom-metrics".into()).spawn(move || sum_up(&summed_up))?;
        Ok(Self { inner })
    }

    /// Has whatever is built in `build`, a `Minicom` above all, count here.
    pub fn within<T>(&self, build: impl FnOnce() -> T) -> T {
        ::metrics::with_local_recorder(&self.inner.recorder, build)
    }

    /// Answers whoever has the token.
    pub(crate) fn respond(&self, parts: &Parts) -> Response<Body> {
        let is_it = |token: String| bool::from(token.as_bytes().ct_eq(&self.inner.token));
        if !auth::bearer(&parts.headers).is_some_and(is_it) {
            return reply::error(
                &Refusal::new(Code::Unauthenticated, "metrics have a token of their own").into(),
            );
        }
        let mut response = reply::text(StatusCode::OK, "");
        *response.body_mut() = Body::from(Bytes::from(self.inner.handle.render()));
        let response = reply::with(response, CONTENT_TYPE, FORMAT);
        reply::with(response, CACHE_CONTROL, "no-store")
    }
}

/// Without buckets a histogram would be shown as a summary, which cannot be added up over processes.
fn recorder() -> PrometheusRecorder {
    let mut histograms = ALL.iter().filter(|metric| metric.kind == MetricKind::Histogram);
    let with_buckets = histograms.try_fold(PrometheusBuilder::new(), |builder, metric| {
        builder.set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), metric.buckets())
    });
    with_buckets.expect("every histogram has buckets").build_recorder()
}

fn sum_up(inner: &Weak<Inner>) {
    while let Some(inner) = inner.upgrade() {
        inner.handle.run_upkeep();
        drop(inner);
        thread::sleep(SUM_UP_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_is_not_shown() {
        for short in ["", "hunter2", "fifteen bytes.."] {
            let refused = Metrics::new(short).expect_err("too short");
            assert!(matches!(refused, InvalidMetrics::ShortToken));
            assert!(short.is_empty() || !format!("{refused} {refused:?}").contains(short));
        }
        let metrics = Metrics::new("sixteen bytes...").expect("long enough");
        assert_eq!(format!("{metrics:?}"), "Metrics { .. }");
    }

    /// What nobody asks for is summed up all the same, and is no summary.
    #[test]
    fn histograms_have_their_buckets() {
        let metrics = Metrics::new("sixteen bytes...").expect("long enough");
        let store = minicom_core::MemoryStore::new();
        let minicom = metrics.within(|| minicom_core::Minicom::builder().store(store).build());
        drop(minicom.expect("a store is given"));
        for metric in ALL.iter().filter(|metric| metric.kind == MetricKind::Histogram) {
            metrics.within(|| match metric.label {
                None => ::metrics::histogram!(metric.name).record(1.5),
                Some(label) => ::metrics::histogram!(metric.name, label => "x").record(1.5),
            });
            metrics.inner.handle.run_upkeep();
            let told = metrics.inner.handle.render();
            let bucket = format!("{}_bucket", metric.name);
            let buckets = told.lines().filter(|line| line.starts_with(&bucket) && line.ends_with(" 1"));
            let above = metric.buckets().iter().filter(|bound| **bound >= 1.5).count() + 1;
            assert_eq!(buckets.count(), above, "{told}");
        }
    }
}
