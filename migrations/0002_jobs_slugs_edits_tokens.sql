-- A job is a row first. Its project may not exist yet (an analysis makes it when
-- it succeeds) and may be gone already, so project_id is no foreign key.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  project_id TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('analyze', 'generate', 'test', 'deploy')),
  state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
  lease_until TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  input TEXT NOT NULL,
  result TEXT,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  CHECK ((state = 'running') = (finished_at IS NULL))
);

CREATE INDEX idx_jobs_project ON jobs (project_id);
CREATE INDEX idx_jobs_user ON jobs (user_id, created_at);
CREATE INDEX idx_jobs_lease ON jobs (lease_until) WHERE state = 'running';

-- An event is in the row, or in an object where it is too large for one.
CREATE TABLE job_events (
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  json TEXT,
  object_key TEXT,
  PRIMARY KEY (job_id, seq),
  CHECK ((json IS NULL) <> (object_key IS NULL))
);

-- Hosted names, global. A row outlives its project: a name that was in use is
-- not given to anybody else for 90 days.
CREATE TABLE slugs (
  slug TEXT PRIMARY KEY CHECK (length(slug) BETWEEN 1 AND 40),
  project_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  deployment_id TEXT,
  created_at TEXT NOT NULL,
  released_at TEXT,
  CHECK (released_at IS NULL OR deployment_id IS NULL)
);

CREATE UNIQUE INDEX idx_slugs_project ON slugs (project_id) WHERE released_at IS NULL;

CREATE TABLE plan_edits (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  tool_key TEXT NOT NULL,
  path TEXT NOT NULL,
  value TEXT NOT NULL,
  prev TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL,
  PRIMARY KEY (project_id, revision)
);

CREATE TABLE endpoint_tokens (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  last4 TEXT NOT NULL,
  created_at TEXT NOT NULL,
  revoked_at TEXT
);

CREATE INDEX idx_endpoint_tokens_project ON endpoint_tokens (project_id);
