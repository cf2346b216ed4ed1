import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { openNotice, sealNotice } from "../crypto/logout-notice.ts";
import { Keyring } from "../ports/keyring.ts";
import { LogoutNotices, NOTICES_EXPIRED_MAX } from "../ports/logout-notices.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

type Stored = {
  readonly id: string;
  readonly clientId: string;
  readonly keyVersion: number;
  readonly payload: Uint8Array;
  readonly attempts: number;
};

const PUT = `INSERT INTO authledger.logout_notices
    (ledger, id, client_id, key_version, payload, next_ms, expires_ms)
  SELECT 'identity', r.id, r.client_id, r.key_version, decode(r.payload, 'hex'), $2, r.expires_ms
  FROM jsonb_to_recordset($1::JSONB) AS r(id UUID, client_id TEXT, key_version INTEGER,
    payload TEXT, expires_ms BIGINT)
  ON CONFLICT DO NOTHING`;

/**
 * From one application to the next by the index, and of each the first row alone. What was claimed
 * meanwhile is left; the sum keeps that from being looked for by time, among all that wait.
 */
export const CLAIM = `WITH RECURSIVE clients (client_id) AS (
    (SELECT n.client_id FROM authledger.logout_notices n WHERE n.ledger = 'identity'
      ORDER BY n.client_id LIMIT 1)
    UNION ALL
    SELECT (SELECT n.client_id FROM authledger.logout_notices n
      WHERE n.ledger = 'identity' AND n.client_id > c.client_id ORDER BY n.client_id LIMIT 1)
    FROM clients c WHERE c.client_id IS NOT NULL
  ), due AS (
    SELECT d.id FROM clients c CROSS JOIN LATERAL (
      SELECT n.id, n.next_ms FROM authledger.logout_notices n
      WHERE n.ledger = 'identity' AND n.client_id = c.client_id AND n.next_ms <= $1
      ORDER BY n.next_ms LIMIT 1) d
    WHERE c.client_id NOT IN (SELECT jsonb_array_elements_text($4::JSONB))
    ORDER BY d.next_ms LIMIT $3
  )
  UPDATE authledger.logout_notices n SET attempts = n.attempts + 1, next_ms = $2
  WHERE n.ledger = 'identity' AND n.id = ANY(ARRAY(SELECT due.id FROM due)) AND n.next_ms + 0 <= $1
  RETURNING n.id::TEXT AS id, n.client_id AS "clientId", n.key_version AS "keyVersion",
    n.payload, n.attempts`;

const REMOVE = "DELETE FROM authledger.logout_notices WHERE ledger = 'identity' AND id = $1";

/** Notices in a table. */
export const layer: Layer.Layer<LogoutNotices, never, Database | Keyring> = Layer.effect(
  LogoutNotices,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const keyring = yield* Keyring;
    return {
      put: (notices) =>
        Effect.gen(function* () {
          if (notices.length === 0) return;
          const rows = notices.map(({ id, clientId, userId, sid, expiresAtMs }) => {
            const sealed = sealNotice(keyring, { id, clientId }, { userId, sid });
            return {
              id,
              client_id: clientId,
              key_version: sealed.keyVersion,
              payload: Buffer.from(sealed.ciphertext).toString("hex"),
              expires_ms: expiresAtMs,
            };
          });
          yield* query(PUT, [JSON.stringify(rows), yield* Clock.currentTimeMillis]);
        }).pipe(Effect.mapError(storeUnavailable)),
      claim: ({ limit, leaseMs, except }) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis;
          const asked = [now, now + leaseMs, limit, JSON.stringify(except)];
          const rows = yield* query<Stored>(CLAIM, asked);
          const opened = rows.map((row) => ({ row, about: openNotice(keyring, row) }));
          for (const { row, about } of opened) {
            if (about === undefined) yield* query(REMOVE, [row.id]);
          }
          return opened.flatMap(({ row: { id, clientId, attempts }, about }) =>
            about === undefined ? [] : [{ id, clientId, ...about, attempts }],
          );
        }).pipe(Effect.mapError(storeUnavailable)),
      postpone: ({ id, attempts }, nextAtMs) =>
        query(
          `UPDATE authledger.logout_notices SET next_ms = $3
           WHERE ledger = 'identity' AND id = $1 AND attempts = $2`,
          [id, attempts, nextAtMs],
        ).pipe(Effect.mapError(storeUnavailable), Effect.asVoid),
      remove: (id) => query(REMOVE, [id]).pipe(Effect.mapError(storeUnavailable), Effect.asVoid),
      expire: Effect.gen(function* () {
        const rows = yield* query<{ clientId: string }>(
          `DELETE FROM authledger.logout_notices WHERE (ledger, id) IN (
             SELECT ledger, id FROM authledger.logout_notices
             WHERE ledger = 'identity' AND expires_ms <= $1 ORDER BY expires_ms LIMIT $2)
           RETURNING client_id AS "clientId"`,
          [yield* Clock.currentTimeMillis, NOTICES_EXPIRED_MAX],
        );
        return rows.map(({ clientId }) => clientId);
      }).pipe(Effect.mapError(storeUnavailable)),
    };
  }),
);
