-- Every statement of the SQLite store. The sentence above a name says what it
-- is for. A leading + keeps a condition away from the choice of an index.

-- Which migrations this file has seen; 0 for a new one.
-- name: SchemaVersion
SELECT user_version FROM pragma_user_version;

-- Whose file this is; 0 where nobody has said.
-- name: ApplicationId
SELECT application_id FROM pragma_application_id;

-- Whether a file of version 0 is new or somebody else's.
-- name: TableCount
SELECT count(*) FROM sqlite_master;

-- "wal", unless the file system cannot do that.
-- name: JournalMode
SELECT journal_mode FROM pragma_journal_mode;

-- Begins reads that belong together.
-- name: Begin
BEGIN DEFERRED;

-- Begins a turn's writes, with the lock taken at once.
-- name: BeginWrite
BEGIN IMMEDIATE;

-- Writes the first page as it is (0001_first.sql has the number): a commit that
-- changes no row shows nothing about the disk.
-- name: Touch
PRAGMA application_id = 1414480723;

-- Ends a transaction, on disk when it returns.
-- name: Commit
COMMIT;

-- Ends a transaction as if it had not been.
-- name: Rollback
ROLLBACK;

-- A group's hot row.
-- name: GroupGet
SELECT body FROM groups WHERE id = ?1;

-- Writes a new group, or the new state of one. Its team and birth stay.
-- name: GroupPut
INSERT INTO groups (id, state, team, wake_at, created_at, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (id) DO UPDATE SET
  state = excluded.state, wake_at = excluded.wake_at, body = excluded.body;

-- All groups that hear, to build the index in memory at start.
-- name: GroupsOpen
SELECT id, body FROM groups INDEXED BY groups_open WHERE state < 9;

-- Groups whose time has come, the oldest first.
-- name: GroupsDue
SELECT id FROM groups
WHERE wake_at IS NOT NULL AND wake_at <= ?1 ORDER BY wake_at, id LIMIT ?2;

-- The next time at which a group must be looked at.
-- name: GroupsNextWake
SELECT min(wake_at) FROM groups WHERE wake_at IS NOT NULL;

-- Makes held groups (state 3) due: their routes may page by other settings.
-- name: GroupsWakeHeld
UPDATE groups INDEXED BY groups_open SET wake_at = ?1
WHERE state = 3 AND state < 9;

-- The largest group id ever given: groups are deleted oldest first.
-- name: GroupsLastId
SELECT max(id) FROM groups;

-- A page of groups of any team: all, or resolved, which are most of them.
-- name: ListAll
SELECT id, body FROM groups
WHERE +state >= ?1 ORDER BY id DESC LIMIT ?2 OFFSET ?3;

-- A page of a team's groups: all, or resolved.
-- name: ListTeam
SELECT id, body FROM groups
WHERE +state >= ?1 AND team = ?4 ORDER BY id DESC LIMIT ?2 OFFSET ?3;

-- A page of the open groups of one state.
-- name: ListOpen
SELECT id, body FROM groups INDEXED BY groups_open
WHERE state = ?1 AND state < 9 ORDER BY id DESC LIMIT ?2 OFFSET ?3;

-- A page of a team's open groups of one state.
-- name: ListOpenTeam
SELECT id, body FROM groups INDEXED BY groups_open
WHERE state = ?1 AND state < 9 AND team = ?4
ORDER BY id DESC LIMIT ?2 OFFSET ?3;

-- A page of the firing groups, state 1 or 0; in order of two states, so sorted.
-- name: ListFiring
SELECT id, body FROM groups INDEXED BY groups_open
WHERE state IN (?1, ?1 + 1) AND state < 9 ORDER BY id DESC LIMIT ?2 OFFSET ?3;

-- A page of a team's firing groups, likewise.
-- name: ListFiringTeam
SELECT id, body FROM groups INDEXED BY groups_open
WHERE state IN (?1, ?1 + 1) AND state < 9 AND team = ?4
ORDER BY id DESC LIMIT ?2 OFFSET ?3;

-- All groups, counted over the smallest index.
-- name: CountAll
SELECT count(*) FROM groups;

-- All groups of a team.
-- name: CountTeam
SELECT count(*) FROM groups WHERE team = ?1;

-- The open groups between two states.
-- name: CountOpen
SELECT count(*) FROM groups INDEXED BY groups_open
WHERE state BETWEEN ?1 AND ?2 AND state < 9;

-- The open groups of a team between two states.
-- name: CountOpenTeam
SELECT count(*) FROM groups INDEXED BY groups_open
WHERE state BETWEEN ?1 AND ?2 AND state < 9 AND team = ?3;

-- A new chunk of alert contents.
-- name: ContentsAdd
INSERT INTO contents (id, body) VALUES (?1, ?2);

-- A group's chunks, in the order they were written.
-- name: ContentsOf
SELECT body FROM contents WHERE id BETWEEN ?1 AND ?2 ORDER BY id;

-- A new line of a group's record.
-- name: TimelineAdd
INSERT INTO timeline (id, at, kind, actor, text) VALUES (?1, ?2, ?3, ?4, ?5);

-- A group's record, in order.
-- name: TimelineOf
SELECT at, kind, actor, text FROM timeline
WHERE id BETWEEN ?1 AND ?2 ORDER BY id;

-- A notification to be sent.
-- name: OutboxAdd
INSERT INTO outbox (id, due_at, priority, claimed, attempts, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- An attempt failed: it counts, the claim ends, the next one is due later.
-- name: OutboxRetry
UPDATE outbox SET due_at = ?2, attempts = attempts + 1, claimed = 0
WHERE id = ?1;

-- Hands a notification to the process that will send it.
-- name: OutboxClaim
UPDATE outbox SET claimed = 1 WHERE id = ?1;

-- Ends the claim of a notification, should there be one.
-- name: OutboxUnclaim
UPDATE outbox SET claimed = 0 WHERE id = ?1;

-- A notification is over.
-- name: OutboxClose
DELETE FROM outbox WHERE id = ?1;

-- Ends the claims of a process that is gone.
-- name: OutboxRelease
UPDATE outbox SET claimed = 0 WHERE claimed = 1;

-- Due notifications of one priority; one query each spares sorting a backlog.
-- name: OutboxDue
SELECT id, attempts, body FROM outbox
WHERE claimed = 0 AND priority = ?1 AND due_at <= ?2
ORDER BY due_at, id LIMIT ?3;

-- When the next notification of one priority is due.
-- name: OutboxNextDue
SELECT min(due_at) FROM outbox WHERE claimed = 0 AND priority = ?1;

-- Whether a claimed notification may still be sent.
-- name: OutboxClaimed
SELECT count(*) FROM outbox WHERE id = ?1 AND claimed = 1;

-- When something last left for somebody by a method, or will.
-- name: DeparturePut
INSERT OR REPLACE INTO departures (user, method, importance, at)
VALUES (?1, ?2, ?3, ?4);

-- All of them: as many as the file has people, methods and importances.
-- name: Departures
SELECT user, method, importance, at FROM departures;

-- A chain snapshot; equal hashes are equal chains.
-- name: SnapshotAdd
INSERT OR IGNORE INTO snapshots (hash, body) VALUES (?1, ?2);

-- The chain snapshot of a hash.
-- name: SnapshotGet
SELECT body FROM snapshots WHERE hash = ?1;

-- Whose turn it is in the lists of a chain, over all groups.
-- name: PointerGet
SELECT body FROM pointers WHERE chain = ?1;

-- Somebody had their turn.
-- name: PointerPut
INSERT INTO pointers (chain, body) VALUES (?1, ?2)
ON CONFLICT (chain) DO UPDATE SET body = excluded.body;
