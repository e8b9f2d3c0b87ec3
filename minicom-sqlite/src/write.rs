//! One change within a transaction that others may share. Everything that may refuse it is looked at before its first
//! write, so that a refusal leaves nothing to undo.

use std::collections::HashSet;

use minicom_core::{
    AppendError, Appended, Change, EventId, NewEvent, Position, Rev, Row, Seq, StoreError, StoredEvent,
};
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

use crate::{
    codec::{self, int, uint},
    search::{self, Edit},
    sql,
};

/// A log as the change finds it.
struct Found {
    id: i64,
    rev: Rev,
    last_seq: Seq,
    recency: Option<i64>,
    members: Vec<String>,
}

/// What it then is.
struct State {
    rev: i64,
    position: i64,
    last_seq: i64,
}

/// Applies `change`, or says why not. The outer error is SQLite's and spoils the whole transaction.
pub(crate) fn append(
    tx: &Connection,
    change: &Change,
    generation: Uuid,
    index: &mut Vec<Edit>,
) -> Result<std::result::Result<Appended, AppendError>> {
    if repeats_a_key(change) {
        return Ok(Err(StoreError::invalid("two events of one change bear the same client id").into()));
    }
    let duplicates = duplicates(tx, change)?;
    if !duplicates.is_empty() {
        return Ok(Err(AppendError::Duplicates(duplicates)));
    }
    let (workspace, log) = find(tx, change)?;
    if log.as_ref().map_or(Rev::NONE, |log| log.rev) != change.expect {
        return Ok(Err(AppendError::Conflict));
    }
    let workspace = match workspace {
        Some(workspace) => workspace,
        None => add_workspace(tx, change)?,
    };
    let log = match log {
        Some(log) => log,
        None => add_log(tx, workspace, change)?,
    };
    forget(tx, &log, change, index)?;
    rewrite(tx, workspace, &log, change, index)?;
    let (position, first_id) = add_events(tx, workspace, &log, change, index)?;
    let rev = log.rev.next();
    let last_seq = log.last_seq.0 + change.events.len() as u64;
    let state = State { rev: int(rev.0), position, last_seq: int(last_seq) };
    if codec::is_conversation(change) {
        set_conversation(tx, workspace, &log, &state, change)?;
    } else {
        let State { rev, position, last_seq } = state;
        tx.prepare_cached(sql::SET_LOG)?.execute((log.id, rev, position, last_seq, &*change.snapshot))?;
    }
    let (position, first_id) = (Position(position.cast_unsigned()), EventId(first_id.cast_unsigned()));
    Ok(Ok(Appended::new(rev, position, first_id, generation)))
}

fn repeats_a_key(change: &Change) -> bool {
    let mut keys = HashSet::new();
    let keyed = change.events.iter().filter_map(|event| Some((&event.actor, event.client_id.as_ref()?)));
    keyed.into_iter().any(|key| !keys.insert(key))
}

fn duplicates(tx: &Connection, change: &Change) -> Result<Vec<(usize, StoredEvent)>> {
    let workspace = &change.log.workspace;
    let mut by_key = tx.prepare_cached(sql::EVENT_BY_KEY)?;
    let mut found = Vec::new();
    for (index, event) in change.events.iter().enumerate() {
        let Some(client_id) = &event.client_id else { continue };
        let key = (workspace.as_str(), event.actor.to_string(), client_id.as_str());
        let stored = by_key.query_row(key, |row| codec::event(row, workspace)).optional()?;
        found.extend(stored.map(|stored| (index, stored)));
    }
    Ok(found)
}

/// The change's workspace and log, as far as they exist.
fn find(tx: &Connection, change: &Change) -> Result<(Option<i64>, Option<Found>)> {
    let read = |row: &rusqlite::Row<'_>| {
        let Some(id) = row.get(1)? else { return Ok((row.get(0)?, None)) };
        let recency: Option<i64> = row.get(4)?;
        let found = Found {
            id,
            rev: Rev(uint(row, 2)?),
            last_seq: Seq(uint(row, 3)?),
            recency,
            members: if recency.is_some() { codec::split(row, 5)? } else { Vec::new() },
        };
        Ok((row.get(0)?, Some(found)))
    };
    let key = (change.log.workspace.as_str(), change.log.kind.to_string());
    let found = tx.prepare_cached(sql::WORKSPACE_AND_LOG)?.query_row(key, read).optional()?;
    Ok(found.unwrap_or_default())
}

fn add_workspace(tx: &Connection, change: &Change) -> Result<i64> {
    tx.prepare_cached(sql::ADD_WORKSPACE)?.insert([change.log.workspace.as_str()])
}

fn add_log(tx: &Connection, workspace: i64, change: &Change) -> Result<Found> {
    let id = tx.prepare_cached(sql::ADD_LOG)?.insert((workspace, change.log.kind.to_string()))?;
    Ok(Found { id, rev: Rev::NONE, last_seq: Seq(0), recency: None, members: Vec::new() })
}

fn forget(tx: &Connection, log: &Found, change: &Change, index: &mut Vec<Edit>) -> Result<()> {
    let Some(Seq(through)) = change.forget_through else { return Ok(()) };
    let mut statement = tx.prepare_cached(sql::EVENTS_THROUGH)?;
    let ids = statement.query_map((log.id, int(through)), |row| row.get(0).map(Edit::Remove))?;
    for edit in ids {
        index.push(edit?);
    }
    tx.prepare_cached(sql::FORGET_THROUGH)?.execute((log.id, int(through)))?;
    Ok(())
}

fn rewrite(
    tx: &Connection,
    workspace: i64,
    log: &Found,
    change: &Change,
    index: &mut Vec<Edit>,
) -> Result<()> {
    for rewrite in &change.rewrite {
        let place = (log.id, int(rewrite.seq.0));
        let id = tx.prepare_cached(sql::EVENT_ID)?.query_row(place, |row| row.get(0)).optional()?;
        let Some(id) = id else { continue };
        tx.prepare_cached(sql::REWRITE_EVENT)?.execute((id, &*rewrite.data))?;
        index.push(match &rewrite.terms {
            Some(terms) => Edit::Set(id, search::words(workspace, log.id, terms)),
            None => Edit::Remove(id),
        });
    }
    Ok(())
}

/// Draws the change's numbers and writes its events. Answers the last position and the first id, 0 if there is none.
fn add_events(
    tx: &Connection,
    workspace: i64,
    log: &Found,
    change: &Change,
    index: &mut Vec<Edit>,
) -> Result<(i64, i64)> {
    let count = int(change.events.len() as u64);
    let drawn = (workspace, count.max(1));
    let position: i64 = tx.prepare_cached(sql::DRAW_POSITIONS)?.query_row(drawn, |row| row.get(0))?;
    if count == 0 {
        return Ok((position, 0));
    }
    let last_id: i64 = tx.prepare_cached(sql::DRAW_EVENT_IDS)?.query_row([count], |row| row.get(0))?;
    let mut add = tx.prepare_cached(sql::ADD_EVENT)?;
    for (behind, event) in (0..count).rev().zip(&change.events) {
        let NewEvent { actor, client_id, digest, time, data, terms, .. } = event;
        let id = last_id - behind;
        add.execute((
            id,
            log.id,
            workspace,
            int(log.last_seq.0) + count - behind,
            position - behind,
            actor.to_string(),
            client_id.as_ref().map(minicom_core::ClientId::as_str),
            digest.map(Uuid::into_bytes),
            time.as_microsecond(),
            &**data,
        ))?;
        index.extend(terms.as_ref().map(|terms| Edit::Add(id, search::words(workspace, log.id, terms))));
    }
    Ok((position, last_id - count + 1))
}

fn set_conversation(
    tx: &Connection,
    workspace: i64,
    log: &Found,
    state: &State,
    change: &Change,
) -> Result<()> {
    let Row {
        members, status, assignee, tags, priority, active_at, queued_at, unread, due_at, flagged, ..
    } = &change.row;
    let recency = codec::recency(*active_at);
    let same_members = members.iter().map(minicom_core::ParticipantId::as_str).eq(&log.members);
    if log.recency != Some(recency) || !same_members {
        let kind = change.log.kind.to_string();
        let mut remove = tx.prepare_cached(sql::REMOVE_MEMBER)?;
        for member in &log.members {
            remove.execute((workspace, member, log.recency, &kind))?;
        }
        let mut add = tx.prepare_cached(sql::ADD_MEMBER)?;
        for member in members {
            add.execute((workspace, member.as_str(), recency, &kind, log.id))?;
        }
    }
    tx.prepare_cached(sql::SET_CONVERSATION)?.execute((
        log.id,
        state.rev,
        state.position,
        state.last_seq,
        &*change.snapshot,
        recency,
        status.as_str(),
        assignee.as_ref().map(minicom_core::ParticipantId::as_str),
        codec::joined(members.iter().map(minicom_core::ParticipantId::as_str)),
        codec::joined(tags.iter().map(String::as_str)),
        priority,
        queued_at.map(jiff::Timestamp::as_microsecond),
        unread,
        due_at.map(jiff::Timestamp::as_microsecond),
        flagged,
    ))?;
    Ok(())
}
