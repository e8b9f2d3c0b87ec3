//! The queries that are no search. Core's queries may grow: one that this version does not know is refused, never
//! answered by less than it asked for.

use minicom_core::{
    Also, EventQuery, Loaded, LogId, Order, Page, Position, Rev, RowCursor, RowQuery, RowSelect, StoredEvent,
    StoredRow, WorkspaceId,
};
use rusqlite::{Connection, Error, OptionalExtension, Params, Result};
use uuid::Uuid;

use crate::{
    codec::{self, int, one_more, uint},
    sql,
};

/// A snapshot and what `also` names, as of one moment.
pub(crate) fn load(
    conn: &mut Connection,
    log: &LogId,
    also: &Also,
    generation: Uuid,
) -> Result<Option<Loaded>> {
    let tx = conn.transaction()?;
    let key = (log.workspace.as_str(), log.kind.to_string());
    let loaded = tx.prepare_cached(sql::LOAD)?.query_row(key, |row| {
        let snapshot = row.get_ref(2)?.as_blob()?.to_vec().into();
        let loaded = Loaded::new(Rev(uint(row, 1)?), snapshot, Vec::new(), generation);
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(3)?, loaded))
    });
    let Some((id, workspace, mut loaded)) = loaded.optional()? else { return Ok(None) };
    for (actor, client_id) in &also.client_ids {
        let key = (workspace, actor.to_string(), client_id.as_str());
        loaded.also.extend(page(&tx, sql::EVENT_BY_KEY, key, &log.workspace)?);
    }
    for seq in &also.seqs {
        loaded.also.extend(page(&tx, sql::EVENT_BY_SEQ, (id, int(seq.0)), &log.workspace)?);
    }
    Ok(Some(loaded))
}

fn page(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    workspace: &WorkspaceId,
) -> Result<Vec<StoredEvent>> {
    conn.prepare_cached(sql)?.query_map(params, |row| codec::event(row, workspace))?.collect()
}

/// Events by seq or by position. One statement sees one moment.
pub(crate) fn events(conn: &Connection, query: &EventQuery) -> Result<Page<StoredEvent>> {
    let (items, limit) = match query {
        EventQuery::Log { log, from, through, order, limit } => {
            let sql = match order {
                Order::OldestFirst => sql::EVENTS_OLDEST_FIRST,
                Order::NewestFirst => sql::EVENTS_NEWEST_FIRST,
            };
            let (workspace, kind) = (log.workspace.as_str(), log.kind.to_string());
            let params = (workspace, kind, int(from.0), int(through.0), one_more(*limit));
            (page(conn, sql, params, &log.workspace)?, *limit)
        }
        EventQuery::Workspace { workspace, after, limit } => {
            let params = (workspace.as_str(), int(after.0), one_more(*limit));
            (page(conn, sql::EVENTS_BY_POSITION, params, workspace)?, *limit)
        }
        _ => return Err(Error::InvalidQuery),
    };
    Ok(Page::cut(items, limit))
}

/// Rows of conversations.
pub(crate) fn rows(conn: &Connection, query: &RowQuery) -> Result<Page<StoredRow>> {
    let limit = one_more(query.limit);
    let Some(of) = &query.workspace else {
        let RowSelect::Due(now) = &query.select else { return Err(Error::InvalidQuery) };
        let mut statement = conn.prepare_cached(sql::ROWS_DUE_ANYWHERE)?;
        let rows = statement.query_map((now.as_microsecond(), limit), codec::stored_row_anywhere)?;
        return Ok(Page::cut(rows.collect::<Result<_>>()?, query.limit));
    };
    let workspace = of.as_str();
    let rows = |sql, params: &[&dyn rusqlite::ToSql]| -> Result<Vec<StoredRow>> {
        let mut statement = conn.prepare_cached(sql)?;
        statement.query_map(params, |row| codec::stored_row(row, of))?.collect()
    };
    let items = match &query.select {
        RowSelect::Active { filter, after } => {
            let (recency, kind) = after.as_ref().map_or((i64::MIN, String::new()), place);
            let member = filter.member.as_ref().map(minicom_core::ParticipantId::as_str);
            match (filter.flagged, filter.waiting, filter.unread, member) {
                (Some(flagged), waiting, unread, member) => {
                    let sql = if flagged { sql::ROWS_FLAGGED } else { sql::ROWS_NOT_FLAGGED };
                    rows(sql, &[&workspace, &recency, &kind, &limit, &unread, &member, &waiting])
                }
                (None, Some(waiting), unread, member) => {
                    let sql = if waiting { sql::ROWS_WAITING } else { sql::ROWS_NOT_WAITING };
                    rows(sql, &[&workspace, &recency, &kind, &limit, &unread, &member])
                }
                (None, None, None, None) => rows(sql::ROWS_ACTIVE, &[&workspace, &recency, &kind, &limit]),
                (None, None, Some(unread), None) => {
                    let sql = if unread { sql::ROWS_UNREAD } else { sql::ROWS_READ };
                    rows(sql, &[&workspace, &recency, &kind, &limit])
                }
                (None, None, None, Some(member)) => {
                    rows(sql::ROWS_MEMBER, &[&workspace, &recency, &kind, &limit, &member])
                }
                (None, None, Some(unread), Some(member)) => {
                    rows(sql::ROWS_MEMBER_UNREAD, &[&workspace, &recency, &kind, &limit, &member, &unread])
                }
            }
        }
        RowSelect::ChangedAfter(Position(after)) => {
            rows(sql::ROWS_CHANGED, &[&workspace, &int(*after), &limit])
        }
        RowSelect::Due(now) => rows(sql::ROWS_DUE, &[&workspace, &now.as_microsecond(), &limit]),
        _ => Err(Error::InvalidQuery),
    };
    Ok(Page::cut(items?, query.limit))
}

/// Where the inbox's order puts a cursor.
fn place(cursor: &RowCursor) -> (i64, String) {
    let kind = minicom_core::LogKind::Conversation(cursor.conversation);
    (codec::recency(cursor.active_at), kind.to_string())
}
