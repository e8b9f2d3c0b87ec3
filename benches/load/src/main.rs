//! What a whole server does under load, beside a floor in the same run: `scripts/load MODE`, or
//! `cargo run --release -p minicom-load -- run MODE`.
//!
//! The server is a process of its own on the first CPU, this one generates load on the second. The floor is the least that
//! could be: tokio and the same WebSocket library, which echoes, or copies one `Bytes` to everybody, and stores nothing.
//! Rounds are pairs, one after the other and in turn the other way round, so that what else the machine does hits both;
//! the spread is that of all rounds. Work is told for each second of the server's CPU, which other work disturbs less than
//! the clock.

mod client;
mod floor;
mod measure;
mod modes;
mod process;
mod serve;
mod table;

use std::error::Error;

use clap::{Parser, Subcommand};

use crate::{modes::Mode, serve::Kind};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Load upon a Minicom server, beside a floor.
#[derive(Debug, Parser)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Be a server: print where, and serve until the standard input ends.
    Serve {
        /// Which.
        #[arg(value_enum)]
        kind: Kind,
    },
    /// Put load upon servers, and print a table.
    Run(RunOptions),
}

/// How long, how much.
#[derive(Debug, Clone, clap::Args)]
struct RunOptions {
    /// Which load.
    #[arg(value_enum)]
    mode: Mode,
    /// Pairs of rounds.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long a part of a round is measured, in seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many: rooms of echo, sockets of fan-out, idle and storm, agents of inbox; what the mode says if left out.
    #[arg(long)]
    size: Option<u32>,
}

fn main() -> Result<()> {
    match Options::parse().command {
        Command::Serve { kind } => {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
            runtime.block_on(serve::serve(kind))
        }
        Command::Run(options) => {
            process::pin_self()?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(modes::run(&options))
        }
    }
}
