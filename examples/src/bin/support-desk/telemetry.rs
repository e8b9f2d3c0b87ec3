//! What it tells of itself: its log, and what it counts.

use std::{
    fmt,
    io::{IsTerminal, stderr},
    path::PathBuf,
    str::FromStr,
};

use clap::{Args, ValueEnum};
use minicom_web::{InvalidMetrics, Metrics};
use secrecy::ExposeSecret;
use serde::Deserialize;
use tracing_subscriber::{EnvFilter, filter::ParseError, fmt as log};

use crate::secret::{self, SecretError};

/// What is logged where nothing is said: what went wrong, and that it stops.
const BY_DEFAULT: &str = "warn,support_desk=info";

/// The log, on standard error.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Log and metrics")]
pub(crate) struct LogOptions {
    /// How the log is written, to standard error.
    #[arg(id = "log.format", long = "log-format", env = "MINICOM_LOG_FORMAT", value_enum, default_value_t)]
    pub(crate) format: LogFormat,

    /// What is logged, as in `warn,minicom_core=debug`. If it is not said, the variable `RUST_LOG` says it, and otherwise it is
    /// `warn,support_desk=info`.
    #[arg(id = "log.filter", long = "log-filter", env = "MINICOM_LOG_FILTER", value_name = "FILTER")]
    pub(crate) filter: Option<Filter>,
}

/// How a log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// A JSON object a line, for programs.
    Json,
}

/// A filter that was found to be one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Filter(String);

impl FromStr for Filter {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        EnvFilter::try_new(text).map(|_| Self(text.to_owned()))
    }
}

impl TryFrom<String> for Filter {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What it counts.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Log and metrics")]
pub(crate) struct MetricsOptions {
    /// A file with the token that reads /metrics, of at least 16 bytes. Without a token there is no /metrics.
    #[arg(
        id = "metrics.token_file",
        long = "metrics-token-file",
        env = "MINICOM_METRICS_TOKEN_FILE",
        value_name = "FILE"
    )]
    pub(crate) token_file: Option<PathBuf>,
}

/// There are no metrics, though they were chosen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MetricsFailure {
    #[error("the token for metrics cannot be had")]
    Token(#[from] SecretError),
    #[error("there can be no metrics")]
    Invalid(#[from] InvalidMetrics),
}

impl LogOptions {
    /// Begins to log.
    pub(crate) fn begin(&self) {
        let chosen = self.filter.as_ref().and_then(|Filter(text)| EnvFilter::try_new(text).ok());
        let filter = chosen.or_else(|| EnvFilter::try_from_default_env().ok());
        let filter = filter.unwrap_or_else(|| EnvFilter::new(BY_DEFAULT));
        let log = log().with_env_filter(filter).with_writer(stderr);
        // What is read by a file or a collector has no use for colours.
        let log = if stderr().is_terminal() { log } else { log.with_ansi(false) };
        match self.format {
            LogFormat::Text => log.init(),
            LogFormat::Json => log.json().flatten_event(true).with_span_list(false).init(),
        }
    }
}

impl MetricsOptions {
    /// What it counts by, if somebody is to read it.
    pub(crate) fn open(&self) -> Result<Option<Metrics>, MetricsFailure> {
        let token = secret::read("MINICOM_METRICS_TOKEN", self.token_file.as_deref())?;
        Ok(token.map(|token| Metrics::new(token.expose_secret())).transpose()?)
    }
}
