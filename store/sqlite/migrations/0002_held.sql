-- groups.state 3: held, for a route that its time intervals mute; open, like
-- every state below 9. No table changes: the number keeps programs out that do
-- not know the state.
PRAGMA user_version = 2;
