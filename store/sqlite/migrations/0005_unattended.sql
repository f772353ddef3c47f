-- groups.state 0: firing, and unattended. No table changes: the number keeps
-- programs out that do not know the state.
PRAGMA user_version = 5;
