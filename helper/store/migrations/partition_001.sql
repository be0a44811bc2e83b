-- A partition: rows that come with the traffic, appended without secondary indexes; partition_indexes.sql adds those
-- when it is closed. Columns that end in _t, and those named so below, are ids of the catalog's dictionary.

-- A flow over one interval. Of (session, flow) the row without flag 16 is the newest of this partition. Flows have
-- numbers in order of appearance, so rows come nearly in the order of this key: no index has to be made afterwards.
-- flags: 1 open, 2 last, 4 has a stream number, 8 IP fragments, 16 superseded by a later slice in this partition,
-- 32 an earlier slice is in an older partition.
-- d_*: what this slice added; NULL where that is the total, as in every first slice.
CREATE TABLE slice(
  session INTEGER NOT NULL, flow INTEGER NOT NULL, n INTEGER NOT NULL, flags INTEGER NOT NULL,
  start INTEGER, end INTEGER, first INTEGER, last INTEGER,
  src BLOB, dst BLOB, sport INTEGER, dport INTEGER, proto INTEGER, vlan INTEGER, stream INTEGER,
  opkts INTEGER, rpkts INTEGER, obytes INTEGER, rbytes INTEGER, opay INTEGER, rpay INTEGER,
  d_opkts INTEGER, d_rpkts INTEGER, d_obytes INTEGER, d_rbytes INTEGER, d_opay INTEGER, d_rpay INTEGER,
  retrans INTEGER, ooo INTEGER, gaps INTEGER, oflags INTEGER, rflags INTEGER,
  state INTEGER, history TEXT, rtt INTEGER, community BLOB,
  app INTEGER, evidence INTEGER, sni INTEGER, alpn INTEGER, version INTEGER, cipher INTEGER,
  ja3 INTEGER, ja3s INTEGER, ja4 INTEGER, hassh INTEGER, hassh_server INTEGER, host INTEGER, name INTEGER,
  certs TEXT, issuer INTEGER, verdicts INTEGER,
  PRIMARY KEY(session, flow, n)
) WITHOUT ROWID;

CREATE TABLE handshake(
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL, flow INTEGER NOT NULL, ts INTEGER NOT NULL, protocol INTEGER,
  version INTEGER, cipher INTEGER, sni INTEGER, alpn INTEGER,
  ja3 INTEGER, ja3_full INTEGER, ja4 INTEGER, ja4_r INTEGER, ja4_o INTEGER, ja4_ro INTEGER,
  ja3s INTEGER, ja3s_full INTEGER, hassh INTEGER, hassh_server INTEGER, ssh_client INTEGER, ssh_server INTEGER,
  certs TEXT, ech INTEGER, verdicts INTEGER
);

CREATE TABLE transactions(
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL, flow INTEGER NOT NULL,
  ts INTEGER NOT NULL,                -- of the request, else of the response
  request INTEGER, response INTEGER, protocol INTEGER, name INTEGER, summary TEXT, status INTEGER, fields TEXT
);

-- A name and an address that were seen together. source: 1 DNS answer, 2 TLS server name, 3 HTTP host.
CREATE TABLE name(
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL, name INTEGER NOT NULL, address BLOB NOT NULL, source INTEGER NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, ttl INTEGER
);
