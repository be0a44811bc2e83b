-- Makes a partition of version 1, which was opened for reading only, look like one of version 2. The view is this
-- connection's own.
PRAGMA query_only = OFF;
CREATE TEMP VIEW slice AS SELECT *, NULL AS tunnel FROM main.slice;
PRAGMA query_only = ON;
