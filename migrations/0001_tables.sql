-- The nine tables of the studio. Portable SQL: SQLite (D1) today, Postgres later.
-- Ids are lower-case UUIDs as TEXT, times RFC 3339 UTC with milliseconds as TEXT
-- (so that comparing text compares times), JSON is TEXT, booleans are 0 or 1.
-- Two references form cycles; Postgres wants the target first, and SQLite has no
-- ADD CONSTRAINT, so those two columns are added once both tables are there.

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  clerk_id TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL UNIQUE,
  name TEXT,
  avatar_url TEXT,
  tier TEXT NOT NULL DEFAULT 'free' CHECK (tier IN ('free', 'pro', 'team', 'enterprise')),
  stripe_customer_id TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE teams (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  slug TEXT NOT NULL UNIQUE,
  owner_id TEXT NOT NULL REFERENCES users (id),
  tier TEXT NOT NULL DEFAULT 'team' CHECK (tier IN ('team', 'enterprise')),
  stripe_subscription_id TEXT,
  max_seats INTEGER NOT NULL DEFAULT 5 CHECK (max_seats > 0),
  created_at TEXT NOT NULL
);

ALTER TABLE users ADD COLUMN team_id TEXT REFERENCES teams (id);

-- spec_raw, analysis and server_bundle hold metadata and object keys; the
-- documents themselves are objects, because a row ends at 2 MB.
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  team_id TEXT REFERENCES teams (id),
  name TEXT NOT NULL,
  slug TEXT NOT NULL,
  description TEXT,
  status TEXT NOT NULL DEFAULT 'draft'
    CHECK (status IN ('draft', 'analyzed', 'generated', 'tested', 'deployed')),
  spec_url TEXT,
  spec_raw TEXT,
  analysis TEXT,
  analysis_id TEXT,
  tool_config TEXT,
  app_config TEXT,
  auth_config TEXT,
  server_bundle TEXT,
  bundle_id TEXT,
  bundle_revision INTEGER,
  revision INTEGER NOT NULL DEFAULT 0 CHECK (revision >= 0),
  tool_count INTEGER NOT NULL DEFAULT 0 CHECK (tool_count >= 0),
  enabled_tool_count INTEGER NOT NULL DEFAULT 0 CHECK (enabled_tool_count >= 0),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  UNIQUE (user_id, slug)
);

CREATE TABLE tools (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  tool_key TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  group_name TEXT,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  input_schema TEXT NOT NULL,
  output_schema TEXT,
  annotations TEXT,
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  deprecated INTEGER NOT NULL DEFAULT 0 CHECK (deprecated IN (0, 1)),
  position INTEGER NOT NULL DEFAULT 0,
  canvas_x REAL,
  canvas_y REAL,
  created_at TEXT NOT NULL,
  UNIQUE (project_id, tool_key)
);

CREATE TABLE apps (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  pattern TEXT NOT NULL,
  layout_config TEXT,
  html_bundle TEXT,
  tool_bindings TEXT,
  created_at TEXT NOT NULL
);

CREATE TABLE deployments (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id),
  job_id TEXT NOT NULL,
  bundle_id TEXT NOT NULL,
  target TEXT NOT NULL CHECK (target IN ('mcpengine', 'npm', 'docker', 'cloudflare', 'download')),
  status TEXT NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'building', 'live', 'failed', 'stopped')),
  access TEXT NOT NULL DEFAULT 'token' CHECK (access IN ('token', 'public')),
  url TEXT,
  endpoint TEXT,
  worker_id TEXT,
  version TEXT NOT NULL,
  modules_key TEXT,
  config TEXT NOT NULL,
  logs TEXT NOT NULL DEFAULT '[]',
  created_at TEXT NOT NULL,
  stopped_at TEXT,
  UNIQUE (project_id, version),
  -- A version without its modules is not complete and must not be served.
  CHECK (status <> 'live' OR target <> 'mcpengine' OR modules_key IS NOT NULL)
);

CREATE TABLE marketplace_listings (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  author_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  slug TEXT NOT NULL UNIQUE,
  description TEXT,
  category TEXT,
  tags TEXT NOT NULL DEFAULT '[]',
  icon_url TEXT,
  preview_url TEXT,
  tool_count INTEGER,
  app_count INTEGER,
  fork_count INTEGER NOT NULL DEFAULT 0 CHECK (fork_count >= 0),
  is_official INTEGER NOT NULL DEFAULT 0 CHECK (is_official IN (0, 1)),
  is_featured INTEGER NOT NULL DEFAULT 0 CHECK (is_featured IN (0, 1)),
  price_cents INTEGER NOT NULL DEFAULT 0 CHECK (price_cents >= 0),
  status TEXT NOT NULL DEFAULT 'review'
    CHECK (status IN ('review', 'published', 'rejected', 'archived')),
  created_at TEXT NOT NULL,
  published_at TEXT
);

ALTER TABLE projects ADD COLUMN template_id TEXT REFERENCES marketplace_listings (id);

CREATE TABLE usage_logs (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  action TEXT NOT NULL CHECK (action IN ('analyze', 'generate', 'test', 'deploy')),
  project_id TEXT REFERENCES projects (id) ON DELETE SET NULL,
  tokens_used INTEGER,
  duration_ms INTEGER,
  created_at TEXT NOT NULL
);

-- encrypted_value is a vault envelope; last4 is all that is ever shown again.
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id),
  key_name TEXT NOT NULL,
  encrypted_value TEXT NOT NULL,
  last4 TEXT,
  created_at TEXT NOT NULL,
  UNIQUE (project_id, key_name)
);

CREATE INDEX idx_projects_user ON projects (user_id, created_at, id);
CREATE INDEX idx_projects_team ON projects (team_id);
CREATE INDEX idx_tools_project ON tools (project_id, position);
CREATE INDEX idx_apps_project ON apps (project_id);
CREATE INDEX idx_deployments_project ON deployments (project_id, created_at);
CREATE INDEX idx_deployments_user ON deployments (user_id);
CREATE INDEX idx_marketplace_category ON marketplace_listings (category);
CREATE INDEX idx_marketplace_project ON marketplace_listings (project_id);
CREATE INDEX idx_marketplace_featured ON marketplace_listings (is_featured) WHERE is_featured = 1;
CREATE INDEX idx_usage_user_date ON usage_logs (user_id, created_at);
CREATE INDEX idx_usage_project ON usage_logs (project_id);

-- One deployment of a project is in the making at a time, and one is live.
CREATE UNIQUE INDEX idx_deployments_active ON deployments (project_id)
  WHERE status IN ('pending', 'building');
CREATE UNIQUE INDEX idx_deployments_live ON deployments (project_id, target)
  WHERE status = 'live';
