//! Every statement that the store executes, so that one test can look at the plan of each. Migrations and pragmas
//! stand in `schema`.

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $($part:expr),+;)*) => {
        $($(#[$doc])* pub(crate) const $name: &str = concat!($($part),+);)*
        /// All of them, by name.
        #[cfg(test)]
        const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// In the order in which `codec::event` reads them.
macro_rules! event_columns {
    () => {
        "SELECT l.kind, e.seq, e.id, e.position, e.actor, e.client_id, e.digest, e.time, e.data "
    };
}

/// In the order in which `codec::stored_row` reads them.
macro_rules! row_columns {
    () => {
        "SELECT l.kind, l.rev, l.position, l.recency, l.status, l.assignee, l.members, l.tags, l.priority, \
         l.queued_at, l.unread, l.due_at, l.flagged, l.snapshot "
    };
}

/// In the order in which `codec::hit` reads them.
macro_rules! hits {
    () => {
        "SELECT l.kind, e.seq, e.position FROM search s CROSS JOIN event e ON e.id = s.rowid \
         CROSS JOIN log l ON l.id = e.log "
    };
}

macro_rules! the_workspace {
    () => {
        "(SELECT id FROM workspace WHERE name = ?1)"
    };
}

macro_rules! the_log {
    () => {
        "(SELECT id FROM log WHERE workspace = (SELECT id FROM workspace WHERE name = ?1) AND kind = ?2)"
    };
}

/// Conditions that hold if they are NULL.
macro_rules! also_unread_and_member {
    () => {
        " AND (?5 IS NULL OR (l.unread > 0) = ?5) AND (?6 IS NULL OR EXISTS (SELECT 1 FROM member m \
         WHERE m.workspace = l.workspace AND m.member = ?6 AND m.log = l.id))"
    };
}

macro_rules! also_waiting {
    () => {
        " AND (?7 IS NULL OR (l.queued_at IS NOT NULL) = ?7)"
    };
}

statements! {
    GENERATION = "SELECT generation FROM meta WHERE id = 1";
    RENEW_GENERATION = "UPDATE meta SET generation = randomblob(16) WHERE id = 1";
    WORKSPACE = "SELECT id, last_position FROM workspace WHERE name = ?1";
    ADD_WORKSPACE = "INSERT INTO workspace (name, last_position) VALUES (?1, 0)";
    SET_LAST_POSITION = "UPDATE workspace SET last_position = ?2 WHERE id = ?1";
    LAST_EVENT_ID = "SELECT last_event_id FROM meta WHERE id = 1";
    SET_LAST_EVENT_ID = "UPDATE meta SET last_event_id = ?1 WHERE id = 1";

    /// A log before it is changed.
    FIND_LOG =
        "SELECT id, rev, last_seq, members FROM log WHERE workspace = ?1 AND kind = ?2";
    LOG = "SELECT id FROM log WHERE workspace = ?1 AND kind = ?2";
    ADD_LOG =
        "INSERT INTO log (workspace, kind, rev, position, last_seq, snapshot) VALUES (?1, ?2, 0, 0, 0, x'')";
    SET_LOG =
        "UPDATE log SET rev = ?2, position = ?3, last_seq = ?4, snapshot = ?5 WHERE id = ?1";
    SET_CONVERSATION =
        "UPDATE log SET rev = ?2, position = ?3, last_seq = ?4, snapshot = ?5, recency = ?6, status = ?7, \
         assignee = ?8, members = ?9, tags = ?10, priority = ?11, queued_at = ?12, unread = ?13, due_at = ?14, \
         flagged = ?15 WHERE id = ?1";
    REMOVE_MEMBER = "DELETE FROM member WHERE workspace = ?1 AND member = ?2 AND log = ?3";
    ADD_MEMBER =
        "INSERT INTO member (workspace, member, log) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

    ADD_EVENT =
        "INSERT INTO event (id, log, workspace, seq, position, actor, client_id, digest, time, data) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    EVENT_ID = "SELECT id FROM event WHERE log = ?1 AND seq = ?2";
    REWRITE_EVENT = "UPDATE event SET data = ?2 WHERE id = ?1";
    EVENTS_THROUGH = "SELECT id FROM event WHERE log = ?1 AND seq <= ?2";
    FORGET_THROUGH = "DELETE FROM event WHERE log = ?1 AND seq <= ?2";

    INDEXED = "SELECT terms FROM search WHERE rowid = ?1";
    UNINDEX = "DELETE FROM search WHERE rowid = ?1";
    INDEX = "INSERT INTO search (rowid, terms) VALUES (?1, ?2)";

    TRACES = "SELECT traces FROM meta WHERE id = 1";
    ADD_TRACE = "UPDATE meta SET traces = traces + 1 WHERE id = 1";
    CLEAR_TRACES = "UPDATE meta SET traces = 0 WHERE id = 1 AND traces = ?1";
    /// The index's own table of where each page of a segment begins.
    NEXT_SEGMENT = "SELECT segid FROM search_idx WHERE segid > ?1 ORDER BY segid LIMIT 1";
    PAGE_BEGIN = "SELECT term FROM search_idx WHERE segid = ?1 AND term <= ?2 ORDER BY term DESC LIMIT 1";
    MERGE = "INSERT INTO search (search, rank) VALUES ('merge', ?1)";

    LOAD =
        "SELECT id, rev, snapshot, workspace FROM log WHERE workspace = ", the_workspace!(), " AND kind = ?2";
    EVENT_BY_KEY =
        event_columns!(), "FROM event e JOIN log l ON l.id = e.log \
         WHERE e.workspace = ?1 AND e.actor = ?2 AND e.client_id = ?3";
    EVENT_BY_SEQ = event_columns!(), "FROM event e JOIN log l ON l.id = e.log WHERE e.log = ?1 AND e.seq = ?2";
    EVENTS_OLDEST_FIRST =
        event_columns!(), "FROM event e CROSS JOIN log l ON l.id = e.log WHERE e.log = ", the_log!(),
        " AND e.seq BETWEEN ?3 AND ?4 ORDER BY e.seq LIMIT ?5";
    EVENTS_NEWEST_FIRST =
        event_columns!(), "FROM event e CROSS JOIN log l ON l.id = e.log WHERE e.log = ", the_log!(),
        " AND e.seq BETWEEN ?3 AND ?4 ORDER BY e.seq DESC LIMIT ?5";
    EVENTS_BY_POSITION =
        event_columns!(), "FROM event e CROSS JOIN log l ON l.id = e.log WHERE e.workspace = ", the_workspace!(),
        " AND e.position > ?2 ORDER BY e.position LIMIT ?3";

    ROWS_ACTIVE =
        row_columns!(), "FROM log l WHERE l.workspace = ", the_workspace!(),
        " AND (l.recency, l.kind) > (?2, ?3) ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_UNREAD =
        row_columns!(), "FROM log l WHERE l.workspace = ", the_workspace!(),
        " AND l.unread > 0 AND (l.recency, l.kind) > (?2, ?3) ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_READ =
        row_columns!(), "FROM log l WHERE l.workspace = ", the_workspace!(),
        " AND l.unread = 0 AND (l.recency, l.kind) > (?2, ?3) ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_MEMBER =
        row_columns!(), "FROM member m CROSS JOIN log l ON l.id = m.log WHERE m.workspace = ", the_workspace!(),
        " AND m.member = ?5 AND (l.recency, l.kind) > (?2, ?3) ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_MEMBER_UNREAD =
        row_columns!(), "FROM member m CROSS JOIN log l ON l.id = m.log WHERE m.workspace = ", the_workspace!(),
        " AND m.member = ?5 AND (l.unread > 0) = ?6 AND (l.recency, l.kind) > (?2, ?3) \
         ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_WAITING =
        row_columns!(), "FROM log l WHERE l.workspace = ", the_workspace!(),
        " AND (l.recency, l.kind) > (?2, ?3) AND l.queued_at IS NOT NULL", also_unread_and_member!(),
        " ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_NOT_WAITING =
        row_columns!(), "FROM log l WHERE l.workspace = ", the_workspace!(),
        " AND (l.recency, l.kind) > (?2, ?3) AND l.queued_at IS NULL", also_unread_and_member!(),
        " ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_FLAGGED =
        row_columns!(), "FROM log l WHERE l.workspace = ", the_workspace!(),
        " AND (l.recency, l.kind) > (?2, ?3) AND l.flagged = 1", also_unread_and_member!(), also_waiting!(),
        " ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_NOT_FLAGGED =
        row_columns!(), "FROM log l WHERE l.workspace = ", the_workspace!(),
        " AND (l.recency, l.kind) > (?2, ?3) AND l.flagged IS NOT 1", also_unread_and_member!(), also_waiting!(),
        " ORDER BY l.recency, l.kind LIMIT ?4";
    ROWS_CHANGED =
        row_columns!(), "FROM log l WHERE l.workspace = ", the_workspace!(),
        " AND l.position > ?2 AND l.recency IS NOT NULL ORDER BY l.position LIMIT ?3";
    /// `+`: found by when it is due, which nearly nothing is.
    ROWS_DUE =
        row_columns!(), "FROM log l WHERE +l.workspace = ", the_workspace!(),
        " AND l.due_at <= ?2 ORDER BY l.due_at, l.kind LIMIT ?3";
    ROWS_DUE_ANYWHERE =
        row_columns!(), ", w.name FROM log l CROSS JOIN workspace w ON w.id = l.workspace \
         WHERE l.due_at <= ?1 ORDER BY l.due_at, l.kind LIMIT ?2";

    /// Not `term > ?1`: the index would begin at that word all the same, and go through all events that have it.
    NEXT_WORD = "SELECT term FROM word WHERE term >= ?1 LIMIT 1";
    /// Within a workspace, ids rise as positions do.
    LAST_ID_BEFORE =
        "SELECT id FROM event WHERE workspace = ?1 AND position < ?2 ORDER BY position DESC LIMIT 1";
    SEARCH =
        hits!(), "WHERE s.search MATCH ?1 AND s.rowid <= ?2 ORDER BY s.rowid DESC LIMIT ?3";
    /// The event that so many found ones are newer than.
    HIT_BEHIND =
        "SELECT rowid FROM search WHERE search MATCH ?1 AND rowid <= ?2 ORDER BY rowid DESC LIMIT 1 OFFSET ?3";
    /// In their texts, one by one.
    SEARCH_NEWEST =
        hits!(), "WHERE instr(s.terms, ?1) > 0 AND s.rowid > ?2 AND s.rowid <= ?3 ORDER BY s.rowid DESC LIMIT ?4";
    SEARCH_NEWEST_WITH =
        hits!(), "WHERE s.search MATCH ?5 AND instr(s.terms, ?1) > 0 AND s.rowid > ?2 AND s.rowid <= ?3 \
         ORDER BY s.rowid DESC LIMIT ?4";
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::schema;

    /// What SQLite would do for a statement, a step a line.
    fn plan(conn: &Connection, sql: &str) -> Vec<String> {
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let unset = rusqlite::params_from_iter(vec![rusqlite::types::Null; statement.parameter_count()]);
        statement.query_map(unset, |row| row.get("detail")).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn no_statement_reads_a_whole_table_or_sorts() {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn).unwrap();
        for (name, sql) in ALL {
            for step in plan(&conn, sql) {
                let scans = step.contains("SCAN") && !step.contains("VIRTUAL TABLE");
                // A member's conversations are few, and would move in a sorted table with each message.
                let sorts = step.contains("TEMP B-TREE") && !name.starts_with("ROWS_MEMBER");
                assert!(!scans && !sorts, "{name}: {step}");
            }
        }
    }

    #[test]
    fn paging_starts_at_its_cursor() {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn).unwrap();
        for (sql, expected) in [
            (ROWS_ACTIVE, "log_inbox (workspace=? AND (recency,kind)>(?,?))"),
            (ROWS_UNREAD, "log_unread (workspace=? AND (recency,kind)>(?,?))"),
            (ROWS_READ, "log_inbox (workspace=? AND (recency,kind)>(?,?))"),
            (ROWS_MEMBER, "PRIMARY KEY (workspace=? AND member=?)"),
            (ROWS_MEMBER_UNREAD, "PRIMARY KEY (workspace=? AND member=?)"),
            (ROWS_WAITING, "log_waiting (workspace=? AND (recency,kind)>(?,?))"),
            (ROWS_NOT_WAITING, "log_inbox (workspace=? AND (recency,kind)>(?,?))"),
            (ROWS_FLAGGED, "log_flagged (workspace=? AND (recency,kind)>(?,?))"),
            (ROWS_NOT_FLAGGED, "log_inbox (workspace=? AND (recency,kind)>(?,?))"),
            (ROWS_CHANGED, "log_changed (workspace=? AND position>?)"),
            (ROWS_DUE, "log_due_anywhere (due_at<?)"),
            (ROWS_DUE_ANYWHERE, "log_due_anywhere (due_at<?)"),
            (EVENTS_BY_POSITION, "event_position (workspace=? AND position>?)"),
            (EVENTS_NEWEST_FIRST, "event_seq (log=? AND seq>? AND seq<?)"),
            (EVENT_BY_KEY, "event_key (workspace=? AND actor=? AND client_id=?)"),
        ] {
            let plan = plan(&conn, sql);
            assert!(plan.iter().any(|step| step.ends_with(expected)), "{expected} is not in {plan:?}");
        }
    }
}
