-- How far a walk over all rows has come that goes on at the next scheduled event.
-- `cursor` is the id of the last row, empty at the start.
CREATE TABLE walks (
  name TEXT PRIMARY KEY,
  cursor TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
