-- The first schema. All keys are integers that grow, so that new rows go to
-- the end; instants are milliseconds; bodies are JSON by store/codec.h.
PRAGMA application_id = 1414480723;  -- "TOCS"

-- state: 1 firing, 2 acknowledged, 9 resolved; below 9 the group is open.
-- The columns beside `body` copy what statements look for.
CREATE TABLE groups (
  id INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  team TEXT NOT NULL,
  wake_at INTEGER,
  created_at INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX groups_wake ON groups (wake_at) WHERE wake_at IS NOT NULL;
-- Small: open groups only.
CREATE INDEX groups_open ON groups (state, team) WHERE state < 9;
-- Never updated: a group keeps its team.
CREATE INDEX groups_team ON groups (team);

-- Labels and annotations of a group's alerts, a chunk each time they change.
-- id: group << 22 | number of the chunk.
CREATE TABLE contents (
  id INTEGER PRIMARY KEY,
  body BLOB NOT NULL
);

-- id: group << 22 | number of the entry.
CREATE TABLE timeline (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  text TEXT NOT NULL
);

-- Notifications that are not over. id: group << 22 | sequence. claimed: a
-- process is sending it.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  due_at INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  claimed INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX outbox_due ON outbox (priority, due_at) WHERE claimed = 0;

-- Chains as they were when a run of them began, by the hash of their content.
CREATE TABLE snapshots (
  hash TEXT PRIMARY KEY,
  body BLOB NOT NULL
) WITHOUT ROWID;

PRAGMA user_version = 1;
