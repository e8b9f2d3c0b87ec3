//! The large run. `scripts/torture` builds what it needs and calls it.

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use clap::Parser;
use minicom_torture::{Disk, Plan, run};
use tokio::signal::unix::{SignalKind, signal};

/// Breaks a support desk again and again and counts what is lost. 0: nothing; 1: something; 2: it did not run.
#[derive(Debug, Parser)]
struct Options {
    /// How long it goes on; a round that is under way is finished.
    #[arg(long, default_value_t = 10)]
    minutes: u64,

    /// Of all choices; drawn from the clock if left out.
    #[arg(long)]
    seed: Option<u64>,

    /// The binary of `support-desk`.
    #[arg(long, value_name = "FILE")]
    server: PathBuf,

    /// The size of the disk that is filled, in MiB.
    #[arg(long, default_value_t = 1024)]
    disk: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seed = options.seed.unwrap_or_else(clock);
    println!("seed {seed}");
    let plan = Plan::large(seed, Duration::from_mins(options.minutes));
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return fail(&format!("no folder: {error}")),
    };
    let disk = match Disk::tmpfs(folder.path(), options.disk) {
        Ok(disk) => disk,
        Err(error) => {
            return fail(&format!("a disk to fill cannot be mounted, which only root may: {error}"));
        }
    };
    let report = tokio::select! {
        report = run(&plan, disk, &options.server) => report,
        interrupted = interrupted() => return fail(&interrupted),
    };
    match report {
        Ok(report) => {
            print!("{report}");
            ExitCode::from(u8::from(!report.verdict.is_clean()))
        }
        Err(error) => fail(&error.to_string()),
    }
}

/// An interruption is no reason to leave a server and a file system behind.
async fn interrupted() -> String {
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => return format!("cannot wait for signals: {error}"),
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    "interrupted".into()
}

fn fail(why: &str) -> ExitCode {
    eprintln!("torture: {why}");
    ExitCode::from(2)
}
