//! The index of words: how terms are written into it, and how a query is put to it.

use std::{collections::BTreeSet, fmt::Write};

use minicom_core::{Hit, LogId, LogKind, Page, Position, SearchQuery};
use rusqlite::{Connection, OptionalExtension, Result};

use crate::{
    codec::{self, int, one_more},
    sql,
};

/// Of so many words a beginning is looked for as each of them.
const WORTH_EXPANDING: usize = 64;

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

/// The query in the index's own language: every word quoted, the last one as what begins with it. `None`: nothing can be found.
fn expression(tx: &Connection, workspace: i64, log: Option<i64>, terms: &[String]) -> Result<Option<String>> {
    let Some((prefix, whole)) = terms.split_last() else { return Ok(None) };
    if !terms.iter().all(|term| is_term(term)) {
        return Ok(None);
    }
    let prefix = format!("{workspace:x}_{prefix}");
    let last = match words_that_begin(tx, &prefix)? {
        Some(words) if words.is_empty() => return Ok(None),
        Some(words) => {
            let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
            format!("({})", words.join(" OR "))
        }
        None => format!("\"{prefix}\" *"),
    };
    let whole = whole.iter().map(|term| format!("\"{workspace:x}_{term}\""));
    let log = log.map(|log| format!("\"_{log:x}\""));
    let words: Vec<_> = whole.chain([last]).chain(log).collect();
    Ok(Some(words.join(" AND ")))
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
    let (Some(through), Some(expression)) = (through, expression(tx, workspace, log, &query.terms)?) else {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    fn index_of(texts: &[String]) -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn).unwrap();
        let edits = (1..).zip(texts).map(|(id, terms)| Edit::Add(id, words(0x1f, 1, terms)));
        apply(&conn, &edits.collect::<Vec<_>>()).unwrap();
        conn
    }

    /// The events that a query of one word finds, the newest first.
    fn found(conn: &Connection, term: &str) -> Vec<i64> {
        let Some(expression) = expression(conn, 0x1f, None, &[term.to_owned()]).unwrap() else {
            return Vec::new();
        };
        let mut found =
            conn.prepare("SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC").unwrap();
        found.query_map([expression], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_beginning_becomes_the_words_that_begin_so() {
        let conn =
            index_of(&["mon moon", "monday month", "mo", "monday", "日 m\u{10ffff}"].map(String::from));
        // Another workspace's, whose number begins so.
        apply(&conn, &[Edit::Add(9, words(0x1f1, 1, "monk"))]).unwrap();
        let words = |beginning| words_that_begin(&conn, beginning).unwrap().unwrap();
        assert_eq!(words("1f_mon"), ["1f_mon", "1f_monday", "1f_month"]);
        assert_eq!(words("1f_日"), ["1f_日"]);
        assert!(words("1f_x").is_empty() && words("1f_mondays").is_empty());
        assert_eq!((found(&conn, "mon"), found(&conn, "mond")), (vec![4, 2, 1], vec![4, 2]));
        apply(&conn, &[Edit::Remove(1), Edit::Set(2, self::words(0x1f, 1, "month"))]).unwrap();
        assert_eq!(words("1f_mon"), ["1f_monday", "1f_month"], "an erased word is none any more");
    }

    #[test]
    fn beginnings_of_many_words_find_the_same() {
        for count in [WORTH_EXPANDING, WORTH_EXPANDING + 1] {
            let conn = index_of(&(0..count).map(|n| format!("again word{n:04}")).collect::<Vec<_>>());
            let expanded = words_that_begin(&conn, "1f_word").unwrap();
            assert_eq!(expanded.map(|words| words.len()), (count == WORTH_EXPANDING).then_some(count));
            let all: Vec<i64> = (1..=i64::try_from(count).unwrap()).rev().collect();
            assert_eq!(found(&conn, "word"), all);
            assert_eq!(found(&conn, "word0007"), [8]);
        }
    }
}
