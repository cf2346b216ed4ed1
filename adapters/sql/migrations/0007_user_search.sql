-- By which beginnings of words people are found: volatile, made from events and made again from
-- them, outside digests and as_of. Terms stand here as HMACs cut to 64 bits, never as text.

-- What is indexed of each person; who is gone is never indexed again.
CREATE TABLE authledger.user_search_people (
  ledger TEXT COLLATE "C" NOT NULL,
  user_id UUID NOT NULL,
  created_ms BIGINT NOT NULL DEFAULT 0,
  name BIGINT[] NOT NULL DEFAULT '{}',
  name_at BIGINT NOT NULL DEFAULT 0,
  username BIGINT[] NOT NULL DEFAULT '{}',
  username_at BIGINT NOT NULL DEFAULT 0,
  email BIGINT[] NOT NULL DEFAULT '{}',
  email_at BIGINT NOT NULL DEFAULT 0,
  gone BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (ledger, user_id)
);

-- One row a person and term: a page is a range of the primary key, whatever the number of people.
CREATE TABLE authledger.user_search_terms (
  ledger TEXT COLLATE "C" NOT NULL,
  term BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  user_id UUID NOT NULL,
  PRIMARY KEY (ledger, term, created_ms, user_id)
);

CREATE TABLE authledger.user_search_position (
  ledger TEXT COLLATE "C" PRIMARY KEY,
  position BIGINT NOT NULL
);

-- Statements of their own, so that each sees what whoever held the row before it has written.
CREATE FUNCTION authledger.clear_user_search(p_user UUID) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
  person authledger.user_search_people;
BEGIN
  INSERT INTO authledger.user_search_people (ledger, user_id, gone)
  VALUES ('identity', p_user, TRUE)
  ON CONFLICT (ledger, user_id) DO UPDATE SET gone = TRUE;
  SELECT * INTO person FROM authledger.user_search_people
  WHERE ledger = 'identity' AND user_id = p_user;
  DELETE FROM authledger.user_search_terms
  WHERE ledger = 'identity' AND created_ms = person.created_ms AND user_id = p_user
    AND term = ANY (person.name || person.username || person.email);
  UPDATE authledger.user_search_people SET name = '{}', username = '{}', email = '{}'
  WHERE ledger = 'identity' AND user_id = p_user;
END $$;

-- Each change: {user, position, created?, name?, username?, email?}, the fields as lists of terms.
CREATE FUNCTION authledger.index_user_search(p_changes JSONB) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
  change JSONB;
  place BIGINT;
  held authledger.user_search_people;
  wanted authledger.user_search_people;
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
    DELETE FROM authledger.user_search_terms
    WHERE ledger = 'identity' AND created_ms = held.created_ms AND user_id = held.user_id
      AND term = ANY (held.name || held.username || held.email)
      AND (created_ms <> wanted.created_ms
        OR NOT term = ANY (wanted.name || wanted.username || wanted.email));
    INSERT INTO authledger.user_search_terms (ledger, term, created_ms, user_id)
    SELECT DISTINCT 'identity', t.term, wanted.created_ms, wanted.user_id
    FROM unnest(wanted.name || wanted.username || wanted.email) AS t(term)
    ON CONFLICT DO NOTHING;
    UPDATE authledger.user_search_people SET created_ms = wanted.created_ms,
      name = wanted.name, name_at = wanted.name_at, username = wanted.username,
      username_at = wanted.username_at, email = wanted.email, email_at = wanted.email_at
    WHERE ledger = 'identity' AND user_id = wanted.user_id;
  END LOOP;
  INSERT INTO authledger.user_search_position AS p (ledger, position)
  SELECT 'identity', max((value ->> 'position')::BIGINT) FROM jsonb_array_elements(p_changes)
  HAVING count(*) > 0
  ON CONFLICT (ledger) DO UPDATE SET position = greatest(p.position, excluded.position);
END $$;

CREATE FUNCTION authledger.reset_user_search() RETURNS VOID
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM authledger.user_search_people WHERE ledger = 'identity' AND NOT gone;
  DELETE FROM authledger.user_search_terms WHERE ledger = 'identity';
  DELETE FROM authledger.user_search_position WHERE ledger = 'identity';
END $$;

-- Which mails one person was sent, for what is exported about them.
CREATE INDEX outbox_recipient ON authledger.outbox (recipient, queued_at, id);
