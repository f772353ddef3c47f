-- groups.state 4: silenced, open. 8: resolved, and its source is still listened
-- to; not open, but in the index of open groups, which the writer reads at its
-- start. No table changes: the number keeps programs out that do not know them.
PRAGMA user_version = 3;
