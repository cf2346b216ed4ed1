-- Codes, tokens, grants and half-finished requests of the token protocols: volatile, each with an
-- end. Ids and what people type are digests under the artefact key, payloads are sealed with it.
CREATE TABLE authledger.artefacts (
  ledger TEXT NOT NULL,
  kind TEXT NOT NULL,
  digest TEXT NOT NULL,
  grant_digest TEXT,
  user_code_digest TEXT,
  key_version INTEGER NOT NULL,
  payload BYTEA NOT NULL,
  expires_ms BIGINT NOT NULL,
  consumed_ms BIGINT,
  PRIMARY KEY (ledger, kind, digest)
);
CREATE INDEX artefacts_by_grant ON authledger.artefacts (ledger, grant_digest)
  WHERE grant_digest IS NOT NULL;
CREATE INDEX artefacts_by_user_code ON authledger.artefacts (ledger, user_code_digest)
  WHERE user_code_digest IS NOT NULL;
CREATE INDEX artefacts_by_end ON authledger.artefacts (ledger, expires_ms);

-- Ids that count once until they expire: proofs and assertions that nobody may replay.
CREATE TABLE authledger.seen_ids (
  ledger TEXT NOT NULL,
  digest TEXT NOT NULL,
  expires_ms BIGINT NOT NULL,
  PRIMARY KEY (ledger, digest)
);
CREATE INDEX seen_ids_by_end ON authledger.seen_ids (ledger, expires_ms);

-- Nothing is kept under a grant that is gone. The grant's row is held while something is put, so a
-- revocation waits for it and then removes it too.
CREATE FUNCTION authledger.put_artefact(
  p_kind TEXT, p_digest TEXT, p_grant TEXT, p_user_code TEXT, p_key_version INTEGER,
  p_payload BYTEA, p_expires_ms BIGINT
) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN
  IF p_grant IS NOT NULL THEN
    PERFORM 1 FROM authledger.artefacts
    WHERE ledger = 'identity' AND kind = 'Grant' AND digest = p_grant FOR SHARE;
    IF NOT FOUND THEN RETURN FALSE; END IF;
  END IF;
  INSERT INTO authledger.artefacts
    (ledger, kind, digest, grant_digest, user_code_digest, key_version, payload, expires_ms)
  VALUES
    ('identity', p_kind, p_digest, p_grant, p_user_code, p_key_version, p_payload, p_expires_ms)
  ON CONFLICT (ledger, kind, digest) DO UPDATE SET
    grant_digest = excluded.grant_digest, user_code_digest = excluded.user_code_digest,
    key_version = excluded.key_version, payload = excluded.payload,
    expires_ms = excluded.expires_ms;
  RETURN TRUE;
END $$;

-- The grant first: from then on nothing more is put under it, and what was is seen here.
CREATE FUNCTION authledger.revoke_grant(p_grant TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM authledger.artefacts
  WHERE ledger = 'identity' AND kind = 'Grant' AND digest = p_grant;
  DELETE FROM authledger.artefacts WHERE ledger = 'identity' AND grant_digest = p_grant;
END $$;
