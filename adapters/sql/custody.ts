import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Claims, type HeldClaim } from "../ports/claims.ts";
import { DataKeys } from "../ports/data-keys.ts";
import type { VaultRow, WrappedDataKey } from "../ports/ledger.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Vault } from "../ports/vault.ts";
import { Database } from "./database.ts";

const claims = Layer.effect(
  Claims,
  Effect.gen(function* () {
    const { query } = yield* Database;
    return {
      owner: (kind, digest) =>
        query<{ owner: string }>(
          `SELECT owner FROM authledger.claims
           WHERE ledger = 'identity' AND kind = $1 AND digest = $2 AND quarantined_until IS NULL`,
          [kind, digest],
        ).pipe(
          Effect.mapError(storeUnavailable),
          Effect.map(([row]) => row?.owner),
        ),
      page: (after, limit) =>
        query<HeldClaim>(
          `SELECT kind, digest, owner, quarantined_until IS NOT NULL AS quarantined
           FROM authledger.claims
           WHERE ledger = 'identity' AND (kind, digest) > ($1, $2) ORDER BY kind, digest LIMIT $3`,
          [after?.kind ?? "", after?.digest ?? "", limit],
        ).pipe(Effect.mapError(storeUnavailable)),
    };
  }),
);

/** Every id holds a UUID of its own, so one look-up serves the rows of both ledgers. */
const vault = Layer.effect(
  Vault,
  Effect.gen(function* () {
    const { query } = yield* Database;
    return {
      get: (id) =>
        query<VaultRow>(
          `SELECT id, kind, owner, version, ciphertext FROM authledger.vault
           WHERE ledger IN ('identity', 'activity') AND id = $1 LIMIT 1`,
          [id],
        ).pipe(
          Effect.mapError(storeUnavailable),
          Effect.map(([row]) => row),
        ),
    };
  }),
);

const DATA_KEY = `owner, generation, key_version AS "keyVersion", wrapped`;

const dataKeys = Layer.effect(
  DataKeys,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const load = (owners: ReadonlyArray<string>) =>
      query<WrappedDataKey>(
        `SELECT DISTINCT ON (owner) ${DATA_KEY} FROM authledger.data_keys
         WHERE ledger = 'identity' AND owner = ANY ($1::TEXT[]) ORDER BY owner, generation DESC`,
        [owners],
      ).pipe(Effect.mapError(storeUnavailable));
    return {
      load,
      share: ({ owner, generation, keyVersion, wrapped }) =>
        query(
          `INSERT INTO authledger.data_keys (ledger, owner, generation, key_version, wrapped)
           SELECT 'identity', $1::TEXT, $2::INT, $3::INT, $4::BYTEA WHERE NOT EXISTS (
             SELECT 1 FROM authledger.destroyed_owners WHERE ledger = 'identity' AND owner = $1)
           ON CONFLICT DO NOTHING`,
          [owner, generation, keyVersion, wrapped],
        ).pipe(
          Effect.mapError(storeUnavailable),
          Effect.andThen(load([owner])),
          Effect.map(([stored]) => stored),
        ),
    };
  }),
);

/** What appends write beside the entries, read back at the head. */
export const layer: Layer.Layer<Claims | Vault | DataKeys, never, Database> = Layer.mergeAll(
  claims,
  vault,
  dataKeys,
);
