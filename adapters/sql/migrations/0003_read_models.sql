-- Where each build of each read model (and each process that reacts to events) stands. A build has
-- tables of its own, <name>_<build>…; the views <name>… show the active one, so that readers are
-- switched in one transaction.

CREATE TABLE authledger.cursors (
  ledger TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  build INTEGER NOT NULL,
  version INTEGER NOT NULL,
  position BIGINT NOT NULL DEFAULT 0,
  leaf TEXT NOT NULL DEFAULT '',
  epoch TEXT NOT NULL DEFAULT '',
  -- Sum of the row hashes modulo 2^256, hexadecimal.
  digest TEXT NOT NULL DEFAULT '',
  -- The lease under which the rows are written; who holds an older one writes nothing.
  token BIGINT NOT NULL DEFAULT 0,
  active BOOLEAN NOT NULL,
  PRIMARY KEY (ledger, name, build)
) WITH (fillfactor = 20);
CREATE UNIQUE INDEX cursors_active ON authledger.cursors (ledger, name) WHERE active;

CREATE TABLE authledger.leases (
  ledger TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  holder UUID NOT NULL,
  token BIGINT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (ledger, name)
);

CREATE TABLE authledger.parked (
  ledger TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  build INTEGER NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (ledger, name, build, key)
);

CREATE FUNCTION authledger.create_build(p_name TEXT, p_build INTEGER) RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE authledger.%I (
    key TEXT COLLATE "C" PRIMARY KEY,
    sort TEXT COLLATE "C" NOT NULL,
    tags TEXT[] COLLATE "C" NOT NULL,
    row JSONB, -- null: there was a row once
    position BIGINT NOT NULL,
    events INTEGER NOT NULL)', p_name || '_' || p_build);
  EXECUTE format('CREATE TABLE authledger.%I (
    key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (key, position))', p_name || '_' || p_build || '_events');
  EXECUTE format('CREATE TABLE authledger.%I (
    key TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    row JSONB,
    PRIMARY KEY (key, position))', p_name || '_' || p_build || '_snapshots');
END $$;

-- Indexes for lists come before the switch and after the bulk of a rebuild.
CREATE FUNCTION authledger.index_build(p_name TEXT, p_build INTEGER) RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON authledger.%I (sort, key) WHERE row IS NOT NULL',
    p_name || '_' || p_build || '_sort', p_name || '_' || p_build);
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON authledger.%I USING GIN (tags)',
    p_name || '_' || p_build || '_tags', p_name || '_' || p_build);
END $$;

-- Readers see this build from now on.
CREATE FUNCTION authledger.activate_build(p_name TEXT, p_build INTEGER) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
  suffix TEXT;
BEGIN
  PERFORM authledger.index_build(p_name, p_build);
  FOREACH suffix IN ARRAY ARRAY['', '_events', '_snapshots'] LOOP
    EXECUTE format('CREATE OR REPLACE VIEW authledger.%I AS SELECT * FROM authledger.%I',
      p_name || suffix, p_name || '_' || p_build || suffix);
  END LOOP;
END $$;

CREATE FUNCTION authledger.drop_build(p_name TEXT, p_build INTEGER) RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TABLE IF EXISTS authledger.%I, authledger.%I, authledger.%I',
    p_name || '_' || p_build, p_name || '_' || p_build || '_events',
    p_name || '_' || p_build || '_snapshots');
END $$;
