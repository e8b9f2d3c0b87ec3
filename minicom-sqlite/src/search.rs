//! The index of words: how terms are written into it, and how a query is put to it.

use std::collections::BTreeSet;

use minicom_core::{Hit, LogId, LogKind, Page, Position, SearchQuery};
use rusqlite::{Connection, OptionalExtension, Result};

use crate::{
    codec::{self, int, one_more},
    sql,
};

/// Something to do to the index. All that a transaction has to do waits for its end: the index keeps its news in
/// memory until a statement opens a savepoint of its own, and one write a transaction is cheaper than one a change.
#[derive(Debug)]
pub(crate) enum Edit {
    /// The event is new, and found by these words.
    Add(i64, String),
    /// What was found under this event no longer is.
    Remove(i64),
    /// The event is found by these words, and by no others.
    Set(i64, String),
}

/// What is indexed for an event of a log.
pub(crate) fn words(workspace: i64, log: i64, terms: &str) -> String {
    let scope = format!(" {workspace:x}_");
    let mut words = format!("_{log:x}");
    for term in terms.split_ascii_whitespace() {
        words.push_str(&scope);
        words.push_str(term);
    }
    words
}

/// Brings the index up to date within the transaction that changed the events. Answers the words that were removed
/// from some event.
pub(crate) fn apply(tx: &Connection, edits: &[Edit]) -> Result<BTreeSet<String>> {
    let mut indexed = tx.prepare_cached(sql::INDEXED)?;
    let mut unindex = tx.prepare_cached(sql::UNINDEX)?;
    let mut index = tx.prepare_cached(sql::INDEX)?;
    let mut removed = BTreeSet::new();
    for edit in edits {
        let (id, new) = match edit {
            Edit::Add(id, words) => {
                index.execute((id, words))?;
                continue;
            }
            Edit::Remove(id) => (id, None),
            Edit::Set(id, words) => (id, Some(words)),
        };
        let old = indexed.query_row([id], |row| row.get::<_, String>(0)).optional()?;
        // A reaction rewrites a message and leaves its words as they are.
        if old.as_ref() == new {
            continue;
        }
        if let Some(old) = old {
            unindex.execute([id])?;
            removed.extend(old.split(' ').map(String::from));
        }
        if let Some(new) = new {
            index.execute((id, new))?;
        }
    }
    Ok(removed)
}

/// Whether core's folding can have made this term. Nothing else is in the index, and nothing else is safe to quote.
fn is_term(term: &str) -> bool {
    !term.is_empty() && term.chars().all(|c| c.is_alphanumeric() && !c.is_ascii_uppercase())
}

/// The query in the index's own language: every word quoted, the last one by its beginning.
fn expression(workspace: i64, log: Option<i64>, terms: &[String]) -> Option<String> {
    let (prefix, whole) = terms.split_last()?;
    if !terms.iter().all(|term| is_term(term)) {
        return None;
    }
    let mut words: Vec<_> = whole.iter().map(|term| format!("\"{workspace:x}_{term}\"")).collect();
    words.push(format!("\"{workspace:x}_{prefix}\" *"));
    words.extend(log.map(|log| format!("\"_{log:x}\"")));
    Some(words.join(" AND "))
}

/// The newest hits, in one read transaction.
pub(crate) fn search(conn: &mut Connection, query: &SearchQuery) -> Result<Page<Hit>> {
    let tx = conn.transaction()?;
    let hits = hits(&tx, query)?.unwrap_or_default();
    Ok(Page::cut(hits, query.limit))
}

/// `None`: there is no such workspace, conversation or place.
fn hits(tx: &Connection, query: &SearchQuery) -> Result<Option<Vec<Hit>>> {
    let id = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    let name = query.workspace.as_str();
    let Some(workspace) = tx.prepare_cached(sql::WORKSPACE)?.query_row([name], id).optional()? else {
        return Ok(None);
    };
    let log = match query.conversation {
        None => None,
        Some(conversation) => {
            let LogId { kind, .. } = LogId::conversation(&query.workspace, conversation);
            let log = find_log(tx, workspace, &kind)?;
            if log.is_none() {
                return Ok(None);
            }
            log
        }
    };
    let through = match query.before {
        None => Some(i64::MAX),
        Some(Position(before)) => {
            tx.prepare_cached(sql::LAST_ID_BEFORE)?.query_row((workspace, int(before)), id).optional()?
        }
    };
    let (Some(through), Some(expression)) = (through, expression(workspace, log, &query.terms)) else {
        return Ok(None);
    };
    let mut statement = tx.prepare_cached(sql::SEARCH)?;
    let hits = statement
        .query_map((expression, through, one_more(query.limit)), |row| codec::hit(row, &query.workspace))?;
    hits.collect::<Result<_>>().map(Some)
}

fn find_log(tx: &Connection, workspace: i64, kind: &LogKind) -> Result<Option<i64>> {
    tx.prepare_cached(sql::LOG)?.query_row((workspace, kind.to_string()), |row| row.get(0)).optional()
}
