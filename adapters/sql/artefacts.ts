import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { artefactDigest, openArtefact, sealArtefact } from "../crypto/artefact.ts";
import {
  ARTEFACTS_SWEPT_MAX,
  type Artefact,
  type ArtefactKind,
  Artefacts,
} from "../ports/artefacts.ts";
import { Keyring } from "../ports/keyring.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { artefactBatches, type Stored } from "./artefact-batches.ts";
import { Database } from "./database.ts";

const BY_USER_CODE = `SELECT kind, digest, key_version AS "keyVersion", payload,
    expires_ms AS "expiresMs", consumed_ms AS "consumedMs"
  FROM authledger.artefacts
  WHERE ledger = 'identity' AND kind = 'DeviceCode' AND user_code_digest = $1`;

/** What is not there may still lie there expired. */
const EXCHANGE_NOTHING = `INSERT INTO authledger.artefacts AS a
    (ledger, kind, digest, key_version, payload, expires_ms)
  VALUES ('identity', $1, $2, $3, $4, $5)
  ON CONFLICT (ledger, kind, digest) DO UPDATE SET
    key_version = excluded.key_version, payload = excluded.payload,
    expires_ms = excluded.expires_ms, consumed_ms = NULL
  WHERE a.expires_ms <= $6 RETURNING 1`;

/** Sealed twice, the same payload is other bytes: they tell one putting from another. */
const EXCHANGE = `UPDATE authledger.artefacts
  SET key_version = $3, payload = $4, expires_ms = $5
  WHERE ledger = 'identity' AND kind = $1 AND digest = $2 AND payload = $6 RETURNING 1`;

/** Artefacts in a table. */
export const layer: Layer.Layer<Artefacts, never, Database | Keyring> = Layer.effect(
  Artefacts,
  Effect.gen(function* () {
    const database = yield* Database;
    const { query } = database;
    const batches = yield* artefactBatches(database);
    const keyring = yield* Keyring;
    const digestOf = (kind: string, id: string) => artefactDigest(keyring, kind, id);
    const sources = new WeakMap<Artefact, Uint8Array>();
    const opened = (kind: ArtefactKind, row: Stored | undefined, nowMs: number) => {
      if (row === undefined) return undefined;
      const { digest, keyVersion, payload: ciphertext, expiresMs, consumedMs } = row;
      const expiresAtMs = Number(expiresMs);
      if (expiresAtMs <= nowMs) return undefined;
      const payload = openArtefact(keyring, { kind, digest }, { keyVersion, ciphertext });
      if (payload === undefined) return undefined;
      const consumed = consumedMs === null ? {} : { consumedAtMs: Number(consumedMs) };
      const artefact: Artefact = { payload, expiresAtMs, ...consumed };
      sources.set(artefact, ciphertext);
      return artefact;
    };
    return {
      put: (kind, id, { payload, expiresAtMs: expiresMs, grant, userCode }) =>
        Effect.suspend(() => {
          const digest = digestOf(kind, id);
          return batches.put({
            ...{ kind, digest, expiresMs },
            grant: grant === undefined ? null : digestOf("Grant", grant),
            userCode: userCode === undefined ? null : digestOf("user-code", userCode),
            ...sealArtefact(keyring, { kind, digest }, payload),
          });
        }).pipe(Effect.mapError(storeUnavailable)),
      find: (kind, id) =>
        Effect.gen(function* () {
          const nowMs = yield* Clock.currentTimeMillis;
          return opened(kind, yield* batches.find({ kind, digest: digestOf(kind, id) }), nowMs);
        }).pipe(Effect.mapError(storeUnavailable)),
      exchange: (kind, id, before, { payload, expiresAtMs }) =>
        Effect.gen(function* () {
          const digest = digestOf(kind, id);
          const sealed = sealArtefact(keyring, { kind, digest }, payload);
          const row = [kind, digest, sealed.keyVersion, sealed.ciphertext, expiresAtMs];
          const rows =
            before === undefined
              ? yield* query(EXCHANGE_NOTHING, [...row, yield* Clock.currentTimeMillis])
              : yield* query(EXCHANGE, [...row, sources.get(before) ?? null]);
          return rows.length === 1;
        }).pipe(Effect.mapError(storeUnavailable)),
      findByUserCode: (userCode) =>
        Effect.gen(function* () {
          const nowMs = yield* Clock.currentTimeMillis;
          const [row] = yield* query<Stored>(BY_USER_CODE, [digestOf("user-code", userCode)]);
          return opened("DeviceCode", row, nowMs);
        }).pipe(Effect.mapError(storeUnavailable)),
      consume: (kind, id) =>
        Effect.gen(function* () {
          const nowMs = yield* Clock.currentTimeMillis;
          return yield* batches.consume({ kind, digest: digestOf(kind, id), nowMs });
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
