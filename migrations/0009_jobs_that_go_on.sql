-- How a job ended: `dead` is one that failed in every attempt it had.
ALTER TABLE jobs ADD COLUMN ending TEXT CHECK (ending IN ('done', 'failed', 'cancelled', 'dead'));
-- When its user asked for its end.
ALTER TABLE jobs ADD COLUMN cancel_requested_at TEXT;
