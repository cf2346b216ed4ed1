import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { artefactDigest, openArtefact, sealArtefact } from "../crypto/artefact.ts";
import { ARTEFACTS_SWEPT_MAX, type ArtefactKind, Artefacts } from "../ports/artefacts.ts";
import { Keyring } from "../ports/keyring.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

type Stored = {
  readonly digest: string;
  readonly keyVersion: number;
  readonly payload: Uint8Array;
  readonly expiresMs: number | string;
  readonly consumedMs: number | string | null;
};

const FOUND = `SELECT digest, key_version AS "keyVersion", payload, expires_ms AS "expiresMs",
  consumed_ms AS "consumedMs"
  FROM authledger.artefacts WHERE ledger = 'identity' AND expires_ms > $1`;

/** Artefacts in a table. */
export const layer: Layer.Layer<Artefacts, never, Database | Keyring> = Layer.effect(
  Artefacts,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const keyring = yield* Keyring;
    const digestOf = (kind: string, id: string) => artefactDigest(keyring, kind, id);
    const opened = (kind: ArtefactKind, row: Stored | undefined) => {
      if (row === undefined) return undefined;
      const { digest, keyVersion, payload: ciphertext, expiresMs, consumedMs } = row;
      const payload = openArtefact(keyring, { kind, digest }, { keyVersion, ciphertext });
      if (payload === undefined) return undefined;
      const expiresAtMs = Number(expiresMs);
      const consumed = consumedMs === null ? {} : { consumedAtMs: Number(consumedMs) };
      return { payload, expiresAtMs, ...consumed };
    };
    return {
      put: (kind, id, { payload, expiresAtMs, grant, userCode }) =>
        Effect.gen(function* () {
          const digest = digestOf(kind, id);
          const { keyVersion, ciphertext } = sealArtefact(keyring, { kind, digest }, payload);
          const [row] = yield* query<{ kept: boolean }>(
            "SELECT authledger.put_artefact($1, $2, $3, $4, $5, $6, $7) AS kept",
            [
              kind,
              digest,
              grant === undefined ? null : digestOf("Grant", grant),
              userCode === undefined ? null : digestOf("user-code", userCode),
              keyVersion,
              ciphertext,
              expiresAtMs,
            ],
          );
          return row?.kept === true;
        }).pipe(Effect.mapError(storeUnavailable)),
      find: (kind, id) =>
        Effect.gen(function* () {
          const [row] = yield* query<Stored>(`${FOUND} AND kind = $2 AND digest = $3`, [
            yield* Clock.currentTimeMillis,
            kind,
            digestOf(kind, id),
          ]);
          return opened(kind, row);
        }).pipe(Effect.mapError(storeUnavailable)),
      findByUserCode: (userCode) =>
        Effect.gen(function* () {
          const [row] = yield* query<Stored>(
            `${FOUND} AND kind = 'DeviceCode' AND user_code_digest = $2`,
            [yield* Clock.currentTimeMillis, digestOf("user-code", userCode)],
          );
          return opened("DeviceCode", row);
        }).pipe(Effect.mapError(storeUnavailable)),
      consume: (kind, id) =>
        Effect.gen(function* () {
          const rows = yield* query(
            `UPDATE authledger.artefacts SET consumed_ms = $1
             WHERE ledger = 'identity' AND kind = $2 AND digest = $3 AND consumed_ms IS NULL
             RETURNING 1`,
            [yield* Clock.currentTimeMillis, kind, digestOf(kind, id)],
          );
          return rows.length === 1;
        }).pipe(Effect.mapError(storeUnavailable)),
      remove: (kind, id) =>
        query(
          `DELETE FROM authledger.artefacts
           WHERE ledger = 'identity' AND kind = $1 AND digest = $2`,
          [kind, digestOf(kind, id)],
        ).pipe(Effect.mapError(storeUnavailable), Effect.asVoid),
      revokeGrant: (grant) =>
        query("SELECT authledger.revoke_grant($1)", [digestOf("Grant", grant)]).pipe(
          Effect.mapError(storeUnavailable),
          Effect.asVoid,
        ),
      first: (scope, id, expiresAtMs) =>
        Effect.gen(function* () {
          // What has expired and is not swept yet counts as never seen.
          const rows = yield* query(
            `INSERT INTO authledger.seen_ids AS s (ledger, digest, expires_ms)
             VALUES ('identity', $1, $2) ON CONFLICT (ledger, digest) DO UPDATE
               SET expires_ms = excluded.expires_ms WHERE s.expires_ms <= $3 RETURNING 1`,
            [digestOf(`seen/${scope}`, id), expiresAtMs, yield* Clock.currentTimeMillis],
          );
          return rows.length === 1;
        }).pipe(Effect.mapError(storeUnavailable)),
      sweep: Effect.gen(function* () {
        const nowMs = yield* Clock.currentTimeMillis;
        const artefacts = yield* query(
          `DELETE FROM authledger.artefacts WHERE (ledger, kind, digest) IN (
             SELECT ledger, kind, digest FROM authledger.artefacts
             WHERE ledger = 'identity' AND expires_ms <= $1 ORDER BY expires_ms LIMIT $2)
           RETURNING 1`,
          [nowMs, ARTEFACTS_SWEPT_MAX],
        );
        const seen = yield* query(
          `DELETE FROM authledger.seen_ids WHERE (ledger, digest) IN (
             SELECT ledger, digest FROM authledger.seen_ids
             WHERE ledger = 'identity' AND expires_ms <= $1 ORDER BY expires_ms LIMIT $2)
           RETURNING 1`,
          [nowMs, ARTEFACTS_SWEPT_MAX],
        );
        return artefacts.length + seen.length;
      }).pipe(Effect.mapError(storeUnavailable)),
    };
  }),
);
