-- Whether something waits for review. NULL for a log that was not written since; then nothing does.
ALTER TABLE log ADD COLUMN flagged INTEGER;
CREATE INDEX log_flagged ON log (workspace, recency, kind) WHERE flagged = 1;
