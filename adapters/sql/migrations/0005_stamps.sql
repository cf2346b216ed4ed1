-- When somebody was last seen: volatile, not folded from events, outside digests and as_of. Times
-- are milliseconds since 1970 by the clock of the process that wrote them.

CREATE TABLE authledger.stamps (
  ledger TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (ledger, kind, id)
) WITH (fillfactor = 70);
