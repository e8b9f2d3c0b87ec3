-- Every key starts with the workspace, or with a log or an event that belongs to one.

-- The store itself: one row.
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    generation BLOB NOT NULL,
    last_event_id INTEGER NOT NULL,
    -- How often an erasure has left part of a word in the index since it was last rewritten (src/traces.rs).
    traces INTEGER NOT NULL
) STRICT;
INSERT INTO meta VALUES (1, randomblob(16), 0, 0);

-- Counters are kept, never computed from what is there: a number is not used again after its event was forgotten.
CREATE TABLE workspace (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    last_position INTEGER NOT NULL
) STRICT;

CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspace (id),
    -- `LogKind` as text; among conversations it sorts as their ids do.
    kind TEXT NOT NULL,
    rev INTEGER NOT NULL,
    position INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    -- Minus `active_at`, so that the inbox's order is ascending in both of its columns and a cursor is one comparison.
    -- NULL where the log is not a conversation; then so is every column of the row.
    recency INTEGER,
    status TEXT,
    assignee TEXT,
    members TEXT,
    tags TEXT,
    priority INTEGER,
    queued_at INTEGER,
    unread INTEGER,
    due_at INTEGER,
    -- Last, because it is long: what stands before it is read without its overflow pages.
    snapshot BLOB NOT NULL,
    UNIQUE (workspace, kind)
) STRICT;
CREATE INDEX log_inbox ON log (workspace, recency, kind);
CREATE INDEX log_unread ON log (workspace, (unread > 0), recency, kind);
CREATE INDEX log_waiting ON log (workspace, recency, kind) WHERE queued_at IS NOT NULL;
CREATE INDEX log_changed ON log (workspace, position);
CREATE INDEX log_due ON log (workspace, due_at, kind) WHERE due_at IS NOT NULL;
CREATE INDEX log_due_anywhere ON log (due_at, kind) WHERE due_at IS NOT NULL;

-- The inbox once more for each member.
CREATE TABLE member (
    workspace INTEGER NOT NULL,
    member TEXT NOT NULL,
    recency INTEGER NOT NULL,
    kind TEXT NOT NULL,
    log INTEGER NOT NULL REFERENCES log (id),
    PRIMARY KEY (workspace, member, recency, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    log INTEGER NOT NULL REFERENCES log (id),
    workspace INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    actor TEXT NOT NULL,
    client_id TEXT,
    digest BLOB,
    time INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX event_seq ON event (log, seq);
CREATE UNIQUE INDEX event_position ON event (workspace, position);
CREATE UNIQUE INDEX event_key ON event (workspace, actor, client_id) WHERE client_id IS NOT NULL;

-- rowid = event.id. A term arrives folded, and is indexed as `<workspace in hex>_<term>`: another workspace's words are
-- other words, and cost nothing. `_<log in hex>` is one more word of each event. `_` is in no term, so nobody can ask for
-- another scope. `ascii` folds and splits nothing beyond ASCII, which is what already folded terms need.
CREATE VIRTUAL TABLE search USING fts5 (
    terms, tokenize = "ascii tokenchars '_'", detail = none, columnsize = 0
);
-- A removed entry is removed from the index's pages, not marked.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
