-- A member's conversations are few: they are sorted when they are read, not moved with each message.
ALTER TABLE member RENAME TO member_by_recency;
CREATE TABLE member (
    workspace INTEGER NOT NULL,
    member TEXT NOT NULL,
    log INTEGER NOT NULL REFERENCES log (id),
    PRIMARY KEY (workspace, member, log)
) STRICT, WITHOUT ROWID;
INSERT INTO member SELECT workspace, member, log FROM member_by_recency;
DROP TABLE member_by_recency;

-- Those without unread messages are nearly all, and found in `log_inbox`.
DROP INDEX log_unread;
CREATE INDEX log_unread ON log (workspace, recency, kind) WHERE unread > 0;

-- What is due is asked of all workspaces, and little of it: a workspace's own is found among it.
DROP INDEX log_due;
