//! `support-desk backup` and `restore`: copies of the database, made beside a server that runs and put back while none does.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use jiff::Timestamp;
use minicom_sqlite::{BackupError, Existing};

use crate::{
    check::print,
    fail,
    options::{Options, StoreKind},
};

/// What to copy the database to.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The file to make. With --keep, the folder to make it in.
    to: PathBuf,

    /// Names the file by the time, and removes the oldest of those that were made so, until this many are left.
    #[arg(long, value_name = "COUNT")]
    keep: Option<NonZeroUsize>,

    /// Overwrites the file if it exists.
    #[arg(long, conflicts_with = "keep")]
    replace: bool,
}

/// What to put back.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The copy that becomes the database. What is there is kept beside it.
    from: PathBuf,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("nothing is kept in a file: the store is memory")]
    NoFile,
    #[error("the database {} was not copied", path.display())]
    Backup { path: PathBuf, source: BackupError },
    #[error("the database {} was not restored", path.display())]
    Restore { path: PathBuf, source: BackupError },
}

impl Failure {
    /// 2: the options are at fault.
    fn exit_code(&self) -> ExitCode {
        ExitCode::from(if matches!(self, Self::NoFile) { 2 } else { 1 })
    }
}

/// Makes a copy.
pub(crate) fn back_up(options: &Options, args: &BackupArgs) -> ExitCode {
    let copied = database(options).and_then(|db| {
        let copied = if let Some(keep) = args.keep {
            minicom_sqlite::backup_into(db, &args.to, keep, Timestamp::now())
                .map(|kept| (kept.made, kept.removed))
        } else {
            let existing = if args.replace { Existing::Replace } else { Existing::Keep };
            minicom_sqlite::backup(db, &args.to, existing).map(|()| (args.to.clone(), Vec::new()))
        };
        copied.map_err(|source| Failure::Backup { path: db.to_owned(), source })
    });
    match copied {
        Ok((made, removed)) => {
            let removed = removed.iter().map(|path| format!("removed  {}\n", path.display()));
            print(&format!("copied   {}\n{}", made.display(), removed.collect::<String>()))
        }
        Err(failure) => fail(&failure, failure.exit_code()),
    }
}

/// Puts one back.
pub(crate) fn restore(options: &Options, args: &RestoreArgs) -> ExitCode {
    let restored = database(options).and_then(|db| {
        minicom_sqlite::restore(db, &args.from, Timestamp::now())
            .map(|former| (db, former))
            .map_err(|source| Failure::Restore { path: db.to_owned(), source })
    });
    match restored {
        Ok((db, former)) => {
            let former = former.map(|former| format!("former    {}\n", former.display()));
            print(&format!("restored  {}\n{}", db.display(), former.unwrap_or_default()))
        }
        Err(failure) => fail(&failure, failure.exit_code()),
    }
}

fn database(options: &Options) -> Result<&Path, Failure> {
    match options.store {
        StoreKind::Sqlite => Ok(&options.db),
        StoreKind::Memory => Err(Failure::NoFile),
    }
}
