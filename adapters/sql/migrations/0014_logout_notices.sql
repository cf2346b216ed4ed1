-- Applications that are still to hear that a session of somebody is over: volatile, each with an
-- end. Whom and which session it is about is sealed under the artefact key.
CREATE TABLE authledger.logout_notices (
  ledger TEXT COLLATE "C" NOT NULL,
  id UUID NOT NULL,
  client_id TEXT COLLATE "C" NOT NULL,
  key_version INTEGER NOT NULL,
  payload BYTEA NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  PRIMARY KEY (ledger, id)
);
-- By application first: one that does not answer has many, and is not to be read past.
CREATE INDEX logout_notices_due ON authledger.logout_notices (ledger, client_id, next_ms);
CREATE INDEX logout_notices_by_end ON authledger.logout_notices (ledger, expires_ms);
