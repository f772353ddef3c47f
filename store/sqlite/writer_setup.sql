-- How the writer's connection works; run before anything else. Each option is
-- named although some are the library's defaults: a distribution may build the
-- library with other ones.
PRAGMA page_size = 4096;
PRAGMA journal_mode = WAL;
-- Each commit is on disk when it returns.
PRAGMA synchronous = FULL;
-- The writer moves the log into the database after this many pages. Measured:
-- this stalls a commit now and then, the more the longer the log is; moving in
-- the background alone never lets the log start again, and it grows for ever.
PRAGMA wal_autocheckpoint = 1000;
-- After a burst the log's file goes back to this size. Below it the file is
-- written over, which costs half of appending.
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -8192;
PRAGMA temp_store = MEMORY;
PRAGMA foreign_keys = OFF;
