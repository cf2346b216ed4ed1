-- Volatile rows of mail and one-time tokens: nothing here is folded from events, and all of it is
-- swept. Times are RFC 3339 in UTC with milliseconds, so that text order is time order.

-- A row holds a token's digest and what the token was derived from, never the token.
CREATE TABLE authledger.one_time_tokens (
  ledger TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  event_id UUID NOT NULL,
  issued_at TEXT COLLATE "C" NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  spent_at TEXT COLLATE "C",
  PRIMARY KEY (ledger, digest)
);
CREATE INDEX one_time_tokens_age ON authledger.one_time_tokens (expires_at);

-- What came from an event before this time is worth nothing, also what is derived from it later.
CREATE TABLE authledger.token_withdrawals (
  ledger TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  before TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (ledger, subject, purpose)
);
CREATE INDEX token_withdrawals_age ON authledger.token_withdrawals (before);

-- Mails to be sent and what became of them, by the event that caused them. No address, no token.
CREATE TABLE authledger.outbox (
  ledger TEXT COLLATE "C" NOT NULL,
  id UUID NOT NULL,
  position BIGINT NOT NULL,
  event_id UUID NOT NULL,
  template TEXT COLLATE "C" NOT NULL,
  recipient TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL DEFAULT 'waiting',
  attempts INTEGER NOT NULL DEFAULT 0,
  queued_at TEXT COLLATE "C" NOT NULL,
  next_at TEXT COLLATE "C" NOT NULL,
  expires_at TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C",
  PRIMARY KEY (ledger, id)
);
CREATE INDEX outbox_due ON authledger.outbox (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_age ON authledger.outbox (queued_at, id);
CREATE INDEX outbox_state ON authledger.outbox (state, queued_at, id);

-- Which devices a person has signed in with, both as keyed digests.
CREATE TABLE authledger.known_devices (
  ledger TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  seen_at TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (ledger, owner, device)
);
CREATE INDEX known_devices_age ON authledger.known_devices (seen_at);

-- Why a follower of a ledger stands still, for every process to see.
CREATE TABLE authledger.consumer_problems (
  ledger TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  problem TEXT NOT NULL,
  since TIMESTAMPTZ NOT NULL DEFAULT now(),
  tries INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (ledger, name)
);
