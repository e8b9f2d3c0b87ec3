//! What erasing leaves in the index of words, and how it is removed.
//!
//! `secure-delete` removes a word from the index's pages. But where a segment of the index fills several pages, a table
//! beside it (`search_idx`) keeps the beginning of each page's first word: enough of it to tell the page from the one
//! before, which may be all of it. That entry stays when the word is removed. So an erasure looks whether it leaves one
//! that no other word begins with, and if so has the index merged into a new segment, step by step. That is seldom: it
//! takes a word that occurred nowhere else and happened to be the first of a page.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Result, TransactionBehavior};

use crate::sql;

/// Beyond so many words, merging costs no more than looking for each of them.
const WORTH_LOOKING: usize = 2_000;
/// How much one step of a merge writes, in pages of the index: some milliseconds' work.
const STEP: i64 = 64;
/// An entry of no event, rewritten before each merge: a single segment would not be merged.
const NO_EVENT: i64 = 0;

/// Whether an erasure leaves something behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Traces {
    None,
    Some,
}

/// Looks for traces of removed words, and notes in the transaction that removed them that there are some.
pub(crate) fn note(tx: &Connection, removed: &BTreeSet<String>) -> Result<Traces> {
    if removed.is_empty() || (removed.len() <= WORTH_LOOKING && !any(tx, removed)?) {
        return Ok(Traces::None);
    }
    tx.prepare_cached(sql::ADD_TRACE)?.execute([])?;
    Ok(Traces::Some)
}

fn any(tx: &Connection, removed: &BTreeSet<String>) -> Result<bool> {
    let mut next_segment = tx.prepare_cached(sql::NEXT_SEGMENT)?;
    let mut page_begin = tx.prepare_cached(sql::PAGE_BEGIN)?;
    let mut next_word = tx.prepare_cached(sql::NEXT_WORD)?;
    let mut segment = 0_i64;
    while let Some(next) = next_segment.query_row([segment], |row| row.get(0)).optional()? {
        segment = next;
        for word in removed {
            // The table has a `0` before each word, for the index itself, and digits for indexes of prefixes.
            let key = format!("0{word}").into_bytes();
            let begin = page_begin.query_row((segment, &key), |row| row.get::<_, Vec<u8>>(0)).optional()?;
            let Some(begin) = begin.filter(|begin| key.starts_with(begin)) else { continue };
            // It may end within a letter.
            let begin = begin.utf8_chunks().next().map_or("", |chunk| chunk.valid());
            // Scopes are no secret.
            let Some((_, of_a_term)) = begin.split_once('_') else { continue };
            if of_a_term.is_empty() || word.starts_with('_') {
                continue;
            }
            let beginning = &begin[1..];
            let next: Option<String> = next_word.query_row([beginning], |row| row.get(0)).optional()?;
            if next.is_none_or(|word| !word.starts_with(beginning)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether there are traces from before the file was opened.
pub(crate) fn left(conn: &Connection) -> Result<Option<Cleaning>> {
    let traces: i64 = conn.query_row(sql::TRACES, [], |row| row.get(0))?;
    Ok((traces > 0).then(Cleaning::default))
}

/// The merge of the whole index, in steps.
#[derive(Debug, Default)]
pub(crate) struct Cleaning {
    stage: Stage,
}

#[derive(Debug, Default, Clone, Copy)]
enum Stage {
    #[default]
    Begin,
    /// With how many traces it began. Those that came later may have fallen behind the merge.
    Start(i64),
    Merge(i64),
}

/// How far it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Goes,
    Done,
}

impl Cleaning {
    /// One step, in a transaction of its own.
    pub(crate) fn step(&mut self, conn: &mut Connection) -> Result<Progress> {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut progress = Progress::Goes;
        let stage = match self.stage {
            Stage::Begin => {
                tx.prepare_cached(sql::UNINDEX)?.execute([NO_EVENT])?;
                tx.prepare_cached(sql::INDEX)?.execute((NO_EVENT, "_"))?;
                Stage::Start(tx.prepare_cached(sql::TRACES)?.query_row([], |row| row.get(0))?)
            }
            Stage::Start(traces) => {
                // Negative: of everything, not only of what is worth merging.
                tx.prepare_cached(sql::MERGE)?.execute([-STEP])?;
                Stage::Merge(traces)
            }
            Stage::Merge(traces) => {
                let before = tx.total_changes();
                tx.prepare_cached(sql::MERGE)?.execute([STEP])?;
                if tx.total_changes() - before >= 2 {
                    Stage::Merge(traces)
                } else {
                    if tx.prepare_cached(sql::CLEAR_TRACES)?.execute([traces])? == 1 {
                        progress = Progress::Done;
                    }
                    Stage::Begin
                }
            }
        };
        tx.commit()?;
        self.stage = stage;
        Ok(progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        schema,
        search::{self, Edit},
    };

    fn index_of(words: std::ops::Range<i64>) -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn).unwrap();
        // Small pages, so that few words fill many.
        conn.execute_batch("INSERT INTO search (search, rank) VALUES ('pgsz', 64)").unwrap();
        let edits: Vec<_> =
            words.map(|n| Edit::Set(n, search::words(1, 1, &format!("word{n:04}")))).collect();
        let tx = conn.transaction().unwrap();
        assert!(search::apply(&tx, &edits).unwrap().is_empty());
        tx.commit().unwrap();
        conn
    }

    fn remove(conn: &mut Connection, ids: impl IntoIterator<Item = i64>) -> Traces {
        let edits: Vec<_> = ids.into_iter().map(Edit::Remove).collect();
        let tx = conn.transaction().unwrap();
        let removed = search::apply(&tx, &edits).unwrap();
        let traces = note(&tx, &removed).unwrap();
        tx.commit().unwrap();
        traces
    }

    /// Whole words that still stand in the table of pages.
    fn page_begins(conn: &Connection) -> BTreeSet<i64> {
        let mut begins = conn.prepare("SELECT CAST(term AS TEXT) FROM search_idx").unwrap();
        let begins = begins.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
        begins
            .filter_map(|term| term.strip_prefix("01_word").filter(|n| n.len() == 4)?.parse().ok())
            .collect()
    }

    #[test]
    fn traces_are_found_and_merged_away() {
        let mut conn = index_of(1..1_000);
        let at_risk = page_begins(&conn);
        assert!(at_risk.len() > 10);
        assert!(left(&conn).unwrap().is_none());
        assert_eq!(remove(&mut conn, at_risk.clone()), Traces::Some);
        assert!(!page_begins(&conn).is_disjoint(&at_risk), "SQLite has learnt to do this: drop this file");
        let mut cleaning = left(&conn).unwrap().expect("it is noted in the file");
        while cleaning.step(&mut conn).unwrap() == Progress::Goes {}
        assert!(page_begins(&conn).is_disjoint(&at_risk));
        assert!(left(&conn).unwrap().is_none());
        conn.execute_batch("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)").unwrap();
    }

    #[test]
    fn a_word_that_still_occurs_leaves_none() {
        let mut conn = index_of(1..1_000);
        let at_risk = page_begins(&conn);
        let again = |n: &i64| Edit::Set(n + 10_000, search::words(1, 1, &format!("word{n:04}")));
        search::apply(&conn, &at_risk.iter().map(again).collect::<Vec<_>>()).unwrap();
        assert_eq!(remove(&mut conn, at_risk), Traces::None);
        assert!(left(&conn).unwrap().is_none());
    }

    #[test]
    fn what_is_erased_during_a_merge_is_merged_again() {
        let mut conn = index_of(1..1_000);
        let at_risk = page_begins(&conn);
        let (first, second): (Vec<_>, Vec<_>) = at_risk.iter().partition(|n| *n % 2 == 0);
        assert_eq!(remove(&mut conn, first), Traces::Some);
        let mut cleaning = left(&conn).unwrap().unwrap();
        for _ in 0..2 {
            assert_eq!(cleaning.step(&mut conn).unwrap(), Progress::Goes);
        }
        let half_way = page_begins(&conn);
        remove(&mut conn, second.into_iter().chain(half_way.clone()));
        while cleaning.step(&mut conn).unwrap() == Progress::Goes {}
        assert!(page_begins(&conn).is_disjoint(&at_risk) && page_begins(&conn).is_disjoint(&half_way));
    }
}
