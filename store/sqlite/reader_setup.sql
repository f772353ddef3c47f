-- How the readers' connection works. It is opened for writing all the same,
-- because readers of a log take part in its shared memory.
PRAGMA query_only = ON;
PRAGMA wal_autocheckpoint = 0;
PRAGMA cache_size = -8192;
PRAGMA temp_store = MEMORY;
