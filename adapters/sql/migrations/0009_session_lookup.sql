-- Who sessions stand for, for every request that shows a cookie: look-ups by primary key, several
-- sessions in one call.
--
-- Its plan is made once a connection. Left to itself, PostgreSQL plans anew at each call (a list of
-- keys looks cheaper when its length is known), which takes longer than running it; and a plan that
-- is kept from when the tables were small reads them whole. So the plan is the generic one, and of
-- the ways to find a row by its key only the index is left.
--
-- VOLATILE, so that it sees what was committed when it has locked the tables, as a statement would:
-- with the snapshot of whoever called it, a rebuild that is switched in just then shows no rows.

CREATE FUNCTION authledger.find_sessions(p_keys TEXT[]) RETURNS TABLE (
  key TEXT,
  session JSONB,
  "user" JSONB,
  vault_kind TEXT,
  vault_owner TEXT,
  vault_version INTEGER,
  vault_ciphertext BYTEA,
  key_generation INTEGER,
  key_version INTEGER,
  key_wrapped BYTEA,
  seen_at BIGINT,
  signed_in_at BIGINT,
  revoked BOOLEAN,
  -- Who acts in it, when somebody else does: session, user, seenAt, revoked.
  impersonator JSONB,
  parked_model TEXT,
  parked_position BIGINT
)
LANGUAGE plpgsql VOLATILE ROWS 10
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_material = off
SET enable_memoize = off
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT s.key, s.row, u.row, v.kind, v.owner, v.version, v.ciphertext,
    k.generation, k.key_version, k.wrapped, t.at, w.at,
    EXISTS (SELECT FROM authledger.revocations r
      WHERE r.key IN ('all', s.row->>'userId')
        AND (r.row->>'position')::BIGINT > (s.row->>'position')::BIGINT
        AND r.row->>'except' IS DISTINCT FROM s.key),
    i.impersonator, p.name, p.position
  FROM authledger.sessions s
  LEFT JOIN authledger.users u ON u.key = s.row->>'userId'
  LEFT JOIN authledger.vault v ON v.ledger = 'activity' AND v.id = s.key
  LEFT JOIN authledger.stamps t ON t.ledger = 'activity' AND t.kind = 'session' AND t.id = s.key
  LEFT JOIN authledger.stamps w
    ON w.ledger = 'activity' AND w.kind = 'sign-in' AND w.id = s.row->>'userId'
  LEFT JOIN LATERAL (SELECT * FROM authledger.data_keys d
    WHERE d.ledger = 'identity' AND d.owner = 'user:' || (s.row->>'userId')
    ORDER BY d.generation DESC LIMIT 1) k ON TRUE
  LEFT JOIN LATERAL (SELECT jsonb_build_object('session', o.row, 'user', ou.row,
      'seenAt', ot.at, 'revoked', EXISTS (SELECT FROM authledger.revocations r
        WHERE r.key IN ('all', o.row->>'userId')
          AND (r.row->>'position')::BIGINT > (o.row->>'position')::BIGINT
          AND r.row->>'except' IS DISTINCT FROM o.key)) AS impersonator
    FROM authledger.sessions o
    LEFT JOIN authledger.users ou ON ou.key = o.row->>'userId'
    LEFT JOIN authledger.stamps ot
      ON ot.ledger = 'activity' AND ot.kind = 'session' AND ot.id = o.key
    WHERE o.key = s.row->'impersonator'->>'sessionId' LIMIT 1) i ON s.row ? 'impersonator'
  LEFT JOIN LATERAL (SELECT x.name, x.position FROM authledger.parked x
    WHERE x.ledger = 'identity' AND (
      (x.name = 'sessions' AND x.key IN (s.key, s.row->'impersonator'->>'sessionId'))
      OR (x.name = 'users'
        AND x.key IN (s.row->>'userId', s.row->'impersonator'->>'userId')))
      AND x.build = (SELECT c.build FROM authledger.cursors c
        WHERE c.ledger = 'identity' AND c.name = x.name AND c.active)
    LIMIT 1) p ON TRUE
  WHERE s.key = ANY (p_keys) AND s.row IS NOT NULL;
END $$;
