//! The runnable whole: pages, chat and store in one process. `support-desk --help` says what can be chosen, and
//! `support-desk config example` how to say it in a file.
//!
//! Identity is by path unless something else is chosen, as the original Minicom had it: whoever reaches the server can be
//! anybody. So it then listens on loopback addresses only.

mod auth;
mod backup;
mod check;
mod config;
mod first_owner;
mod framework;
mod help;
mod limits;
mod listener;
mod options;
mod responder;
mod secret;
mod server;
mod signals;
mod store;
mod supervisor;
mod telemetry;
mod visitor_key;
mod widget;
mod workspaces;

use std::{error::Error, net::TcpListener, path::PathBuf, process::ExitCode};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{
    backup::{BackupArgs, RestoreArgs},
    options::Options,
};

/// Asks this program to be the process in which a model runs, and nothing else.
#[cfg(feature = "llama")]
pub(crate) const WORKER: &str = "--be-the-models-process";

/// A support desk: visitors at `/`, agents at `/desk`.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct CommandLine {
    /// A file with what is not said here, nor in the environment. `support-desk config example` prints one.
    #[arg(long, env = "MINICOM_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    options: Options,

    #[command(subcommand)]
    command: Option<Command>,
}

/// What else it can do than serve.
#[derive(Debug, Subcommand)]
enum Command {
    /// Looks at a configuration, or prints one.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Copies the database, also while a server writes to it.
    Backup(BackupArgs),
    /// Makes a copy the database again. No server may run on it.
    Restore(RestoreArgs),
}

/// What can be done about a configuration.
#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Says what holds, or what is wrong and where; starts nothing.
    Check {
        /// The file, in place of --config.
        file: Option<PathBuf>,
    },
    /// Prints a file with every key, explained.
    Example,
}

fn main() -> ExitCode {
    #[cfg(feature = "llama")]
    if std::env::args().nth(1).is_some_and(|first| first == WORKER) {
        return minicom_llama::run_worker().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    let matches = CommandLine::command().get_matches();
    let line = CommandLine::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let (file, then) = match line.command {
        Some(Command::Config(ConfigCommand::Example)) => return check::print(config::EXAMPLE),
        Some(Command::Config(ConfigCommand::Check { file })) => (file.or(line.config), Then::Check),
        Some(Command::Backup(args)) => (line.config, Then::BackUp(args)),
        Some(Command::Restore(args)) => (line.config, Then::Restore(args)),
        None => (line.config, Then::Serve),
    };
    let options = match config::load(file.as_deref(), matches) {
        Ok(options) => options,
        Err(error) => return fail(&error, ExitCode::from(2)),
    };
    match then {
        Then::Serve => match listener::inherited() {
            Ok(inherited) => serve(options, inherited),
            Err(source) => fail(&source, ExitCode::from(2)),
        },
        Then::Check => check::run(&options),
        Then::BackUp(args) => backup::back_up(&options, &args),
        Then::Restore(args) => backup::restore(&options, &args),
    }
}

/// What is done with what was chosen.
enum Then {
    Serve,
    Check,
    BackUp(BackupArgs),
    Restore(RestoreArgs),
}

#[tokio::main]
async fn serve(options: Options, inherited: Option<TcpListener>) -> ExitCode {
    options.log.begin();
    match server::run(options, inherited).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure, failure.exit_code()),
    }
}

/// Says why not.
pub(crate) fn fail(error: &dyn Error, code: ExitCode) -> ExitCode {
    eprintln!("support-desk: {}", with_causes(error));
    code
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
