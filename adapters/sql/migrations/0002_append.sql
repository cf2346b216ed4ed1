-- One flush of the group commit: many requests, one call, one outcome for each.
-- Outcomes: 0 appended, 1 repeated, 2 revision conflict, 3 claim taken, 4 owner destroyed,
-- 5 clock skewed. Expectations: 0 and up an exact revision, -1 none, -2 exists, -3 any.
-- Everything that is hashed or MACed arrives ready, and nothing outside the database happens while
-- the head row is locked. Whoever locks it next starts after this batch is visible: positions are
-- gap-free in commit order, and readers need no lock.
DO $generate$
DECLARE
  name TEXT;
  body TEXT := $template$
CREATE FUNCTION authledger.append_%name%(
  p_ledger TEXT, p_at_ms DOUBLE PRECISION,
  r_streams TEXT[], r_expects BIGINT[], r_counts INT[], r_firsts INT[], r_before INT[],
  r_owners TEXT[], p_along JSONB,
  e_requests INT[], e_types TEXT[], e_ids UUID[], e_offsets INT[], e_lengths INT[],
  p_entries BYTEA, p_macs BYTEA,
  OUT outcomes INT[], OUT positions BIGINT[], OUT revisions BIGINT[], OUT details TEXT[]
) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
  n INT := cardinality(r_streams);
  head_position BIGINT;
  next_position BIGINT;
  repeated_position BIGINT;
  repeated_revision BIGINT;
  skew DOUBLE PRECISION;
  found_revisions BIGINT[];
  found_ids BOOLEAN[];
  dead_owners TEXT[];
  destroying BOOLEAN := p_along IS NOT NULL AND p_along::TEXT LIKE '%"destroy"%';
  revised BIGINT[] := array_fill(-1::BIGINT, ARRAY[n]);
  first_positions BIGINT[] := array_fill(0::BIGINT, ARRAY[n]);
  first_revisions BIGINT[] := array_fill(0::BIGINT, ARRAY[n]);
  current_revision BIGINT;
  expected BIGINT;
  detail TEXT;
  along JSONB;
  last_entry INT;
  -- By the clock that looks on while the head is locked: months never overlap in positions.
  month DATE;
BEGIN
  outcomes := array_fill(0, ARRAY[n]);
  positions := array_fill(0::BIGINT, ARRAY[n]);
  revisions := array_fill(-1::BIGINT, ARRAY[n]);
  details := array_fill(''::TEXT, ARRAY[n]);

  SELECT h.position INTO STRICT head_position
    FROM authledger.heads h WHERE h.ledger = p_ledger FOR UPDATE;
  next_position := head_position + 1;

  skew := p_at_ms - extract(epoch FROM clock_timestamp()) * 1000;
  IF abs(skew) > 2000 THEN
    outcomes := array_fill(5, ARRAY[n]);
    details := array_fill(round(skew)::TEXT, ARRAY[n]);
    RETURN;
  END IF;
  %partition%

  SELECT array_agg(q.revision ORDER BY q.i), array_agg(q.applied ORDER BY q.i),
         array_agg(q.dead ORDER BY q.i)
    INTO found_revisions, found_ids, dead_owners
    FROM (
      SELECT r.i,
        (SELECT e.revision FROM authledger.%name%_events e
          WHERE e.ledger = p_ledger AND e.stream = r.stream
          ORDER BY e.revision DESC LIMIT 1) AS revision,
        EXISTS (SELECT 1 FROM authledger.%name%_events e
          WHERE e.ledger = p_ledger AND e.id = e_ids[r.first]) AS applied,
        CASE WHEN r.owners = '' THEN NULL ELSE
          (SELECT d.owner FROM authledger.destroyed_owners d
            WHERE d.ledger = 'identity' AND d.owner = ANY (string_to_array(r.owners, ','))
            LIMIT 1) END AS dead
      FROM unnest(r_streams, r_firsts, r_owners) WITH ORDINALITY AS r(stream, first, owners, i)
    ) q;

  FOR i IN 1..n LOOP
    current_revision := CASE WHEN r_before[i] = 0 THEN coalesce(found_revisions[i], -1)
                             ELSE revised[r_before[i]] END;
    revised[i] := current_revision;

    IF found_ids[i] THEN
      outcomes[i] := 1;
      SELECT max(e.position), max(e.revision) INTO repeated_position, repeated_revision
        FROM authledger.%name%_events e
        WHERE e.ledger = p_ledger AND e.id = ANY (e_ids[r_firsts[i]:r_firsts[i] + r_counts[i] - 1]);
      positions[i] := repeated_position;
      revisions[i] := repeated_revision;
      CONTINUE;
    END IF;

    expected := r_expects[i];
    IF (expected >= 0 AND expected <> current_revision)
       OR (expected = -1 AND current_revision >= 0) OR (expected = -2 AND current_revision < 0) THEN
      outcomes[i] := 2;
      revisions[i] := current_revision;
      CONTINUE;
    END IF;

    detail := dead_owners[i];
    IF destroying AND detail IS NULL AND r_owners[i] <> '' THEN
      SELECT d.owner INTO detail FROM authledger.destroyed_owners d
        WHERE d.ledger = 'identity' AND d.owner = ANY (string_to_array(r_owners[i], ',')) LIMIT 1;
    END IF;
    IF detail IS NOT NULL THEN
      outcomes[i] := 4;
      details[i] := detail;
      CONTINUE;
    END IF;

    IF p_along IS NOT NULL THEN
      along := p_along -> i::TEXT;
      IF along IS NOT NULL THEN
        detail := authledger.commit_along(p_ledger, along);
        IF detail IS NOT NULL THEN
          outcomes[i] := CASE WHEN detail LIKE 'owner %' THEN 4 ELSE 3 END;
          details[i] := substr(detail, 7);
          CONTINUE;
        END IF;
      END IF;
    END IF;

    first_positions[i] := next_position;
    first_revisions[i] := current_revision + 1;
    next_position := next_position + r_counts[i];
    revised[i] := current_revision + r_counts[i];
    positions[i] := next_position - 1;
    revisions[i] := revised[i];
    last_entry := r_firsts[i] + r_counts[i] - 1;
  END LOOP;

  IF next_position = head_position + 1 THEN RETURN; END IF;

  INSERT INTO authledger.%name%_events
    (ledger, position, stream, revision, type, id, entry, mac%month_column%)
  SELECT p_ledger,
    first_positions[e.request] + (e.i - r_firsts[e.request]), r_streams[e.request],
    first_revisions[e.request] + (e.i - r_firsts[e.request]), e.type, e.id,
    substring(p_entries FROM e.start FOR e.length), substring(p_macs FROM e.i::INT * 32 - 31 FOR 32)
    %month_value%
  FROM unnest(e_requests, e_types, e_ids, e_offsets, e_lengths) WITH ORDINALITY
    AS e(request, type, id, start, length, i)
  WHERE outcomes[e.request] = 0;

  UPDATE authledger.heads SET position = next_position - 1,
    leaf = sha256('\x00'::BYTEA || substring(p_entries FROM e_offsets[last_entry]
                                             FOR e_lengths[last_entry]))
    WHERE ledger = p_ledger;
  PERFORM pg_notify('authledger', p_ledger || ':' || (next_position - 1));
END $function$;
$template$;
BEGIN
  FOREACH name IN ARRAY ARRAY['identity', 'activity'] LOOP
    EXECUTE replace(replace(replace(replace(body, '%name%', name),
      '%partition%', CASE WHEN name = 'activity' THEN
        'month := date_trunc(''month'', clock_timestamp() AT TIME ZONE ''UTC'')::DATE;
  PERFORM authledger.ensure_activity_partition(month);'
        ELSE '' END),
      '%month_column%', CASE WHEN name = 'activity' THEN ', month' ELSE '' END),
      '%month_value%', CASE WHEN name = 'activity' THEN
        ', month'
        ELSE '' END);
  END LOOP;
END $generate$;

-- What one request commits beside its entries. Answers null, or 'claim <kind>' or 'owner <owner>'
-- when it is refused; it is refused before anything is written. The caller holds the head lock,
-- so what it checked stays true until it wrote. Each row is found by its key alone: a join with
-- what was asked for would be planned once, over tables that were empty then.
CREATE FUNCTION authledger.commit_along(p_ledger TEXT, p_along JSONB) RETURNS TEXT
LANGUAGE plpgsql AS $$
DECLARE
  item JSONB;
  refused TEXT;
BEGIN
  FOR item IN SELECT jsonb_array_elements(p_along -> 'take') LOOP
    SELECT c.kind INTO refused FROM authledger.claims c
      WHERE c.ledger = p_ledger AND c.kind = item ->> 'kind' AND c.digest = item ->> 'digest'
        AND c.owner <> item ->> 'owner'
        AND (c.quarantined_until IS NULL OR c.quarantined_until > now())
        -- What this request gives back it may give to another.
        AND NOT EXISTS (
          SELECT 1 FROM jsonb_to_recordset(p_along -> 'release')
            AS r(kind TEXT, owner TEXT, "quarantinedUntil" TIMESTAMPTZ)
          WHERE r.kind = c.kind AND r.owner = c.owner AND r."quarantinedUntil" IS NULL);
    IF refused IS NOT NULL THEN RETURN 'claim ' || refused; END IF;
  END LOOP;
  FOR item IN SELECT jsonb_array_elements(p_along -> 'create') LOOP
    SELECT d.owner INTO refused FROM authledger.destroyed_owners d
      WHERE d.ledger = 'identity' AND d.owner = item ->> 'owner';
    IF refused IS NOT NULL THEN RETURN 'owner ' || refused; END IF;
  END LOOP;

  FOR item IN SELECT jsonb_array_elements(p_along -> 'release') LOOP
    IF item ->> 'quarantinedUntil' IS NULL THEN
      DELETE FROM authledger.claims c
        WHERE c.ledger = p_ledger AND c.owner = item ->> 'owner' AND c.kind = item ->> 'kind';
    ELSE
      UPDATE authledger.claims c
        SET quarantined_until = (item ->> 'quarantinedUntil')::TIMESTAMPTZ
        WHERE c.ledger = p_ledger AND c.owner = item ->> 'owner' AND c.kind = item ->> 'kind'
          AND c.quarantined_until IS NULL;
    END IF;
  END LOOP;
  FOR item IN SELECT jsonb_array_elements(p_along -> 'take') LOOP
    -- What is there already is the taker's own, or its quarantine is over.
    INSERT INTO authledger.claims (ledger, kind, digest, owner)
      VALUES (p_ledger, item ->> 'kind', item ->> 'digest', item ->> 'owner')
      ON CONFLICT (ledger, kind, digest)
        DO UPDATE SET owner = excluded.owner, quarantined_until = NULL;
  END LOOP;

  FOR item IN SELECT jsonb_array_elements(p_along -> 'remove') LOOP
    DELETE FROM authledger.vault v WHERE v.ledger = p_ledger AND v.id = item #>> '{}';
  END LOOP;
  IF p_along ? 'put' THEN
    INSERT INTO authledger.vault (ledger, id, kind, owner, version, ciphertext)
      SELECT p_ledger, p.id, p.kind, p.owner, p.version, decode(p.ciphertext, 'base64')
      FROM jsonb_to_recordset(p_along -> 'put')
        AS p(id TEXT, kind TEXT, owner TEXT, version INT, ciphertext TEXT)
      ON CONFLICT (ledger, id) DO UPDATE SET kind = excluded.kind, owner = excluded.owner,
        version = excluded.version, ciphertext = excluded.ciphertext;
  END IF;

  IF p_along ? 'create' THEN
    INSERT INTO authledger.data_keys (ledger, owner, generation, key_version, wrapped)
      SELECT 'identity', k.owner, k.generation, k."keyVersion", decode(k.wrapped, 'base64')
      FROM jsonb_to_recordset(p_along -> 'create')
        AS k(owner TEXT, generation INT, "keyVersion" INT, wrapped TEXT);
  END IF;
  FOR item IN SELECT jsonb_array_elements(p_along -> 'destroy') LOOP
    DELETE FROM authledger.data_keys k WHERE k.ledger = 'identity' AND k.owner = item #>> '{}';
    INSERT INTO authledger.destroyed_owners (ledger, owner) VALUES ('identity', item #>> '{}')
      ON CONFLICT DO NOTHING;
  END LOOP;
  RETURN NULL;
END $$;
