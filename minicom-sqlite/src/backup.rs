//! Copies of a file: made while others write to it, kept in a folder, and put back.
//!
//! A backup is one read transaction of `SQLite`'s online backup, so it is the store as of one moment; in the mode of the
//! write-ahead log it holds up nobody. What it makes appears under its name when it is whole, checked and synced, or not at all.

use std::{
    ffi::OsStr,
    fs, io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use jiff::{Timestamp, civil::DateTime};
use rusqlite::{Connection, backup::StepResult};
use tempfile::NamedTempFile;

use crate::{
    BackupError, SqliteStore,
    error::is_busy,
    schema::{self, Access},
    sql,
};

/// How long somebody who locks the file for a moment is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a restore waits for others to let go of the file. Who has it open keeps it so, so there is little to wait for.
const LET_GO: Duration = Duration::from_millis(500);
/// A moment in a file's name: it sorts as time does.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// What happens to a file that has the name of a new backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the backup [fails](BackupError::is_existing).
    Keep,
    /// The backup takes its place, in one step.
    Replace,
}

/// What [`backup_into`] came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// The new backup.
    pub made: PathBuf,
    /// Older ones that are gone, the oldest first.
    pub removed: Vec<PathBuf>,
}

/// Copies the store in `file` to `to`, while others may write to it. What was appended before the call is in the copy, and of
/// what is appended meanwhile a beginning: each log without a gap.
///
/// The copy is a single file without a log beside it, readable by its owner alone (0600), and sound: `SQLite` has checked all
/// of it. It appears at once and whole; a backup that fails leaves nothing. As much room is needed as the file takes.
///
/// This blocks its thread, and needs no runtime; [`SqliteStore::backup_to`] is for async code.
///
/// ```
/// # use minicom_core::{Change, LogId, Rev, Row, Store, WorkspaceId};
/// use minicom_sqlite::{Existing, SqliteStore, backup, restore};
///
/// # let directory = tempfile::tempdir()?;
/// # let (file, copy) = (directory.path().join("support.db"), directory.path().join("monday.db"));
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let store = SqliteStore::open(&file)?;
/// # let log = LogId::workspace(&WorkspaceId::default());
/// # store.append(Change::new(log, Rev::NONE, "{}".into(), Row::default())).await?;
/// backup(&file, &copy, Existing::Keep)?;
///
/// assert!(restore(&file, &copy, jiff::Timestamp::now()).unwrap_err().is_in_use());
/// store.close().await;
/// let former = restore(&file, &copy, jiff::Timestamp::now())?;
/// assert!(former.is_some_and(|former| former.exists()), "what was there is kept beside it");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn backup(file: impl AsRef<Path>, to: impl AsRef<Path>, existing: Existing) -> Result<(), BackupError> {
    let (file, to) = (file.as_ref(), to.as_ref());
    if existing == Existing::Keep && to.symlink_metadata().is_ok() {
        return Err(BackupError::existing(to));
    }
    let source = open(file)?;
    source.pragma_update(None, "query_only", true)?;
    let copy = copy(&source, folder_of(to))?;
    check_soundness(&connect(copy.path())?, file)?;
    publish(copy, to, existing)
}

/// Copies the store in `file` into a folder, under its name and the time, in UTC: `minicom-20260131T093000Z.db`. Then
/// removes the oldest of the copies that it made there before, so that `keep` are left; whatever else lies there stays.
pub fn backup_into(
    file: impl AsRef<Path>,
    folder: impl AsRef<Path>,
    keep: NonZeroUsize,
    now: Timestamp,
) -> Result<Kept, BackupError> {
    let (file, folder) = (file.as_ref(), folder.as_ref());
    let made = folder.join(stamped(file, "", now));
    backup(file, &made, Existing::Keep)?;
    let failed = |source| BackupError::io(folder, source);
    let mut old = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_file = entry.file_type().map_err(failed)?.is_file();
        if is_file && is_stamped(&entry.file_name(), file) && entry.path() != made {
            old.push(entry.path());
        }
    }
    // Their names sort as their times do. The new one is kept whatever the clock says.
    old.sort_unstable();
    old.truncate(old.len().saturating_sub(keep.get() - 1));
    for path in &old {
        fs::remove_file(path).map_err(|source| BackupError::io(path, source))?;
    }
    Ok(Kept { made, removed: old })
}

/// Puts the copy `from` in the place of the store in `file`, which need not exist. Nobody may have it open: whoever has is
/// [found](BackupError::is_in_use), also in another process, and nothing is done.
///
/// The copy is checked before anything is touched, and the store's generation is renewed: what clients know of conversations
/// by their epochs no longer holds, and they load them anew. The former store is kept beside the file, as
/// `minicom-before-restore-20260131T093000Z.db`, whose path is returned. Then the file is overwritten in one transaction: if the
/// machine goes down meanwhile, it is the former one. Room is needed for two more copies.
pub fn restore(
    file: impl AsRef<Path>,
    from: impl AsRef<Path>,
    now: Timestamp,
) -> Result<Option<PathBuf>, BackupError> {
    let (file, from) = (file.as_ref(), from.as_ref());
    let copy = copy(&open(from)?, folder_of(file))?;
    let mut source = connect(copy.path())?;
    check_soundness(&source, from)?;
    schema::migrate(&mut source).map_err(|error| BackupError::open(from, error))?;
    source.execute(sql::RENEW_GENERATION, [])?;
    if !file.try_exists().map_err(|source| BackupError::io(file, source))? {
        for beside in ["-wal", "-journal"] {
            let mut path = file.as_os_str().to_owned();
            path.push(beside);
            let path = PathBuf::from(path);
            if path.symlink_metadata().is_ok() {
                // SQLite would apply it to what is put there.
                return Err(BackupError::left_over(&path));
            }
        }
        close(source)?;
        publish(copy, file, Existing::Keep)?;
        return Ok(None);
    }
    let mut target = open_alone(file)?;
    let former = file.with_file_name(stamped(file, "before-restore-", now));
    publish(self::copy(&target, folder_of(file))?, &former, Existing::Keep)?;
    transfer(&source, &mut target)?;
    close(target)?;
    Ok(Some(former))
}

impl SqliteStore {
    /// Copies the store to a file, while it goes on. See [`backup`]. It runs on the runtime's threads for blocking work.
    pub async fn backup_to(&self, to: impl Into<PathBuf>, existing: Existing) -> Result<(), BackupError> {
        let (file, to) = (self.path().to_owned(), to.into());
        let folder = folder_of(&to).to_owned();
        let copied = tokio::task::spawn_blocking(move || backup(&file, &to, existing)).await;
        copied.unwrap_or_else(|gone| Err(BackupError::io(&folder, io::Error::other(gone))))
    }
}

/// A store that exists. An empty file, which [`SqliteStore::open`] would make one, is none yet.
fn open(path: &Path) -> Result<Connection, BackupError> {
    let failed = |error: crate::OpenError| BackupError::open(path, error);
    let mut conn = schema::connect(path, Access::Existing, PATIENCE).map_err(|error| failed(error.into()))?;
    schema::check_ours(&mut conn).map_err(failed)?;
    Ok(conn)
}

/// A store that nobody else has open, nor will until this connection ends. Only the last one may leave the mode of the
/// write-ahead log, which is how it is known.
fn open_alone(path: &Path) -> Result<Connection, BackupError> {
    let conn = open(path)?;
    conn.busy_timeout(LET_GO)?;
    conn.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    let alone = conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()));
    let alone = alone.and_then(|()| conn.execute_batch("BEGIN EXCLUSIVE; COMMIT"));
    match alone {
        Ok(()) => Ok(conn),
        Err(error) if is_busy(&error) => Err(BackupError::in_use(path)),
        Err(error) => Err(error.into()),
    }
}

/// A connection to a copy of ours.
fn connect(path: &Path) -> Result<Connection, BackupError> {
    Ok(schema::connect(path, Access::Existing, PATIENCE)?)
}

/// Copies everything into a new file in a folder, which is removed again unless it gets a name.
fn copy(source: &Connection, folder: &Path) -> Result<NamedTempFile, BackupError> {
    // The folder must be the one of its later name: only within a file system it can be given in one step.
    let copy = tempfile::Builder::new().prefix(".minicom-").suffix(".partial").tempfile_in(folder);
    let copy = copy.map_err(|source| BackupError::io(folder, source))?;
    let mut target = connect(copy.path())?;
    transfer(source, &mut target)?;
    // It was copied along that there is a log beside the file.
    target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    close(target)?;
    Ok(copy)
}

/// All of it in one step: in parts, it would begin anew whenever another process writes.
fn transfer(source: &Connection, target: &mut Connection) -> Result<(), BackupError> {
    let backup = rusqlite::backup::Backup::new(source, target)?;
    let until = Instant::now() + PATIENCE;
    loop {
        match backup.step(-1)? {
            StepResult::Done => return Ok(()),
            StepResult::Busy | StepResult::Locked if Instant::now() >= until => {
                let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
                return Err(rusqlite::Error::SqliteFailure(busy, None).into());
            }
            _ => thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn check_soundness(copy: &Connection, of: &Path) -> Result<(), BackupError> {
    let mut check = copy.prepare("PRAGMA integrity_check(3)")?;
    let found: Vec<String> = check.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    if found == ["ok"] { Ok(()) } else { Err(BackupError::damaged(of, found.join("; "))) }
}

fn close(conn: Connection) -> rusqlite::Result<()> {
    conn.close().map_err(|(_, error)| error)
}

/// Gives a copy its name, for good.
fn publish(copy: NamedTempFile, to: &Path, existing: Existing) -> Result<(), BackupError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => BackupError::existing(to),
        _ => BackupError::io(to, source),
    };
    copy.as_file().sync_all().map_err(failed)?;
    match existing {
        Existing::Keep => copy.persist_noclobber(to),
        Existing::Replace => copy.persist(to),
    }
    .map_err(|error| failed(error.error))?;
    // A name is as durable as the folder that it stands in. Elsewhere folders cannot be opened.
    #[cfg(unix)]
    fs::File::open(folder_of(to)).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or(OsStr::new("minicom")).to_string_lossy().into_owned()
}

/// `minicom-20260131T093000Z.db`
fn stamped(file: &Path, what: &str, now: Timestamp) -> String {
    format!("{}-{what}{}.db", stem(file), now.strftime(STAMP))
}

/// Whether [`stamped`] has made a name.
fn is_stamped(name: &OsStr, file: &Path) -> bool {
    let stamp =
        name.to_str().and_then(|name| name.strip_prefix(&stem(file))?.strip_prefix('-')?.strip_suffix(".db"));
    stamp.is_some_and(|stamp| stamp.len() == 16 && DateTime::strptime(STAMP, stamp).is_ok())
}
