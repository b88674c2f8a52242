-- When a request last came in with the token, to the hour: which one may go.
ALTER TABLE endpoint_tokens ADD COLUMN last_used_at TEXT;
