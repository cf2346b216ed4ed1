-- Counters of what was done how often: volatile, so unlogged. They cost no write-ahead log, are
-- empty after a crash and on a replica. Times are milliseconds since 1970 by this server's clock.

CREATE UNLOGGED TABLE authledger.throttles (
  ledger TEXT COLLATE "C" NOT NULL,
  bucket TEXT COLLATE "C" NOT NULL,
  -- An HMAC: whom it is about cannot be read here, nor tried out.
  key BYTEA NOT NULL,
  -- Charges that still count, oldest first; of one that delays, the last alone.
  taken DOUBLE PRECISION[] NOT NULL DEFAULT '{}',
  strikes INTEGER NOT NULL DEFAULT 0,
  -- A refusal was told; the next one is news after this.
  told_until DOUBLE PRECISION NOT NULL DEFAULT 0,
  expires_at DOUBLE PRECISION NOT NULL DEFAULT 0,
  PRIMARY KEY (ledger, bucket, key)
);
CREATE INDEX throttles_age ON authledger.throttles (expires_at);

-- Strikes that are not yet forgotten: one each p_delay_max.
CREATE FUNCTION authledger.throttle_level(
  p_kept authledger.throttles, p_delay_max DOUBLE PRECISION, p_now DOUBLE PRECISION
) RETURNS DOUBLE PRECISION LANGUAGE sql IMMUTABLE AS $$
  SELECT greatest(0, (p_kept).strikes - floor(
    greatest(0, p_now - coalesce((p_kept).taken[cardinality((p_kept).taken)], p_now))
    / p_delay_max))
$$;

-- Milliseconds until the place takes one more charge; 0 when it does now.
CREATE FUNCTION authledger.throttle_wait(
  p_kept authledger.throttles, p_max INT, p_window DOUBLE PRECISION,
  p_delay_max DOUBLE PRECISION, p_now DOUBLE PRECISION
) RETURNS DOUBLE PRECISION LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  live DOUBLE PRECISION[];
  level DOUBLE PRECISION;
BEGIN
  IF p_delay_max IS NOT NULL THEN
    level := authledger.throttle_level(p_kept, p_delay_max, p_now);
    IF level < p_max THEN RETURN 0; END IF;
    RETURN greatest(0, p_kept.taken[cardinality(p_kept.taken)]
      + least(p_delay_max, p_window * power(2, level - p_max)) - p_now);
  END IF;
  live := ARRAY(SELECT t FROM unnest(p_kept.taken) t WHERE t > p_now - p_window ORDER BY t);
  IF cardinality(live) < p_max THEN RETURN 0; END IF;
  RETURN coalesce(live[cardinality(live) - p_max + 1] + p_window - p_now, p_window);
END $$;

-- Charges all places or none. Callers name them in one order, so that two requests never wait for
-- each other. `refused` is the place (from 1) that waits longest, null when all were charged.
CREATE FUNCTION authledger.reserve_throttles(
  p_buckets TEXT[], p_keys BYTEA[], p_max INT[], p_windows DOUBLE PRECISION[],
  p_delays_max DOUBLE PRECISION[],
  OUT refused INT, OUT wait_ms DOUBLE PRECISION, OUT first BOOLEAN
) LANGUAGE plpgsql AS $$
DECLARE
  kept authledger.throttles;
  now_ms DOUBLE PRECISION;
  wait DOUBLE PRECISION;
  level DOUBLE PRECISION;
  inserted INT := 0;
BEGIN
  wait_ms := 0;
  first := FALSE;
  FOR i IN 1..cardinality(p_buckets) LOOP
    LOOP
      PERFORM 1 FROM authledger.throttles t
        WHERE t.ledger = 'identity' AND t.bucket = p_buckets[i] AND t.key = p_keys[i] FOR UPDATE;
      EXIT WHEN FOUND;
      INSERT INTO authledger.throttles (ledger, bucket, key)
        VALUES ('identity', p_buckets[i], p_keys[i]) ON CONFLICT DO NOTHING;
      inserted := inserted + 1;
      EXIT WHEN FOUND;
    END LOOP;
  END LOOP;

  now_ms := extract(epoch FROM clock_timestamp()) * 1000;
  FOR i IN 1..cardinality(p_buckets) LOOP
    SELECT t.* INTO kept FROM authledger.throttles t
      WHERE t.ledger = 'identity' AND t.bucket = p_buckets[i] AND t.key = p_keys[i];
    wait := authledger.throttle_wait(kept, p_max[i], p_windows[i], p_delays_max[i], now_ms);
    IF wait > wait_ms THEN
      refused := i;
      wait_ms := wait;
      first := now_ms >= kept.told_until;
    END IF;
  END LOOP;

  IF refused IS NOT NULL THEN
    IF first THEN
      UPDATE authledger.throttles t
        SET told_until = now_ms + greatest(wait_ms, p_windows[refused]),
            expires_at = greatest(t.expires_at, now_ms + greatest(wait_ms, p_windows[refused]))
        WHERE t.ledger = 'identity' AND t.bucket = p_buckets[refused] AND t.key = p_keys[refused];
    END IF;
  ELSE
    FOR i IN 1..cardinality(p_buckets) LOOP
      IF p_delays_max[i] IS NULL THEN
        UPDATE authledger.throttles t SET expires_at = now_ms + p_windows[i],
            taken = ARRAY(SELECT k FROM unnest(t.taken) k
              WHERE k > now_ms - p_windows[i] ORDER BY k) || now_ms
          WHERE t.ledger = 'identity' AND t.bucket = p_buckets[i] AND t.key = p_keys[i];
      ELSE
        -- More strikes than the longest delay needs would only take longer to be forgotten.
        UPDATE authledger.throttles t SET taken = ARRAY[now_ms], strikes = s.strikes,
            expires_at = now_ms + s.strikes * p_delays_max[i]
          FROM (SELECT least(authledger.throttle_level(k, p_delays_max[i], now_ms) + 1,
              p_max[i] + ceil(log(2, (p_delays_max[i] / p_windows[i])::NUMERIC)))::INT AS strikes
            FROM authledger.throttles k
            WHERE k.ledger = 'identity' AND k.bucket = p_buckets[i] AND k.key = p_keys[i]) s
          WHERE t.ledger = 'identity' AND t.bucket = p_buckets[i] AND t.key = p_keys[i];
      END IF;
    END LOOP;
  END IF;

  -- What comes new takes two of the old away: the table never outgrows what still counts.
  IF inserted > 0 THEN
    DELETE FROM authledger.throttles t WHERE t.ctid = ANY (ARRAY(
      SELECT o.ctid FROM authledger.throttles o WHERE o.expires_at < now_ms
      ORDER BY o.expires_at LIMIT 2 * inserted FOR UPDATE SKIP LOCKED));
  END IF;
END $$;
