//! Between columns and core's types. What a column holds and core cannot read is an error of conversion, which the
//! store reports as corrupt.

use std::{
    error::Error as StdError,
    fmt::{self, Write},
    str::FromStr,
};

use bytes::Bytes;
use jiff::Timestamp;
use minicom_core::{
    Change, EventId, LogId, LogKind, ParticipantId, Position, Rev, Row as Columns, Seq, Status, StoredEvent,
    StoredRow, WorkspaceId,
};
use rusqlite::{Error, Result, Row, types::Type};
use uuid::Uuid;

/// A number as SQLite keeps it. What is beyond its range is beyond everything stored, too.
pub(crate) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A limit, and one more: whether there is one more is the page's `more`.
pub(crate) fn one_more(limit: usize) -> i64 {
    int(limit as u64).saturating_add(1)
}

pub(crate) fn uint(row: &Row<'_>, column: usize) -> Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| Error::IntegralValueOutOfRange(column, number))
}

fn unreadable(column: usize, error: impl StdError + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

fn parsed<T: FromStr<Err: StdError + Send + Sync + 'static>>(row: &Row<'_>, column: usize) -> Result<T> {
    row.get_ref(column)?.as_str()?.parse().map_err(|error| unreadable(column, error))
}

fn bytes(row: &Row<'_>, column: usize) -> Result<Bytes> {
    Ok(Bytes::copy_from_slice(row.get_ref(column)?.as_blob()?))
}

fn time_of(column: usize, micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|error| unreadable(column, error))
}

fn optional_time(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column)?.map(|micros| time_of(column, micros)).transpose()
}

/// An id as a column holds it. Most take no more room than this, and none has to grow bit by bit.
pub(crate) fn text(id: &impl fmt::Display) -> String {
    let mut text = String::with_capacity(64);
    // Writing to a string does not fail.
    let _ = write!(text, "{id}");
    text
}

/// What the inbox ascends by: the later, the smaller.
pub(crate) fn recency(active_at: Timestamp) -> i64 {
    -active_at.as_microsecond()
}

/// Texts in one column, each after its length, so that a text may hold anything.
pub(crate) fn joined<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut column = String::new();
    for text in texts {
        column.push_str(&text.len().to_string());
        column.push(':');
        column.push_str(text);
    }
    column
}

#[derive(Debug, thiserror::Error)]
#[error("a list of texts is cut short")]
struct BrokenList;

/// Reads what [`joined`] wrote.
pub(crate) fn split(row: &Row<'_>, column: usize) -> Result<Vec<String>> {
    texts(row.get_ref(column)?.as_str()?, column)
}

/// The same of a column that was read before.
pub(crate) fn texts(column_text: &str, column: usize) -> Result<Vec<String>> {
    let mut rest = column_text;
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let next =
            rest.split_once(':').and_then(|(length, tail)| tail.split_at_checked(length.parse().ok()?));
        let (text, tail) = next.ok_or_else(|| unreadable(column, BrokenList))?;
        texts.push(text.to_owned());
        rest = tail;
    }
    Ok(texts)
}

/// An event of `workspace`, from the columns of `event_columns!`.
pub(crate) fn event(row: &Row<'_>, workspace: &WorkspaceId) -> Result<StoredEvent> {
    Ok(StoredEvent {
        log: LogId { workspace: workspace.clone(), kind: parsed(row, 0)? },
        seq: Seq(uint(row, 1)?),
        id: EventId(uint(row, 2)?),
        position: Position(uint(row, 3)?),
        actor: parsed(row, 4)?,
        client_id: match row.get_ref(5)?.as_str_or_null()? {
            Some(text) => Some(text.parse().map_err(|error| unreadable(5, error))?),
            None => None,
        },
        digest: row.get::<_, Option<[u8; 16]>>(6)?.map(Uuid::from_bytes),
        time: time_of(7, row.get(7)?)?,
        data: bytes(row, 8)?,
    })
}

#[derive(Debug, thiserror::Error)]
#[error("the status is unknown")]
struct UnknownStatus;

/// A conversation, from the columns of `row_columns!` and the name of its workspace after them.
pub(crate) fn stored_row_anywhere(row: &Row<'_>) -> Result<StoredRow> {
    let workspace =
        WorkspaceId::try_from(row.get::<_, String>(14)?).map_err(|error| unreadable(14, error))?;
    stored_row(row, &workspace)
}

/// A conversation of `workspace`, from the columns of `row_columns!`.
pub(crate) fn stored_row(row: &Row<'_>, workspace: &WorkspaceId) -> Result<StoredRow> {
    let participant = |text: String| ParticipantId::try_from(text).map_err(|error| unreadable(6, error));
    let mut columns = Columns::default();
    columns.active_at = time_of(3, -row.get::<_, i64>(3)?)?;
    columns.status = Status::parse(row.get_ref(4)?.as_str()?).ok_or_else(|| unreadable(4, UnknownStatus))?;
    columns.assignee = row.get::<_, Option<String>>(5)?.map(participant).transpose()?;
    columns.members = split(row, 6)?.into_iter().map(participant).collect::<Result<_>>()?;
    columns.tags = split(row, 7)?;
    columns.priority = row.get(8)?;
    columns.queued_at = optional_time(row, 9)?;
    columns.unread = row.get(10)?;
    columns.due_at = optional_time(row, 11)?;
    columns.flagged = row.get::<_, Option<bool>>(12)? == Some(true);
    Ok(StoredRow {
        log: LogId { workspace: workspace.clone(), kind: parsed(row, 0)? },
        rev: Rev(uint(row, 1)?),
        position: Position(uint(row, 2)?),
        row: columns,
        snapshot: bytes(row, 13)?,
    })
}

/// A hit in `workspace`: kind, seq, position.
pub(crate) fn hit(row: &Row<'_>, workspace: &WorkspaceId) -> Result<minicom_core::Hit> {
    Ok(minicom_core::Hit {
        log: LogId { workspace: workspace.clone(), kind: parsed(row, 0)? },
        seq: Seq(uint(row, 1)?),
        position: Position(uint(row, 2)?),
    })
}

/// Whether a change has a row that is kept.
pub(crate) fn is_conversation(change: &Change) -> bool {
    matches!(change.log.kind, LogKind::Conversation(_))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn lists_hold_anything() {
        let conn = Connection::open_in_memory().unwrap();
        for texts in [&[][..], &["a"], &["", ""], &["1:a", "2", "é:\n", ""]] {
            let column = joined(texts.iter().copied());
            let read = conn.query_row("SELECT ?1", [&column], |row| split(row, 0)).unwrap();
            assert_eq!(read, texts);
        }
        for broken in ["1", "2:a", "x:a", "1:é"] {
            assert!(conn.query_row("SELECT ?1", [broken], |row| split(row, 0)).is_err(), "{broken}");
        }
    }
}
