//! The index of words: how terms are written into it, and how a query is put to it.

use std::{collections::BTreeSet, fmt::Write};

use minicom_core::{Hit, LogId, LogKind, Page, Position, SearchQuery};
use rusqlite::{Connection, OptionalExtension, Result, ToSql};

use crate::{
    codec::{self, int, one_more},
    sql,
};

/// A beginning of so many words is looked for as each of them.
const WORTH_EXPANDING: usize = 64;
/// One of more words is common, so it is looked for in so many events, the newest of those that have all other words, before the
/// index is asked for all that begins so.
const WORTH_LOOKING_AT: i64 = 2_000;

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
    let scopes = terms.bytes().filter(|byte| *byte == b' ').count() + 1;
    let mut words = String::with_capacity(20 + terms.len() + scopes * scope.len());
    // Writing to a string does not fail.
    let _ = write!(words, "_{log:x}");
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

/// The index's words that begin so. `None`: they are too many to look for each.
///
/// What the index is asked for by its beginning, it first reads through to the end, and the more has been said, the longer that
/// takes. Of whole words it reads no more than is asked for.
fn words_that_begin(tx: &Connection, beginning: &str) -> Result<Option<Vec<String>>> {
    let mut next_word = tx.prepare_cached(sql::NEXT_WORD)?;
    let mut words: Vec<String> = Vec::new();
    loop {
        // What stands behind a word at once: no word holds a control character.
        let from = words.last().map_or_else(|| beginning.to_owned(), |last| format!("{last}\u{1}"));
        let next: Option<String> = next_word.query_row([from], |row| row.get(0)).optional()?;
        match next.filter(|word| word.starts_with(beginning)) {
            None => return Ok(Some(words)),
            Some(_) if words.len() == WORTH_EXPANDING => return Ok(None),
            Some(word) => words.push(word),
        }
    }
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
    let (Some(through), Some((prefix, whole))) = (through, query.terms.split_last()) else { return Ok(None) };
    if !query.terms.iter().all(|term| is_term(term)) {
        return Ok(None);
    }
    let beginning = format!("{workspace:x}_{prefix}");
    let whole = whole.iter().map(|term| format!("\"{workspace:x}_{term}\""));
    let mut wanted: Vec<_> = whole.chain(log.map(|log| format!("\"_{log:x}\""))).collect();
    wanted.push(match words_that_begin(tx, &beginning)? {
        Some(words) if words.is_empty() => return Ok(None),
        Some(words) => {
            let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
            format!("({})", words.join(" OR "))
        }
        None => match among_the_newest(tx, query, &wanted.join(" AND "), &beginning, through)? {
            None => format!("\"{beginning}\" *"),
            hits => return Ok(hits),
        },
    });
    found(tx, query, sql::SEARCH, &[&wanted.join(" AND "), &through, &one_more(query.limit)]).map(Some)
}

/// Looks for a beginning in the texts of the newest events that have all `others`. `None`: there may be more than they have.
fn among_the_newest(
    tx: &Connection,
    query: &SearchQuery,
    others: &str,
    beginning: &str,
    through: i64,
) -> Result<Option<Vec<Hit>>> {
    let id = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    // No text begins with a term: the first word is the log's.
    let (word, limit) = (format!(" {beginning}"), one_more(query.limit));
    let (after, hits) = if others.is_empty() {
        let newest = tx.prepare_cached(sql::LAST_EVENT_ID)?.query_row([], id)?;
        let after = newest.min(through) - WORTH_LOOKING_AT;
        (after, found(tx, query, sql::SEARCH_NEWEST, &[&word, &after, &through, &limit])?)
    } else {
        let behind = (others, through, WORTH_LOOKING_AT);
        let after = tx.prepare_cached(sql::HIT_BEHIND)?.query_row(behind, id).optional()?.unwrap_or(0);
        (after, found(tx, query, sql::SEARCH_NEWEST_WITH, &[&word, &after, &through, &limit, &others])?)
    };
    Ok((after <= 0 || hits.len() > query.limit).then_some(hits))
}

fn found(tx: &Connection, query: &SearchQuery, sql: &str, params: &[&dyn ToSql]) -> Result<Vec<Hit>> {
    let mut statement = tx.prepare_cached(sql)?;
    statement.query_map(params, |row| codec::hit(row, &query.workspace))?.collect()
}

fn find_log(tx: &Connection, workspace: i64, kind: &LogKind) -> Result<Option<i64>> {
    tx.prepare_cached(sql::LOG)?.query_row((workspace, kind.to_string()), |row| row.get(0)).optional()
}

#[cfg(test)]
mod tests {
    use minicom_core::WorkspaceId;

    use super::*;
    use crate::schema;

    /// A file with an event of each text, numbered from 1 on.
    fn index_of(texts: &[String]) -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn).unwrap();
        conn.execute_batch(
            "INSERT INTO workspace VALUES (31, 'w', 0);
             INSERT INTO log (id, workspace, kind, rev, position, last_seq, snapshot) VALUES (1, 31, 'w', 1, 1, 1, x'')",
        )
        .unwrap();
        let mut edits = Vec::new();
        for (id, terms) in (1i64..).zip(texts) {
            let event = (id, 1, 31, id, id, "user:ann", 0, "");
            conn.execute(
                "INSERT INTO event (id, log, workspace, seq, position, actor, time, data)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, CAST(?8 AS BLOB))",
                event,
            )
            .unwrap();
            conn.execute(sql::SET_LAST_EVENT_ID, [id]).unwrap();
            edits.push(Edit::Add(id, words(31, 1, terms)));
        }
        apply(&conn, &edits).unwrap();
        conn
    }

    /// The events that a query finds, the newest first.
    fn found(conn: &mut Connection, terms: &str, limit: usize, before: Option<u64>) -> Vec<u64> {
        let terms = terms.split(' ').map(String::from).collect();
        let mut query = SearchQuery::new(WorkspaceId::try_from("w".to_owned()).unwrap(), terms, limit);
        query.before = before.map(Position);
        search(conn, &query).unwrap().items.iter().map(|hit| hit.seq.0).collect()
    }

    #[test]
    fn a_beginning_becomes_the_words_that_begin_so() {
        let mut conn =
            index_of(&["mon moon", "monday month", "mo", "monday", "日 m\u{10ffff}"].map(String::from));
        // Another workspace's, whose number begins so.
        apply(&conn, &[Edit::Add(9, words(0x1f1, 1, "monk"))]).unwrap();
        let begin_so = |conn: &Connection, beginning| words_that_begin(conn, beginning).unwrap().unwrap();
        assert_eq!(begin_so(&conn, "1f_mon"), ["1f_mon", "1f_monday", "1f_month"]);
        assert_eq!(begin_so(&conn, "1f_日"), ["1f_日"]);
        assert!(begin_so(&conn, "1f_x").is_empty() && begin_so(&conn, "1f_mondays").is_empty());
        assert_eq!(found(&mut conn, "mon", 9, None), [4, 2, 1]);
        assert_eq!(found(&mut conn, "month mond", 9, None), [2]);
        apply(&conn, &[Edit::Remove(1), Edit::Set(2, words(31, 1, "month"))]).unwrap();
        assert_eq!(begin_so(&conn, "1f_mon"), ["1f_monday", "1f_month"], "an erased word is none any more");
    }

    #[test]
    fn a_beginning_of_many_words_finds_the_same() {
        // Three quarters have the beginning; the last 2,000, which are looked at first, have few of it.
        let last = 4 * 1_500;
        let text = |n: u64| match n {
            _ if n > last && !n.is_multiple_of(500) => format!("again aword{n}"),
            _ if n.is_multiple_of(4) => "else sword".to_owned(),
            _ => format!("again word{n}"),
        };
        let texts: Vec<_> = (1..=last + 2_000).map(text).collect();
        let mut conn = index_of(&texts);
        assert_eq!(words_that_begin(&conn, "1f_word").unwrap(), None);
        let expected = |limit: usize, before: u64| -> Vec<u64> {
            let has = |n: &u64| texts[usize::try_from(*n).unwrap() - 1].starts_with("again word");
            (1..before.min(last + 2_001)).rev().filter(has).take(limit).collect()
        };
        for terms in ["word", "again word"] {
            for limit in [1, 3, 10, 5_000] {
                assert_eq!(
                    found(&mut conn, terms, limit, None),
                    expected(limit, u64::MAX),
                    "{terms} {limit}"
                );
                assert_eq!(
                    found(&mut conn, terms, limit, Some(3_001)),
                    expected(limit, 3_001),
                    "{terms} {limit}"
                );
                assert_eq!(found(&mut conn, terms, limit, Some(6)), expected(limit, 6), "{terms} {limit}");
            }
        }
        assert_eq!(found(&mut conn, "else word", 9, None), [0; 0]);
        assert_eq!(found(&mut conn, "word4999", 9, None), [4_999]);
    }
}
