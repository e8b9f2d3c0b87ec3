//! One change within a transaction that others may share. Everything that may refuse it is looked at before its first
//! write, so that a refusal leaves nothing to undo.

use std::collections::{BTreeSet, HashMap, HashSet};

use minicom_core::{
    AppendError, Appended, Change, ClientId, EventId, NewEvent, ParticipantId, Position, Rev, Row, Seq,
    StoreError, StoredEvent, WorkspaceId,
};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Result};
use uuid::Uuid;

use crate::{
    codec::{self, int, uint},
    search::{self, Edit},
    sql,
};

/// The changes of one transaction, and what they share. What it has drawn and has to index is written by
/// [`finish`](Self::finish): once, not once a change.
pub(crate) struct Batch<'tx> {
    tx: &'tx Connection,
    generation: Uuid,
    workspaces: HashMap<WorkspaceId, Workspace>,
    /// The store's last event id. `None`: nobody has asked for one yet.
    last_id: Option<i64>,
    edits: Vec<Edit>,
    /// What each change needs, looked up once.
    find_log: CachedStatement<'tx>,
    by_key: CachedStatement<'tx>,
    add_event: CachedStatement<'tx>,
    set_conversation: CachedStatement<'tx>,
}

/// A workspace that a change has named.
#[derive(Debug, Clone, Copy)]
struct Workspace {
    id: i64,
    last_position: i64,
    /// Whether that is no longer what the file says.
    drawn: bool,
}

/// A log as the change finds it.
struct Found {
    id: i64,
    rev: Rev,
    last_seq: Seq,
    /// As `codec::joined` wrote them; of a log that is not a conversation there are none.
    members: Option<String>,
}

/// What it then is.
struct State {
    rev: i64,
    position: i64,
    last_seq: i64,
}

impl<'tx> Batch<'tx> {
    pub(crate) fn new(tx: &'tx Connection, generation: Uuid) -> Result<Self> {
        Ok(Self {
            tx,
            generation,
            workspaces: HashMap::new(),
            last_id: None,
            edits: Vec::new(),
            find_log: tx.prepare_cached(sql::FIND_LOG)?,
            by_key: tx.prepare_cached(sql::EVENT_BY_KEY)?,
            add_event: tx.prepare_cached(sql::ADD_EVENT)?,
            set_conversation: tx.prepare_cached(sql::SET_CONVERSATION)?,
        })
    }

    /// Applies `change`, or says why not. The outer error is SQLite's and spoils the whole transaction.
    pub(crate) fn append(&mut self, change: &Change) -> Result<std::result::Result<Appended, AppendError>> {
        if repeats_a_key(change) {
            return Ok(Err(StoreError::invalid("two events of one change bear the same client id").into()));
        }
        let kind = codec::text(&change.log.kind);
        let workspace = self.workspace(change)?;
        let mut log = None;
        if let Some(workspace) = workspace {
            let duplicates = self.duplicates(workspace.id, change)?;
            if !duplicates.is_empty() {
                return Ok(Err(AppendError::Duplicates(duplicates)));
            }
            log = self.find_log.query_row((workspace.id, &kind), found).optional()?;
        }
        if log.as_ref().map_or(Rev::NONE, |log| log.rev) != change.expect {
            return Ok(Err(AppendError::Conflict));
        }
        let mut workspace = match workspace {
            Some(workspace) => workspace,
            None => self.add_workspace(change)?,
        };
        let log = match log {
            Some(log) => log,
            None => add_log(self.tx, workspace.id, &kind)?,
        };
        forget(self.tx, &log, change, &mut self.edits)?;
        rewrite(self.tx, workspace.id, &log, change, &mut self.edits)?;
        let count = change.events.len() as u64;
        workspace.last_position += int(count.max(1));
        workspace.drawn = true;
        let first_id = self.add_events(workspace, &log, change)?;
        let rev = log.rev.next();
        let state = State {
            rev: int(rev.0),
            position: workspace.last_position,
            last_seq: int(log.last_seq.0 + count),
        };
        if codec::is_conversation(change) {
            self.set_conversation(workspace.id, &log, &state, change)?;
        } else {
            let State { rev, position, last_seq } = state;
            let new = (log.id, rev, position, last_seq, &*change.snapshot);
            self.tx.prepare_cached(sql::SET_LOG)?.execute(new)?;
        }
        if let Some(known) = self.workspaces.get_mut(&change.log.workspace) {
            *known = workspace;
        }
        let (position, first_id) =
            (Position(state.position.cast_unsigned()), EventId(first_id.cast_unsigned()));
        Ok(Ok(Appended::new(rev, position, first_id, self.generation)))
    }

    /// Writes what waited for the end of the transaction. Answers the words that were removed from some event.
    pub(crate) fn finish(self) -> Result<BTreeSet<String>> {
        for Workspace { id, last_position, .. } in self.workspaces.into_values().filter(|known| known.drawn) {
            self.tx.prepare_cached(sql::SET_LAST_POSITION)?.execute((id, last_position))?;
        }
        if let Some(last_id) = self.last_id {
            self.tx.prepare_cached(sql::SET_LAST_EVENT_ID)?.execute([last_id])?;
        }
        search::apply(self.tx, &self.edits)
    }

    /// The change's workspace, if there is one.
    fn workspace(&mut self, change: &Change) -> Result<Option<Workspace>> {
        let name = &change.log.workspace;
        if let Some(known) = self.workspaces.get(name) {
            return Ok(Some(*known));
        }
        let found = self.tx.prepare_cached(sql::WORKSPACE)?.query_row([name.as_str()], |row| {
            Ok(Workspace { id: row.get(0)?, last_position: row.get(1)?, drawn: false })
        });
        let found = found.optional()?;
        self.workspaces.extend(found.map(|found| (name.clone(), found)));
        Ok(found)
    }

    fn add_workspace(&mut self, change: &Change) -> Result<Workspace> {
        let name = &change.log.workspace;
        let id = self.tx.prepare_cached(sql::ADD_WORKSPACE)?.insert([name.as_str()])?;
        let added = Workspace { id, last_position: 0, drawn: false };
        self.workspaces.insert(name.clone(), added);
        Ok(added)
    }

    fn duplicates(&mut self, workspace: i64, change: &Change) -> Result<Vec<(usize, StoredEvent)>> {
        let mut found = Vec::new();
        for (index, event) in change.events.iter().enumerate() {
            let Some(client_id) = &event.client_id else { continue };
            let key = (workspace, codec::text(&event.actor), client_id.as_str());
            let stored = self.by_key.query_row(key, |row| codec::event(row, &change.log.workspace));
            found.extend(stored.optional()?.map(|stored| (index, stored)));
        }
        Ok(found)
    }

    /// Writes the change's events, the last of them at the workspace's last position. Answers the first id, 0 if there is none.
    fn add_events(&mut self, workspace: Workspace, log: &Found, change: &Change) -> Result<i64> {
        let count = int(change.events.len() as u64);
        if count == 0 {
            return Ok(0);
        }
        let before = match self.last_id {
            Some(last_id) => last_id,
            None => self.tx.prepare_cached(sql::LAST_EVENT_ID)?.query_row([], |row| row.get(0))?,
        };
        let last_id = before + count;
        self.last_id = Some(last_id);
        for (behind, event) in (0..count).rev().zip(&change.events) {
            let NewEvent { actor, client_id, digest, time, data, terms, .. } = event;
            let id = last_id - behind;
            self.add_event.execute((
                id,
                log.id,
                workspace.id,
                int(log.last_seq.0) + count - behind,
                workspace.last_position - behind,
                codec::text(actor),
                client_id.as_ref().map(ClientId::as_str),
                digest.map(Uuid::into_bytes),
                time.as_microsecond(),
                &**data,
            ))?;
            let words = terms.as_ref().map(|terms| search::words(workspace.id, log.id, terms));
            self.edits.extend(words.map(|words| Edit::Add(id, words)));
        }
        Ok(before + 1)
    }

    fn set_conversation(
        &mut self,
        workspace: i64,
        log: &Found,
        state: &State,
        change: &Change,
    ) -> Result<()> {
        let Row {
            members,
            status,
            assignee,
            tags,
            priority,
            active_at,
            queued_at,
            unread,
            due_at,
            flagged,
            ..
        } = &change.row;
        let joined = codec::joined(members.iter().map(ParticipantId::as_str));
        if log.members.as_ref() != Some(&joined) {
            set_members(self.tx, workspace, log, members)?;
        }
        self.set_conversation.execute((
            log.id,
            state.rev,
            state.position,
            state.last_seq,
            &*change.snapshot,
            codec::recency(*active_at),
            status.as_str(),
            assignee.as_ref().map(ParticipantId::as_str),
            joined,
            codec::joined(tags.iter().map(String::as_str)),
            priority,
            queued_at.map(jiff::Timestamp::as_microsecond),
            unread,
            due_at.map(jiff::Timestamp::as_microsecond),
            flagged,
        ))?;
        Ok(())
    }
}

fn repeats_a_key(change: &Change) -> bool {
    let mut keys = HashSet::new();
    let keyed = change.events.iter().filter_map(|event| Some((&event.actor, event.client_id.as_ref()?)));
    // One event is most of them, and repeats nothing.
    change.events.len() > 1 && keyed.into_iter().any(|key| !keys.insert(key))
}

fn found(row: &rusqlite::Row<'_>) -> Result<Found> {
    Ok(Found { id: row.get(0)?, rev: Rev(uint(row, 1)?), last_seq: Seq(uint(row, 2)?), members: row.get(3)? })
}

fn add_log(tx: &Connection, workspace: i64, kind: &str) -> Result<Found> {
    let id = tx.prepare_cached(sql::ADD_LOG)?.insert((workspace, kind))?;
    Ok(Found { id, rev: Rev::NONE, last_seq: Seq(0), members: None })
}

fn set_members(tx: &Connection, workspace: i64, log: &Found, members: &[ParticipantId]) -> Result<()> {
    let mut remove = tx.prepare_cached(sql::REMOVE_MEMBER)?;
    for member in codec::texts(log.members.as_deref().unwrap_or_default(), 3)? {
        remove.execute((workspace, member, log.id))?;
    }
    let mut add = tx.prepare_cached(sql::ADD_MEMBER)?;
    for member in members {
        add.execute((workspace, member.as_str(), log.id))?;
    }
    Ok(())
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
