-- When the last message to a person, of an importance, by a method left, or
-- will leave: what follows within a minute is folded (paging/admit.h).
CREATE TABLE departures (
  user TEXT NOT NULL,
  method TEXT NOT NULL,
  importance INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user, method, importance)
) WITHOUT ROWID;

PRAGMA user_version = 4;
