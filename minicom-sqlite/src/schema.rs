//! Opening a connection, and bringing a file to the newest format.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig};

use crate::error::{OpenError, is_busy};

/// Marks a file as Minicom's, in `PRAGMA application_id`: "mini".
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"mini");

/// The n-th brings a file from `user_version` n - 1 to n. Only ever added to.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_logs.sql"),
    include_str!("../migrations/0002_flagged.sql"),
    include_str!("../migrations/0003_words.sql"),
    include_str!("../migrations/0004_lists.sql"),
];

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Appending and checkpointing.
    ReadWrite,
    /// Answering queries.
    ReadOnly,
    /// Copying a file, and nothing if there is none. Not read-only, because who is the last to close it must be able to
    /// remove the log beside it.
    Existing,
}

/// Opens a connection to a file that has been migrated, or is to be.
pub(crate) fn connect(path: &Path, access: Access, busy_timeout: Duration) -> rusqlite::Result<Connection> {
    let access = match access {
        Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Access::Existing => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(busy_timeout)?;
    // Not one of the statements comes from outside; this is the second lock on the door.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // A statement's plan is the one that a test looks at. Otherwise SQLite plans anew whenever a value is bound that an index
    // with a condition might care about, which was an eighth of what an append cost.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(64);
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(conn)
}

/// What the connection that writes needs beyond [`connect`].
pub(crate) fn prepare_for_writing(
    conn: &Connection,
    max_pages: Option<u32>,
    busy_timeout: Duration,
) -> rusqlite::Result<()> {
    write_ahead(conn, busy_timeout)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    conn.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    if let Some(pages) = max_pages {
        conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

/// Turns the write-ahead log on. SQLite does not wait for others who are doing the same to a new file, so this does.
fn write_ahead(conn: &Connection, busy_timeout: Duration) -> rusqlite::Result<()> {
    let until = Instant::now() + busy_timeout;
    loop {
        match conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)) {
            Ok(mode) if mode == "wal" => return Ok(()),
            // Without it, readers and the writer would stand in each other's way.
            Ok(mode) => {
                let error = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
                return Err(rusqlite::Error::SqliteFailure(
                    error,
                    Some(format!("the journal's mode is {mode}")),
                ));
            }
            Err(error) if is_busy(&error) && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether the file is Minicom's, in a format that this version knows. An empty one will be. In a transaction, because
/// somebody else may be making it.
pub(crate) fn check(conn: &mut Connection) -> Result<(), OpenError> {
    check_within(&*conn.transaction()?)
}

/// As [`check`], and an empty file is not Minicom's either.
pub(crate) fn check_ours(conn: &mut Connection) -> Result<(), OpenError> {
    let tx = conn.transaction()?;
    check_within(&tx)?;
    let application: i32 = tx.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application == APPLICATION_ID { Ok(()) } else { Err(OpenError::foreign()) }
}

fn check_within(conn: &Connection) -> Result<(), OpenError> {
    let pragma = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    let objects: u32 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match application {
        APPLICATION_ID if usize::try_from(version).is_ok_and(|version| version <= MIGRATIONS.len()) => Ok(()),
        APPLICATION_ID => Err(OpenError::newer_format(version)),
        0 if version == 0 && objects == 0 => Ok(()),
        _ => Err(OpenError::foreign()),
    }
}

/// Brings the file to the newest format, one transaction a step. Another process may be doing the same: each step
/// looks at the version under the lock that it writes with.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), OpenError> {
    for (version, migration) in (1i32..).zip(MIGRATIONS) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        check_within(&tx)?;
        let found: i32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if found < version {
            tx.execute_batch(migration)?;
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.pragma_update(None, "user_version", version)?;
            tx.commit()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql;

    #[test]
    fn a_file_of_the_first_format_becomes_the_newest_and_nothing_is_lost() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(MIGRATIONS[0]).unwrap();
        conn.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
        conn.execute_batch(
            "INSERT INTO workspace (name, last_position) VALUES ('w', 1);
             INSERT INTO log (workspace, kind, rev, position, last_seq, recency, snapshot)
             VALUES (1, 'conversation', 1, 1, 1, 0, x'');
             INSERT INTO member VALUES (1, 'ann', 0, 'conversation', 1);
             INSERT INTO search (rowid, terms) VALUES (1, '_1 1_hello')",
        )
        .unwrap();
        for _ in 0..2 {
            migrate(&mut conn).unwrap();
            let version: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
            assert_eq!(usize::try_from(version), Ok(MIGRATIONS.len()));
        }
        let count = |sql, params: &[&dyn rusqlite::ToSql]| {
            conn.prepare(sql).unwrap().query_map(params, |_| Ok(())).unwrap().count()
        };
        let (unset, first) = (rusqlite::types::Null, i64::MIN);
        let params = rusqlite::params!["w", first, "", 10, unset, unset, unset];
        assert_eq!((count(sql::ROWS_FLAGGED, params), count(sql::ROWS_NOT_FLAGGED, params)), (0, 1));
        for (member, rows) in [("ann", 1), ("ben", 0)] {
            assert_eq!(count(sql::ROWS_MEMBER, rusqlite::params!["w", first, "", 10, member]), rows);
        }
        let word: String = conn.query_row(sql::NEXT_WORD, ["1_"], |row| row.get(0)).unwrap();
        assert_eq!(word, "1_hello");
    }
}
