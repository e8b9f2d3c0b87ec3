//! Why a folder could not be read as a knowledge base.

use std::{error::Error as StdError, fmt, io, path::PathBuf};

/// A folder could not be read as a knowledge base. Opaque: ask it, and follow its source.
#[derive(Debug)]
pub struct KnowledgeError(Kind);

#[derive(Debug)]
enum Kind {
    Folder { path: PathBuf, source: io::Error },
    Empty(PathBuf),
    TooLarge { path: PathBuf, what: &'static str, most: u64 },
    Thread(io::Error),
}

impl KnowledgeError {
    pub(crate) fn folder(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self(Kind::Folder { path: path.into(), source })
    }
    pub(crate) fn empty(path: impl Into<PathBuf>) -> Self {
        Self(Kind::Empty(path.into()))
    }
    pub(crate) fn too_large(path: impl Into<PathBuf>, what: &'static str, most: u64) -> Self {
        Self(Kind::TooLarge { path: path.into(), what, most })
    }
    pub(crate) fn thread(source: io::Error) -> Self {
        Self(Kind::Thread(source))
    }

    /// Whether the folder, or a folder in it, does not exist or cannot be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.0, Kind::Folder { .. })
    }
    /// Whether the folder holds no words: no `*.md` at all, or none that can be read.
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Kind::Empty(_))
    }
    /// Whether a bound of [`KnowledgeOptions`](crate::KnowledgeOptions) was exceeded.
    pub fn is_too_large(&self) -> bool {
        matches!(self.0, Kind::TooLarge { .. })
    }
}

impl fmt::Display for KnowledgeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Folder { path, .. } => write!(f, "the folder {} cannot be read", path.display()),
            Kind::Empty(path) => write!(f, "the folder {} holds no page", path.display()),
            Kind::TooLarge { path, what, most } => {
                write!(f, "the folder {} holds more than {most} {what}", path.display())
            }
            Kind::Thread(_) => f.write_str("the thread that watches the folder cannot be started"),
        }
    }
}

impl StdError for KnowledgeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Kind::Folder { source, .. } | Kind::Thread(source) => Some(source),
            Kind::Empty(_) | Kind::TooLarge { .. } => None,
        }
    }
}
