-- Indexing somebody costs the same however many are indexed, also with the plans that a connection
-- made while the tables were empty: rows that go are named by their whole key, one by one. As one
-- statement over a list of terms, such a plan reads the index from end to end for each person.

CREATE FUNCTION authledger.forget_search_terms(
  p_terms BIGINT[], p_created_ms BIGINT, p_user UUID
) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
  lost BIGINT;
BEGIN
  FOREACH lost IN ARRAY p_terms LOOP
    DELETE FROM authledger.user_search_terms
    WHERE ledger = 'identity' AND term = lost AND created_ms = p_created_ms AND user_id = p_user;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION authledger.clear_user_search(p_user UUID) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
  person authledger.user_search_people;
BEGIN
  INSERT INTO authledger.user_search_people (ledger, user_id, gone)
  VALUES ('identity', p_user, TRUE)
  ON CONFLICT (ledger, user_id) DO UPDATE SET gone = TRUE;
  SELECT * INTO person FROM authledger.user_search_people
  WHERE ledger = 'identity' AND user_id = p_user;
  PERFORM authledger.forget_search_terms(
    person.name || person.username || person.email, person.created_ms, p_user);
  UPDATE authledger.user_search_people SET name = '{}', username = '{}', email = '{}'
  WHERE ledger = 'identity' AND user_id = p_user;
END $$;

CREATE OR REPLACE FUNCTION authledger.index_user_search(p_changes JSONB) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
  change JSONB;
  place BIGINT;
  held authledger.user_search_people;
  wanted authledger.user_search_people;
  had BIGINT[];
  has BIGINT[];
BEGIN
  FOR change IN SELECT value FROM jsonb_array_elements(p_changes) LOOP
    place := (change ->> 'position')::BIGINT;
    INSERT INTO authledger.user_search_people (ledger, user_id, created_ms)
    VALUES ('identity', (change ->> 'user')::UUID, coalesce((change ->> 'created')::BIGINT, 0))
    ON CONFLICT (ledger, user_id) DO NOTHING;
    SELECT * INTO held FROM authledger.user_search_people
    WHERE ledger = 'identity' AND user_id = (change ->> 'user')::UUID FOR UPDATE;
    CONTINUE WHEN held.gone;
    wanted := held;
    IF change ? 'created' THEN wanted.created_ms := (change ->> 'created')::BIGINT; END IF;
    IF change ? 'name' AND place >= held.name_at THEN
      wanted.name := ARRAY(SELECT value::BIGINT FROM jsonb_array_elements_text(change -> 'name'));
      wanted.name_at := place;
    END IF;
    IF change ? 'username' AND place >= held.username_at THEN
      wanted.username :=
        ARRAY(SELECT value::BIGINT FROM jsonb_array_elements_text(change -> 'username'));
      wanted.username_at := place;
    END IF;
    IF change ? 'email' AND place >= held.email_at THEN
      wanted.email := ARRAY(SELECT value::BIGINT FROM jsonb_array_elements_text(change -> 'email'));
      wanted.email_at := place;
    END IF;
    CONTINUE WHEN wanted = held;
    had := held.name || held.username || held.email;
    has := wanted.name || wanted.username || wanted.email;
    IF held.created_ms <> wanted.created_ms THEN
      PERFORM authledger.forget_search_terms(had, held.created_ms, held.user_id);
      had := '{}';
    END IF;
    PERFORM authledger.forget_search_terms(
      ARRAY(SELECT unnest(had) EXCEPT SELECT unnest(has)), held.created_ms, held.user_id);
    INSERT INTO authledger.user_search_terms (ledger, term, created_ms, user_id)
    SELECT 'identity', t.term, wanted.created_ms, wanted.user_id
    FROM (SELECT unnest(has) EXCEPT SELECT unnest(had)) AS t(term)
    ON CONFLICT DO NOTHING;
    UPDATE authledger.user_search_people SET created_ms = wanted.created_ms,
      name = wanted.name, name_at = wanted.name_at, username = wanted.username,
      username_at = wanted.username_at, email = wanted.email, email_at = wanted.email_at
    WHERE ledger = 'identity' AND user_id = wanted.user_id;
  END LOOP;
END $$;

-- How far the index is, its follower's cursor says: a second number beside it could be ahead.
DROP TABLE authledger.user_search_position;

-- The follower begins again at the first event, whichever process runs it: it loses its lease, and
-- what it still writes under the old one moves no cursor.
DROP FUNCTION authledger.reset_user_search();
CREATE FUNCTION authledger.reset_user_search(p_follower TEXT) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
  fence BIGINT;
BEGIN
  UPDATE authledger.leases SET token = token + 1
  WHERE ledger = 'identity' AND name = p_follower RETURNING token INTO fence;
  UPDATE authledger.cursors SET position = 0, leaf = '', epoch = '',
    token = greatest(token, coalesce(fence, 0))
  WHERE ledger = 'identity' AND name = p_follower AND build = 0;
  DELETE FROM authledger.user_search_people WHERE ledger = 'identity' AND NOT gone;
  DELETE FROM authledger.user_search_terms WHERE ledger = 'identity';
END $$;
