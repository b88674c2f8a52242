-- What was done that matters to an account's safety. A row is written in the batch
-- of its effect and never changed; kept for a year.
CREATE TABLE audit_log (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  action TEXT NOT NULL,
  -- By name only: what it points to may be gone.
  object_id TEXT NOT NULL,
  project_id TEXT,
  detail TEXT,
  -- The personal access token that acted; null for the person's session.
  token_id TEXT,
  request_id TEXT,
  created_at TEXT NOT NULL
);

CREATE INDEX audit_log_user ON audit_log (user_id, created_at, id);
CREATE INDEX audit_log_created ON audit_log (created_at);
