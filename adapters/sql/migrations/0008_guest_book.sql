-- Which guests there are and when each was last seen: volatile, made from events and made again
-- from them, outside digests and as_of. Times are milliseconds since 1970.

CREATE TABLE authledger.guest_book (
  ledger TEXT COLLATE "C" NOT NULL,
  user_id UUID NOT NULL,
  seen_ms BIGINT NOT NULL,
  -- Since when the guest is to make room; who said so may have died before it was done.
  leaving_ms BIGINT,
  PRIMARY KEY (ledger, user_id)
) WITH (fillfactor = 70);
CREATE INDEX guest_book_idle ON authledger.guest_book (ledger, seen_ms, user_id)
  WHERE leaving_ms IS NULL;
CREATE INDEX guest_book_leaving ON authledger.guest_book (ledger, leaving_ms)
  WHERE leaving_ms IS NOT NULL;

-- Whoever counts holds this row, so that of many at once each counts what the others have done.
CREATE TABLE authledger.guest_book_turn (
  ledger TEXT COLLATE "C" PRIMARY KEY
);
INSERT INTO authledger.guest_book_turn (ledger) VALUES ('identity');

-- Writes a guest down and answers who makes room: the longest unseen past the maximum, and whoever
-- was to leave before p_again_ms and is still here.
CREATE FUNCTION authledger.admit_guest(
  p_user UUID, p_now_ms BIGINT, p_max INTEGER, p_most INTEGER, p_again_ms BIGINT
) RETURNS SETOF UUID
LANGUAGE plpgsql AS $$
DECLARE
  present INTEGER;
BEGIN
  PERFORM 1 FROM authledger.guest_book_turn WHERE ledger = 'identity' FOR UPDATE;
  INSERT INTO authledger.guest_book (ledger, user_id, seen_ms)
  VALUES ('identity', p_user, p_now_ms) ON CONFLICT DO NOTHING;
  SELECT count(*) INTO present FROM authledger.guest_book
  WHERE ledger = 'identity' AND leaving_ms IS NULL;
  RETURN QUERY UPDATE authledger.guest_book g SET leaving_ms = p_now_ms
  WHERE g.ledger = 'identity' AND g.user_id IN (
    SELECT i.user_id FROM authledger.guest_book i
    WHERE i.ledger = 'identity' AND i.leaving_ms IS NULL AND i.user_id <> p_user
    ORDER BY i.seen_ms, i.user_id LIMIT least(greatest(present - p_max, 0), p_most))
  RETURNING g.user_id;
  RETURN QUERY UPDATE authledger.guest_book g SET leaving_ms = p_now_ms
  WHERE g.ledger = 'identity' AND g.user_id IN (
    SELECT l.user_id FROM authledger.guest_book l
    WHERE l.ledger = 'identity' AND l.leaving_ms < p_again_ms
    ORDER BY l.leaving_ms LIMIT p_most)
  RETURNING g.user_id;
END $$;
