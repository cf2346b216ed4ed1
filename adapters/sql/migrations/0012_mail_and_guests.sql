-- When the mail server took a mail: whoever claims its row from then on only puts it on record.
ALTER TABLE authledger.outbox ADD COLUMN sent_at TEXT COLLATE "C";

-- Health asks for these at every probe: what waits is found without what went, of which there may
-- be millions.
CREATE INDEX outbox_failing ON authledger.outbox (queued_at)
  WHERE state = 'waiting' AND code IS NOT NULL AND attempts >= 2 AND sent_at IS NULL;
CREATE INDEX outbox_untried ON authledger.outbox (queued_at)
  WHERE state = 'waiting' AND code IS NULL AND sent_at IS NULL;
CREATE INDEX outbox_ending ON authledger.outbox (expires_at) WHERE state = 'waiting';

-- What came from an event up to this position is worth nothing, in each of the two ledgers: times
-- of different processes cannot be compared. Of before, everything of these people is withdrawn.
ALTER TABLE authledger.token_withdrawals ADD COLUMN up_to BIGINT;
ALTER TABLE authledger.token_withdrawals RENAME COLUMN before TO withdrawn_at;
INSERT INTO authledger.token_withdrawals (ledger, subject, purpose, withdrawn_at)
  SELECT 'activity', subject, purpose, withdrawn_at FROM authledger.token_withdrawals
  WHERE ledger = 'identity' ON CONFLICT DO NOTHING;
UPDATE authledger.token_withdrawals w SET up_to = h.position
  FROM authledger.heads h WHERE h.ledger = w.ledger;
ALTER TABLE authledger.token_withdrawals ALTER COLUMN up_to SET NOT NULL;

-- How many guests are present is counted in the transaction of whatever changes it, in the row that
-- serialises admissions, so that nobody counts a million of them while others wait for it.
ALTER TABLE authledger.guest_book_turn ADD COLUMN present INTEGER NOT NULL DEFAULT 0;
UPDATE authledger.guest_book_turn t SET present = (SELECT count(*) FROM authledger.guest_book g
  WHERE g.ledger = t.ledger AND g.leaving_ms IS NULL);

-- Before any guest's row is held, so that turns and rows are always taken in the same order.
CREATE FUNCTION authledger.take_guest_turn() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM authledger.guest_book_turn WHERE ledger = 'identity' FOR UPDATE;
  RETURN NULL;
END $$;
CREATE TRIGGER guest_book_turn_taken
  BEFORE INSERT OR DELETE OR UPDATE OF leaving_ms ON authledger.guest_book
  FOR EACH STATEMENT EXECUTE FUNCTION authledger.take_guest_turn();

CREATE FUNCTION authledger.count_guest() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  more INTEGER := 0;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    UPDATE authledger.guest_book_turn SET present = 0;
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' AND OLD.leaving_ms IS NULL THEN more := more - 1; END IF;
  IF TG_OP <> 'DELETE' AND NEW.leaving_ms IS NULL THEN more := more + 1; END IF;
  IF more <> 0 THEN
    UPDATE authledger.guest_book_turn SET present = present + more
    WHERE ledger = coalesce(NEW.ledger, OLD.ledger);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guest_book_counted AFTER INSERT OR DELETE OR UPDATE OF leaving_ms
  ON authledger.guest_book FOR EACH ROW EXECUTE FUNCTION authledger.count_guest();
CREATE TRIGGER guest_book_emptied AFTER TRUNCATE
  ON authledger.guest_book FOR EACH STATEMENT EXECUTE FUNCTION authledger.count_guest();

CREATE OR REPLACE FUNCTION authledger.admit_guest(
  p_user UUID, p_now_ms BIGINT, p_max INTEGER, p_most INTEGER, p_again_ms BIGINT
) RETURNS SETOF UUID
LANGUAGE plpgsql AS $$
DECLARE
  present_now INTEGER;
BEGIN
  PERFORM 1 FROM authledger.guest_book_turn WHERE ledger = 'identity' FOR UPDATE;
  INSERT INTO authledger.guest_book (ledger, user_id, seen_ms)
  VALUES ('identity', p_user, p_now_ms) ON CONFLICT DO NOTHING;
  SELECT t.present INTO present_now FROM authledger.guest_book_turn t WHERE t.ledger = 'identity';
  RETURN QUERY UPDATE authledger.guest_book g SET leaving_ms = p_now_ms
  WHERE g.ledger = 'identity' AND g.user_id IN (
    SELECT i.user_id FROM authledger.guest_book i
    WHERE i.ledger = 'identity' AND i.leaving_ms IS NULL AND i.user_id <> p_user
    ORDER BY i.seen_ms, i.user_id LIMIT least(greatest(present_now - p_max, 0), p_most))
  RETURNING g.user_id;
  RETURN QUERY UPDATE authledger.guest_book g SET leaving_ms = p_now_ms
  WHERE g.ledger = 'identity' AND g.user_id IN (
    SELECT l.user_id FROM authledger.guest_book l
    WHERE l.ledger = 'identity' AND l.leaving_ms < p_again_ms
    ORDER BY l.leaving_ms LIMIT p_most)
  RETURNING g.user_id;
END $$;
