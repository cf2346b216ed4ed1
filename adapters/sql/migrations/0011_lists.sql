-- Where lists find rows: beside each build of a read model a table <name>_<build>_lists, with one
-- entry for each tag of each row and one, under the tag '', for the row itself. A page is a range
-- of its primary key, whatever the number of rows.

CREATE FUNCTION authledger.create_lists(p_table TEXT) RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE authledger.%I (
    tag TEXT COLLATE "C" NOT NULL,
    sort TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tag, sort, key))', p_table || '_lists');
END $$;

CREATE OR REPLACE FUNCTION authledger.create_build(p_name TEXT, p_build INTEGER) RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE authledger.%I (
    key TEXT COLLATE "C" PRIMARY KEY,
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
  PERFORM authledger.create_lists(p_name || '_' || p_build);
END $$;

-- Readers see this build from now on.
CREATE OR REPLACE FUNCTION authledger.activate_build(p_name TEXT, p_build INTEGER) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
  suffix TEXT;
BEGIN
  FOREACH suffix IN ARRAY ARRAY['', '_events', '_snapshots', '_lists'] LOOP
    EXECUTE format('CREATE OR REPLACE VIEW authledger.%I AS SELECT * FROM authledger.%I',
      p_name || suffix, p_name || '_' || p_build || suffix);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION authledger.drop_build(p_name TEXT, p_build INTEGER) RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TABLE IF EXISTS authledger.%I, authledger.%I, authledger.%I, authledger.%I',
    p_name || '_' || p_build, p_name || '_' || p_build || '_events',
    p_name || '_' || p_build || '_snapshots', p_name || '_' || p_build || '_lists');
END $$;

DROP FUNCTION authledger.index_build(TEXT, INTEGER);

-- Up to p_limit rows after a place that have all of p_tags, in order. Of several tags the one that
-- fewest have leads, counted as far as it matters, and so many of its entries are looked at; where
-- they were not enough, and there may be more, the last of them follows with a row that is null.
--
-- STABLE: all of it sees one snapshot. The settings: a plan that sorts or scans reads everything,
-- and statistics that are old or missing would make it look cheap.
CREATE FUNCTION authledger.list_page(
  p_model TEXT, p_tags TEXT[], p_sort TEXT, p_key TEXT, p_limit INTEGER, p_candidates INTEGER
) RETURNS TABLE (sort TEXT, key TEXT, "row" JSONB, "position" BIGINT)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  lists TEXT := format('authledger.%I', p_model || '_lists');
  several BOOLEAN := cardinality(p_tags) > 1;
  looked_at INTEGER := CASE WHEN several THEN p_candidates ELSE p_limit END;
  rarest TEXT := p_tags[1];
  fewest INTEGER;
  one TEXT;
  found INTEGER;
BEGIN
  IF several THEN
    FOREACH one IN ARRAY p_tags LOOP
      EXECUTE format('SELECT count(*) FROM (SELECT FROM %s
        WHERE tag = $1 AND (sort, key) > ($2, $3) LIMIT $4) c', lists)
      INTO found USING one, p_sort, p_key, looked_at;
      CONTINUE WHEN found >= fewest;
      fewest := found;
      rarest := one;
    END LOOP;
  END IF;
  RETURN QUERY EXECUTE format('SELECT f.sort, f.key, r.row, r.position FROM (
      SELECT c.sort, c.key FROM (
        SELECT sort, key FROM %1$s WHERE tag = $1 AND (sort, key) > ($2, $3)
        ORDER BY sort, key LIMIT $4) c
      WHERE cardinality($5) = (SELECT count(*) FROM unnest($5) AS w(tag)
        JOIN %1$s o ON o.tag = w.tag AND o.sort = c.sort AND o.key = c.key)
      ORDER BY c.sort, c.key LIMIT $6) f
    JOIN authledger.%2$I r ON r.key = f.key AND r.row IS NOT NULL
    ORDER BY f.sort, f.key', lists, p_model)
  USING rarest, p_sort, p_key, looked_at, array_remove(p_tags, rarest), p_limit;
  GET DIAGNOSTICS found = ROW_COUNT;
  IF several AND found < p_limit THEN
    RETURN QUERY EXECUTE format('SELECT sort, key, NULL::JSONB, NULL::BIGINT FROM %s
      WHERE tag = $1 AND (sort, key) > ($2, $3) ORDER BY sort, key OFFSET $4 LIMIT 1', lists)
    USING rarest, p_sort, p_key, looked_at - 1;
  END IF;
END $$;

-- The builds that there are, as if they had been made so.
DO $$
DECLARE
  build TEXT;
  active TEXT;
BEGIN
  FOR build, active IN
    SELECT t.relname, c.name FROM pg_class t
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tags' AND NOT a.attisdropped
      LEFT JOIN authledger.cursors c ON c.active AND t.relname = c.name || '_' || c.build
    WHERE t.relnamespace = 'authledger'::REGNAMESPACE AND t.relkind = 'r'
  LOOP
    PERFORM authledger.create_lists(build);
    -- A tag that would not fit an index entry stands there as its hash.
    EXECUTE format('INSERT INTO authledger.%I (tag, sort, key)
      SELECT '''', sort, key FROM authledger.%I WHERE row IS NOT NULL
      UNION ALL SELECT CASE WHEN octet_length(tag) <= 255 THEN tag
        ELSE ''sha256:'' || encode(sha256(convert_to(tag, ''UTF8'')), ''hex'') END, sort, key
      FROM authledger.%I, unnest(tags) AS t(tag) WHERE row IS NOT NULL',
      build || '_lists', build, build);
    IF active IS NOT NULL THEN EXECUTE format('DROP VIEW authledger.%I', active); END IF;
    EXECUTE format('ALTER TABLE authledger.%I DROP COLUMN sort, DROP COLUMN tags', build);
    IF active IS NOT NULL THEN
      PERFORM authledger.activate_build(active, right(build, -length(active) - 1)::INTEGER);
    END IF;
  END LOOP;
END $$;
