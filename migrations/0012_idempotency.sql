-- Requests that make something and carry an Idempotency-Key: the row is claimed
-- before the work, under a lease, and holds the answer after it. Kept for a day.
CREATE TABLE idempotency_keys (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  idempotency_key TEXT NOT NULL,
  -- SHA-256 of the request.
  fingerprint TEXT NOT NULL,
  -- The id that what it makes gets, in every attempt the same.
  resource_id TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1,
  lease_until TEXT NOT NULL,
  -- Of the answer; null while it runs.
  status INTEGER,
  -- Sealed by the vault, for it may hold a token; null where the answer is the
  -- stream of the job `resource_id`.
  answer TEXT,
  created_at TEXT NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
);

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
