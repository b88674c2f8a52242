-- What webhooks have told. A delivery is in the same batch as its effect, so that
-- one that is sent again finds itself.
CREATE TABLE webhook_events (
  source TEXT NOT NULL CHECK (source IN ('clerk', 'stripe')),
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  received_at TEXT NOT NULL,
  PRIMARY KEY (source, id)
);

CREATE INDEX idx_webhook_events_received ON webhook_events (received_at);

-- The directory (Clerk): versions are texts whose order is the order of changes.
-- users.wanted_email waits until nobody else has the address.
ALTER TABLE users ADD COLUMN directory_version TEXT;
ALTER TABLE users ADD COLUMN wanted_email TEXT;
ALTER TABLE teams ADD COLUMN directory_version TEXT;
ALTER TABLE teams ADD COLUMN directory_creator TEXT;

CREATE INDEX idx_users_wanted_email ON users (wanted_email) WHERE wanted_email IS NOT NULL;
CREATE INDEX idx_teams_creator ON teams (directory_creator) WHERE directory_creator IS NOT NULL;

-- Memberships as the directory tells them; team_members follows from them.
CREATE TABLE directory_memberships (
  external_id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id),
  role TEXT NOT NULL CHECK (role IN ('admin', 'editor', 'viewer')),
  joined_at TEXT NOT NULL,
  version TEXT NOT NULL,
  gone_at TEXT
);

CREATE INDEX idx_directory_memberships_team ON directory_memberships (team_id, user_id);
CREATE INDEX idx_directory_memberships_user ON directory_memberships (user_id);

-- Organisations and memberships that are gone: an older event must not bring them
-- back. The directory uses an id once.
CREATE TABLE directory_tombstones (
  external_id TEXT PRIMARY KEY,
  gone_at TEXT NOT NULL
);

-- Subscriptions at Stripe. history is what mcpengine_stripe::History keeps; the
-- other columns follow from it. Of several the one of the lowest standing counts:
-- 0 and 1 are live. unsettled_at is the second that Stripe has to be asked about.
CREATE TABLE subscriptions (
  id TEXT PRIMARY KEY,
  customer_id TEXT,
  user_id TEXT REFERENCES users (id),
  team_id TEXT REFERENCES teams (id) ON DELETE SET NULL,
  status TEXT,
  standing INTEGER NOT NULL,
  price_id TEXT,
  seats INTEGER CHECK (seats > 0),
  started_at TEXT NOT NULL,
  period_end TEXT,
  ends_at TEXT,
  payment_failed_at TEXT,
  unsettled_at INTEGER,
  history TEXT NOT NULL,
  revision INTEGER NOT NULL
);

CREATE INDEX idx_subscriptions_user ON subscriptions (user_id, standing);
CREATE INDEX idx_subscriptions_team ON subscriptions (team_id, standing);
CREATE INDEX idx_subscriptions_unsettled ON subscriptions (unsettled_at)
  WHERE unsettled_at IS NOT NULL;
