//! Why a file could not be opened, and what SQLite's errors mean to a caller of the store.

use std::{
    error::Error as StdError,
    fmt, io,
    path::{Path, PathBuf},
};

use minicom_core::StoreError;
use rusqlite::ErrorCode;

/// A file could not be opened as a store. Opaque: ask it, and follow its source.
#[derive(Debug)]
pub struct OpenError(Kind);

#[derive(Debug)]
enum Kind {
    NewerFormat(i32),
    Foreign,
    Sqlite(rusqlite::Error),
    Thread(std::io::Error),
}

impl OpenError {
    pub(crate) fn newer_format(version: i32) -> Self {
        Self(Kind::NewerFormat(version))
    }
    pub(crate) fn foreign() -> Self {
        Self(Kind::Foreign)
    }

    /// Whether a newer version of this crate has written the file. Update; the file is unharmed.
    pub fn is_newer_format(&self) -> bool {
        matches!(self.0, Kind::NewerFormat(_))
    }
    /// Whether the file is something else: another application's database, or none at all. It was not touched.
    pub fn is_foreign(&self) -> bool {
        matches!(self.0, Kind::Foreign)
    }
    /// Whether the same call may succeed later, such as when another process has let go of the file.
    pub fn is_retryable(&self) -> bool {
        matches!(&self.0, Kind::Sqlite(error) if is_busy(error))
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NewerFormat(version) => {
                write!(f, "the file has format {version}, which is newer than this version of minicom-sqlite")
            }
            Kind::Foreign => f.write_str("the file is not a store of Minicom"),
            Kind::Sqlite(_) => f.write_str("the file cannot be opened"),
            Kind::Thread(_) => f.write_str("the store's threads cannot be started"),
        }
    }
}

impl StdError for OpenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Kind::NewerFormat(_) | Kind::Foreign => None,
            Kind::Sqlite(error) => Some(error),
            Kind::Thread(error) => Some(error),
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self(Kind::Foreign),
            _ => Self(Kind::Sqlite(error)),
        }
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> Self {
        Self(Kind::Thread(error))
    }
}

/// A copy could not be made or put back. Opaque: ask it, and follow its source.
#[derive(Debug)]
pub struct BackupError(Failure);

#[derive(Debug)]
enum Failure {
    Open(PathBuf, OpenError),
    Existing(PathBuf),
    InUse(PathBuf),
    LeftOver(PathBuf),
    Damaged(PathBuf, String),
    Io(PathBuf, io::Error),
    Sqlite(rusqlite::Error),
}

impl BackupError {
    pub(crate) fn open(path: &Path, error: OpenError) -> Self {
        Self(Failure::Open(path.to_owned(), error))
    }
    pub(crate) fn existing(path: &Path) -> Self {
        Self(Failure::Existing(path.to_owned()))
    }
    pub(crate) fn in_use(path: &Path) -> Self {
        Self(Failure::InUse(path.to_owned()))
    }
    pub(crate) fn left_over(path: &Path) -> Self {
        Self(Failure::LeftOver(path.to_owned()))
    }
    pub(crate) fn damaged(path: &Path, found: String) -> Self {
        Self(Failure::Damaged(path.to_owned(), found))
    }
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self(Failure::Io(path.to_owned(), source))
    }

    /// Whether a file is in the way, which [`Existing::Replace`](crate::Existing::Replace) would overwrite.
    pub fn is_existing(&self) -> bool {
        matches!(self.0, Failure::Existing(_))
    }
    /// Whether a process has the store open that is to be overwritten. Stop it.
    pub fn is_in_use(&self) -> bool {
        matches!(self.0, Failure::InUse(_))
    }
    /// Whether what was to be copied is not sound: a page or an index contradicts another. Take an older copy.
    pub fn is_damaged(&self) -> bool {
        match &self.0 {
            Failure::Damaged(..) => true,
            Failure::Open(_, OpenError(Kind::Sqlite(error))) | Failure::Sqlite(error) => {
                error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
            }
            _ => false,
        }
    }
    /// Whether what was to be copied, or overwritten, is no store of Minicom.
    pub fn is_foreign(&self) -> bool {
        matches!(&self.0, Failure::Open(_, error) if error.is_foreign())
    }
    /// Whether a newer version of this crate has written it.
    pub fn is_newer_format(&self) -> bool {
        matches!(&self.0, Failure::Open(_, error) if error.is_newer_format())
    }
    /// Whether there is no more room.
    pub fn is_full(&self) -> bool {
        match &self.0 {
            Failure::Io(_, error) => error.kind() == io::ErrorKind::StorageFull,
            Failure::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::DiskFull),
            _ => false,
        }
    }
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Failure::Open(path, _) | Failure::Io(path, _) => write!(f, "{}", path.display()),
            Failure::Existing(path) => write!(f, "{} exists already", path.display()),
            Failure::InUse(path) => write!(f, "a process has {} open; stop it first", path.display()),
            Failure::LeftOver(path) => {
                write!(f, "{} is left of a database that is gone; move it away", path.display())
            }
            Failure::Damaged(path, found) => write!(f, "{} is damaged: {found}", path.display()),
            Failure::Sqlite(_) => f.write_str("the copy failed"),
        }
    }
}

impl StdError for BackupError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Failure::Open(_, error) => Some(error),
            Failure::Io(_, error) => Some(error),
            Failure::Sqlite(error) => Some(error),
            Failure::Existing(_) | Failure::InUse(_) | Failure::LeftOver(_) | Failure::Damaged(..) => None,
        }
    }
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        Self(Failure::Sqlite(error))
    }
}

/// Whether somebody else holds the lock, and trying at once again would only wait again.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// What a failure means to the caller.
pub(crate) fn store_error(error: rusqlite::Error) -> StoreError {
    if matches!(error, rusqlite::Error::InvalidQuery) {
        return StoreError::invalid(error);
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::full(error),
        // None: not SQLite's, but a column that does not convert.
        None | Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::corrupt(error),
        Some(ErrorCode::TooBig) => StoreError::invalid(error),
        Some(_) => StoreError::unavailable(error),
    }
}
