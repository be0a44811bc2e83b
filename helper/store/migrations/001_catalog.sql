-- The catalog: what is small or lives long. Frozen once released; changes are new files.
-- Times are nanoseconds since 1970 UTC. Rows that come with the traffic live in partitions (partition_001.sql).

CREATE TABLE session(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file TEXT NOT NULL,                 -- path as given, "-", or interfaces joined by ","
  label TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,                -- recording, complete, damaged, interrupted
  live INTEGER NOT NULL,
  keeps_packets INTEGER NOT NULL,
  pinned INTEGER NOT NULL DEFAULT 0,
  hidden INTEGER NOT NULL DEFAULT 0,  -- deleted; the row goes when its files are gone
  started INTEGER NOT NULL,           -- wall clock
  ended INTEGER,                      -- wall clock; NULL: not ended
  first_packet INTEGER, last_packet INTEGER,  -- earliest and latest packet time
  received INTEGER NOT NULL DEFAULT 0,
  packets INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,   -- on the wire
  dropped_kernel INTEGER NOT NULL DEFAULT 0,
  dropped_interface INTEGER NOT NULL DEFAULT 0,
  dropped_queue INTEGER NOT NULL DEFAULT 0,
  dropped_store INTEGER NOT NULL DEFAULT 0,
  dns_queries INTEGER NOT NULL DEFAULT 0,
  dns_responses INTEGER NOT NULL DEFAULT 0,
  malformed INTEGER NOT NULL DEFAULT 0,
  tcp_flows INTEGER NOT NULL DEFAULT 0,
  udp_flows INTEGER NOT NULL DEFAULT 0,
  link_types TEXT NOT NULL DEFAULT '' -- LINKTYPE_ numbers, ascending, joined by ","
) STRICT;

CREATE TABLE interface(
  session INTEGER NOT NULL,
  n INTEGER NOT NULL,                 -- number within the session
  name TEXT NOT NULL, description TEXT NOT NULL, filter TEXT NOT NULL, os TEXT NOT NULL,
  link_type INTEGER NOT NULL, snaplen INTEGER NOT NULL,
  PRIMARY KEY(session, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap(session INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, why TEXT NOT NULL) STRICT;

CREATE TABLE counter(
  session INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL,
  PRIMARY KEY(session, name)
) STRICT, WITHOUT ROWID;

-- A pcapng file N.pcapng (N.pcapng.zst) with its index N.index; of one session.
CREATE TABLE segment(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL,
  state INTEGER NOT NULL,             -- 0 open, 1 closed, 2 to be unlinked
  compressed INTEGER NOT NULL,
  created INTEGER NOT NULL,           -- wall clock
  packets INTEGER NOT NULL DEFAULT 0,
  first_number INTEGER NOT NULL DEFAULT 0, last_number INTEGER NOT NULL DEFAULT 0,
  min_ts INTEGER NOT NULL DEFAULT 0, max_ts INTEGER NOT NULL DEFAULT 0,
  min_flow INTEGER NOT NULL DEFAULT 0, max_flow INTEGER NOT NULL DEFAULT 0,
  wire_bytes INTEGER NOT NULL DEFAULT 0,
  data_bytes INTEGER NOT NULL DEFAULT 0,   -- committed octets of the pcapng file
  index_bytes INTEGER NOT NULL DEFAULT 0   -- committed octets of the index
) STRICT;
CREATE INDEX segment_session ON segment(session, id);

-- A file N.idx with flow slices, handshakes, transactions and names, in order of arrival.
CREATE TABLE partition(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  state INTEGER NOT NULL,             -- 0 open, 1 closed, 2 to be unlinked
  created INTEGER NOT NULL, closed INTEGER,  -- wall clock
  min_ts INTEGER, max_ts INTEGER,     -- packet times of its rows
  bytes INTEGER NOT NULL DEFAULT 0,
  last_segment INTEGER NOT NULL DEFAULT 0    -- newest segment when it was closed
) STRICT;
CREATE TABLE partition_session(
  session INTEGER NOT NULL, partition INTEGER NOT NULL,
  PRIMARY KEY(session, partition)
) STRICT, WITHOUT ROWID;

-- Dictionary of texts; partitions refer to them by id. kind: see dictionary.h.
CREATE TABLE text(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, value TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX text_value ON text(kind, value);

-- Certificates, once each. Only sha256 is there until the certificate itself was seen.
CREATE TABLE certificate(
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  sha1 BLOB, subject TEXT, issuer INTEGER, serial TEXT,
  san TEXT,                           -- JSON array
  not_before INTEGER, not_after INTEGER,
  key_type TEXT, key_bits INTEGER, self_signed INTEGER,
  der BLOB
) STRICT;
CREATE TABLE sighting(
  session INTEGER NOT NULL, certificate INTEGER NOT NULL,
  first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(session, certificate)
) STRICT, WITHOUT ROWID;
