-- Teams: who is in one, in which role, and who was asked in. teams.owner_id names
-- the one member with the role 'owner'; both change in one batch.
-- teams.tier is what its subscription is for; it counts while the status is
-- 'active', 'trialing' or 'past_due'. Without one the team has the free tier.
ALTER TABLE teams ADD COLUMN external_id TEXT;
ALTER TABLE teams ADD COLUMN stripe_customer_id TEXT;
ALTER TABLE teams ADD COLUMN subscription_status TEXT NOT NULL DEFAULT 'none';
ALTER TABLE teams ADD COLUMN deleted_at TEXT;

-- `issuer|id` of an organisation that another directory holds.
CREATE UNIQUE INDEX idx_teams_external ON teams (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX idx_teams_owner ON teams (owner_id);
CREATE INDEX idx_users_team ON users (team_id);

CREATE TABLE team_members (
  team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id),
  role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
  created_at TEXT NOT NULL,
  PRIMARY KEY (team_id, user_id)
);

CREATE INDEX idx_team_members_user ON team_members (user_id, team_id);
CREATE UNIQUE INDEX idx_team_members_owner ON team_members (team_id) WHERE role = 'owner';

-- The token is in the invitation's link and nowhere else.
CREATE TABLE team_invitations (
  id TEXT PRIMARY KEY,
  team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('admin', 'editor', 'viewer')),
  token_hash TEXT NOT NULL UNIQUE,
  invited_by TEXT NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  accepted_at TEXT,
  revoked_at TEXT
);

CREATE INDEX idx_team_invitations_team ON team_invitations (team_id, created_at);
CREATE INDEX idx_team_invitations_inviter ON team_invitations (invited_by);
