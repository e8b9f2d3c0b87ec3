//! The key that names visitors without a name: said, or made once and kept beside the database, because with another one
//! every visitor would be a new one.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    auth::{AuthFailure, Way},
    options::{Options, StoreKind},
    secret,
};

/// Where the environment has it.
const VARIABLE: &str = "MINICOM_VISITOR_KEY";

/// Whether one that was said can be had.
pub(crate) fn check(options: &Options) -> Result<(), AuthFailure> {
    if options.auth.by.have(Way::Visitors) {
        said(options)?;
    }
    Ok(())
}

fn said(options: &Options) -> Result<Option<SecretString>, AuthFailure> {
    Ok(secret::read(VARIABLE, options.auth.visitor_key_file.as_deref())?)
}

/// The one that was said, or that is kept; made if there is none.
pub(crate) fn open(options: &Options) -> Result<SecretString, AuthFailure> {
    if let Some(key) = said(options)? {
        return Ok(key);
    }
    // What keeps no conversations need not know visitors again.
    if options.store == StoreKind::Memory {
        return Ok(fresh());
    }
    let path = beside(&options.db);
    match keep(&path, &fresh()) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(AuthFailure::VisitorKey { path, source: error })
        }
        Ok(()) | Err(_) => Ok(secret::read_file(&path)?),
    }
}

/// 244 random bits, as text.
fn fresh() -> SecretString {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()).into()
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".visitor-key");
    name.into()
}

/// Writes it whole or not at all, for its owner alone, and never over another.
fn keep(path: &Path, key: &SecretString) -> io::Result<()> {
    use secrecy::ExposeSecret;
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", Uuid::new_v4().simple()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(key.expose_secret().as_bytes())?;
        file.sync_all()?;
        // Fails if there is one meanwhile.
        fs::hard_link(&draft, path)
    });
    let _ = fs::remove_file(&draft);
    written
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn options(folder: &Path) -> Options {
        Options { db: folder.join("minicom.db"), ..Options::default() }
    }

    #[test]
    fn it_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = options(folder.path());
        let first = open(&options).expect("made");
        assert!(first.expose_secret().len() >= 32);
        assert_eq!(open(&options).expect("kept").expose_secret(), first.expose_secret());
        let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().collect();
        assert_eq!(left.len(), 1, "no draft is left: {left:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(left[0].metadata().expect("a file").permissions().mode() & 0o777, 0o600);
        }
        let other = tempfile::tempdir().expect("a folder");
        let other = open(&self::options(other.path())).expect("made");
        assert_ne!(other.expose_secret(), first.expose_secret());
    }

    #[test]
    fn one_that_cannot_be_kept_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let nowhere = options(&folder.path().join("none"));
        assert!(matches!(open(&nowhere), Err(AuthFailure::VisitorKey { .. })));
        let memory = Options { store: StoreKind::Memory, ..nowhere };
        assert!(open(&memory).is_ok());
    }
}
