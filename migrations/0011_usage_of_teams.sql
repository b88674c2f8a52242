-- Whose limits a job counted against, where it was a team's, and how it ended. The
-- id is the job's from here on: one row for each.
ALTER TABLE usage_logs ADD COLUMN team_id TEXT REFERENCES teams (id) ON DELETE SET NULL;
ALTER TABLE usage_logs ADD COLUMN ending TEXT;

CREATE INDEX idx_usage_team_date ON usage_logs (team_id, created_at);
