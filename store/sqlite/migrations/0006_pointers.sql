-- Whose turn it is in the lists of a chain.
CREATE TABLE pointers (
  chain TEXT PRIMARY KEY,
  body BLOB NOT NULL
) WITHOUT ROWID;

PRAGMA user_version = 6;
