-- The sample API's tables and first rows. `cargo xtask dev` runs it; production
-- never has these tables, so it is no migration.
CREATE TABLE IF NOT EXISTS sample_books (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  author TEXT NOT NULL,
  genre TEXT NOT NULL,
  year INTEGER NOT NULL,
  copies INTEGER NOT NULL CHECK (copies >= 0)
);
CREATE TABLE IF NOT EXISTS sample_members (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS sample_loans (
  id TEXT PRIMARY KEY,
  book_id TEXT NOT NULL REFERENCES sample_books (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL REFERENCES sample_members (id) ON DELETE CASCADE,
  lent_at TEXT NOT NULL,
  returned_at TEXT
);
INSERT OR IGNORE INTO sample_books (id, title, author, genre, year, copies) VALUES
  ('b1', 'Middlemarch', 'George Eliot', 'novel', 1871, 2),
  ('b2', 'The Time Machine', 'H. G. Wells', 'science-fiction', 1895, 3),
  ('b3', 'On the Origin of Species', 'Charles Darwin', 'science', 1859, 1),
  ('b4', 'Flatland', 'Edwin A. Abbott', 'science-fiction', 1884, 1),
  ('b5', 'Leaves of Grass', 'Walt Whitman', 'poetry', 1855, 2),
  ('b6', 'The Moonstone', 'Wilkie Collins', 'crime', 1868, 1),
  ('b7', 'A Vindication of the Rights of Woman', 'Mary Wollstonecraft', 'essay', 1792, 1),
  ('b8', 'Twenty Thousand Leagues Under the Sea', 'Jules Verne', 'science-fiction', 1870, 2);
INSERT OR IGNORE INTO sample_members (id, name, email) VALUES
  ('m1', 'Ada Lovelace', 'ada@example.com'),
  ('m2', 'Alan Turing', 'alan@example.com');
INSERT OR IGNORE INTO sample_loans (id, book_id, member_id, lent_at, returned_at) VALUES
  ('l1', 'b2', 'm1', '2026-01-12T09:00:00.000Z', NULL),
  ('l2', 'b5', 'm2', '2026-01-03T15:30:00.000Z', '2026-01-20T10:15:00.000Z');
