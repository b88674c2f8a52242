-- Whose account is gone: the row stays, so that a token that is still valid does
-- not make the account anew. users.clerk_id is `issuer|subject`.
ALTER TABLE users ADD COLUMN deleted_at TEXT;
