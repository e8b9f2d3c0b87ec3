//! Why a file could not be opened, and what SQLite's errors mean to a caller of the store.

use std::{error::Error as StdError, fmt};

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
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::corrupt(error),
        Some(ErrorCode::TooBig) => StoreError::invalid(error),
        Some(_) => StoreError::unavailable(error),
        // Not SQLite's: a column that does not convert.
        None => StoreError::corrupt(error),
    }
}
