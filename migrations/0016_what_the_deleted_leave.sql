-- For the sweep that ends what people and organisations leave whom the directory has
-- deleted; both are few.
CREATE INDEX idx_users_deleted ON users (deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX idx_teams_deleted ON teams (deleted_at, id) WHERE deleted_at IS NOT NULL;
