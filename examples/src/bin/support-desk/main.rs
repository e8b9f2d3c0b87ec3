//! The runnable whole: pages, chat and store in one process. `support-desk --help` says what can be chosen.
//!
//! Identity is by path, as the original Minicom had it: whoever reaches the server can be anybody. So it listens on
//! loopback addresses only.

mod framework;
mod help;
mod options;
mod responder;
mod server;
mod store;
mod widget;

use std::{error::Error, io::stderr, process::ExitCode};

use clap::Parser;
use tracing_subscriber::{EnvFilter, fmt};

use crate::options::Options;

/// Asks this program to be the process in which a model runs, and nothing else.
#[cfg(feature = "llama")]
pub(crate) const WORKER: &str = "--be-the-models-process";

fn main() -> ExitCode {
    #[cfg(feature = "llama")]
    if std::env::args().nth(1).is_some_and(|first| first == WORKER) {
        return minicom_llama::run_worker().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    run()
}

#[tokio::main]
async fn run() -> ExitCode {
    let options = Options::parse();
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,support_desk=info"));
    fmt().with_env_filter(filter).with_writer(stderr).init();
    match server::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("support-desk: {}", with_causes(&failure));
            failure.exit_code()
        }
    }
}

/// In one line, from what failed down to why.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
