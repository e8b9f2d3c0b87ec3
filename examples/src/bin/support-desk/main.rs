//! The runnable whole: pages, chat and store in one process. `support-desk --help` says what can be chosen.
//!
//! Identity is by path, as the original Minicom had it: whoever reaches the server can be anybody. So it listens on
//! loopback addresses only.

mod options;
mod server;
mod store;

use std::{io::stderr, process::ExitCode};

use clap::Parser;
use tracing_subscriber::{EnvFilter, fmt};

use crate::options::Options;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,support_desk=info"));
    fmt().with_env_filter(filter).with_writer(stderr).init();
    match server::run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("support-desk: {failure}");
            failure.exit_code()
        }
    }
}
