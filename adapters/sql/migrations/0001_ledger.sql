-- The two ledgers, and what is committed along with their entries. `ledger` leads every primary
-- key, so that several can share one database.

CREATE TABLE authledger.heads (
  ledger TEXT COLLATE "C" PRIMARY KEY,
  position BIGINT NOT NULL,
  leaf BYTEA NOT NULL,
  epoch UUID NOT NULL
) WITH (fillfactor = 10);

INSERT INTO authledger.heads (ledger, position, leaf, epoch)
VALUES ('identity', 0, '', gen_random_uuid()), ('activity', 0, '', gen_random_uuid());

CREATE TABLE authledger.identity_events (
  ledger TEXT COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  stream TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  id UUID NOT NULL,
  entry BYTEA NOT NULL,
  mac BYTEA NOT NULL,
  PRIMARY KEY (ledger, position),
  UNIQUE (ledger, stream, revision),
  UNIQUE (ledger, id)
);

-- Partitioned by month, so a unique index could not span it: the head lock alone guards it.
CREATE TABLE authledger.activity_events (
  ledger TEXT COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  stream TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  id UUID NOT NULL,
  entry BYTEA NOT NULL,
  mac BYTEA NOT NULL,
  month DATE NOT NULL,
  PRIMARY KEY (ledger, position, month)
) PARTITION BY RANGE (month);
CREATE INDEX activity_events_stream ON authledger.activity_events (ledger, stream, revision);
CREATE INDEX activity_events_id ON authledger.activity_events (ledger, id);

CREATE FUNCTION authledger.refuse_rewriting() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is append-only: % on %.% is refused',
    TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON authledger.identity_events
  FOR EACH STATEMENT EXECUTE FUNCTION authledger.refuse_rewriting();
ALTER TABLE authledger.identity_events ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON authledger.activity_events
  FOR EACH STATEMENT EXECUTE FUNCTION authledger.refuse_rewriting();
ALTER TABLE authledger.activity_events ENABLE ALWAYS TRIGGER append_only;

-- Statement triggers do not descend to partitions, so every partition is born with its own.
-- Made aside and attached: that takes no lock that a reader holds, so the first append of a month
-- does not wait for a long transaction with the head row in its hand.
CREATE FUNCTION authledger.ensure_activity_partition(p_month DATE) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  partition TEXT := 'activity_events_' || to_char(p_month, 'YYYYMM');
BEGIN
  IF to_regclass('authledger.' || partition) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE authledger.%I (
      LIKE authledger.activity_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
  EXECUTE format(
    'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON authledger.%I
     FOR EACH STATEMENT EXECUTE FUNCTION authledger.refuse_rewriting()', partition);
  EXECUTE format('ALTER TABLE authledger.%I ENABLE ALWAYS TRIGGER append_only', partition);
  EXECUTE format(
    'ALTER TABLE authledger.activity_events
     ATTACH PARTITION authledger.%I FOR VALUES FROM (%L) TO (%L)',
    partition, p_month, (p_month + INTERVAL '1 month')::DATE);
END $$;

CREATE TABLE authledger.claims (
  ledger TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  -- Given back by its owner, and nobody else's before this time.
  quarantined_until TIMESTAMPTZ,
  PRIMARY KEY (ledger, kind, digest)
);
-- Not led by `ledger`: a plan made over an empty table could then take it to find a digest.
CREATE INDEX claims_owner ON authledger.claims (owner, ledger, kind);

CREATE TABLE authledger.vault (
  ledger TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  version INTEGER NOT NULL,
  ciphertext BYTEA NOT NULL,
  PRIMARY KEY (ledger, id)
);

CREATE TABLE authledger.data_keys (
  ledger TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  generation INTEGER NOT NULL,
  key_version INTEGER NOT NULL,
  wrapped BYTEA NOT NULL,
  PRIMARY KEY (ledger, owner, generation)
);

-- An owner named here never has a key again: nothing more can be sealed in that name.
CREATE TABLE authledger.destroyed_owners (
  ledger TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (ledger, owner)
);

CREATE TABLE authledger.root_keys (
  ledger TEXT COLLATE "C" NOT NULL,
  purpose TEXT COLLATE "C" NOT NULL,
  version INTEGER NOT NULL,
  secret_id TEXT COLLATE "C" NOT NULL,
  wrapped BYTEA NOT NULL,
  PRIMARY KEY (ledger, purpose, version)
);

CREATE TABLE authledger.answers (
  ledger TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  answer BYTEA,
  begun_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (ledger, key)
);
CREATE INDEX answers_age ON authledger.answers (begun_at);
