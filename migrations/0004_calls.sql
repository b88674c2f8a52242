-- The names of the tools that a version listed when it was checked, each between
-- spaces: only these get counters of their own.
ALTER TABLE deployments ADD COLUMN tool_names TEXT;

-- What a version was asked, by hour (`2026-11-23T02`), method and tool; `tool` is
-- empty where the method is not tools/call. b0 to b15 are a histogram: the bounds
-- are in crates/store/src/calls/latency.rs and never change.
CREATE TABLE call_hours (
  deployment_id TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  hour TEXT NOT NULL,
  method TEXT NOT NULL,
  tool TEXT NOT NULL,
  calls INTEGER NOT NULL CHECK (calls >= 1),
  errors INTEGER NOT NULL CHECK (errors >= 0),
  bytes_out INTEGER NOT NULL CHECK (bytes_out >= 0),
  max_ms INTEGER NOT NULL CHECK (max_ms >= 0),
  b0 INTEGER NOT NULL,
  b1 INTEGER NOT NULL,
  b2 INTEGER NOT NULL,
  b3 INTEGER NOT NULL,
  b4 INTEGER NOT NULL,
  b5 INTEGER NOT NULL,
  b6 INTEGER NOT NULL,
  b7 INTEGER NOT NULL,
  b8 INTEGER NOT NULL,
  b9 INTEGER NOT NULL,
  b10 INTEGER NOT NULL,
  b11 INTEGER NOT NULL,
  b12 INTEGER NOT NULL,
  b13 INTEGER NOT NULL,
  b14 INTEGER NOT NULL,
  b15 INTEGER NOT NULL,
  last_error TEXT,
  last_error_at TEXT,
  PRIMARY KEY (deployment_id, hour, method, tool)
);

-- The latest calls of a version, for the live tail; pruned by every write.
CREATE TABLE recent_calls (
  deployment_id TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  at TEXT NOT NULL,
  method TEXT NOT NULL,
  tool TEXT NOT NULL,
  outcome TEXT NOT NULL
    CHECK (outcome IN ('ok', 'tool_error', 'protocol_error', 'http_error', 'failed', 'cancelled')),
  duration_ms INTEGER NOT NULL CHECK (duration_ms >= 0),
  bytes_out INTEGER NOT NULL CHECK (bytes_out >= 0),
  error TEXT,
  PRIMARY KEY (deployment_id, seq)
);
