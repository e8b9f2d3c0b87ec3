//! What a round came to.

use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::time::Instant;

use crate::{Result, process::Server};

/// Latencies in microseconds, to three digits, up to a minute.
pub(crate) fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}

pub(crate) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX).max(1)
}

/// What a round measured.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// What there is a table row for, in order: its name, the number.
    pub(crate) figures: Vec<(&'static str, f64)>,
}

impl Round {
    pub(crate) fn add(&mut self, name: &'static str, figure: f64) {
        self.figures.push((name, figure));
    }

    /// Adds the usual percentiles, in milliseconds.
    pub(crate) fn latencies(&mut self, [half, most, all]: [&'static str; 3], latencies: &Histogram<u64>) {
        for (name, quantile) in [(half, 0.5), (most, 0.99), (all, 0.999)] {
            #[expect(clippy::cast_precision_loss, reason = "three digits are what there is")]
            self.add(name, latencies.value_at_quantile(quantile) as f64 / 1000.0);
        }
    }
}

/// The server's CPU and the clock over a part of a round.
pub(crate) struct Span<'a> {
    server: &'a Server,
    cpu: f64,
    began: Instant,
}

impl<'a> Span<'a> {
    pub(crate) fn begin(server: &'a Server) -> Result<Self> {
        Ok(Self { server, cpu: server.cpu()?, began: Instant::now() })
    }

    /// Work for each second of the server's CPU, and for each second by the clock.
    pub(crate) fn rates(&self, work: u64) -> Result<(f64, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "three digits are what there is")]
        let work = work as f64;
        let cpu = (self.server.cpu()? - self.cpu).max(0.01);
        Ok((work / cpu, work / self.began.elapsed().as_secs_f64()))
    }
}
