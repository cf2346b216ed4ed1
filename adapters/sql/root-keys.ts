import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { RootKeys, type WrappedRootKey } from "../ports/root-keys.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

const ALL = `SELECT purpose, version, secret_id AS "secretId", wrapped
  FROM authledger.root_keys WHERE ledger = 'identity' ORDER BY purpose, version`;

/** The wrapped root keys of this installation. */
export const layer: Layer.Layer<RootKeys, never, Database> = Layer.effect(
  RootKeys,
  Effect.gen(function* () {
    const database = yield* Database;
    const all = database.query<WrappedRootKey>(ALL).pipe(Effect.mapError(storeUnavailable));
    return {
      all,
      found: (keys) =>
        database
          .transaction((session) =>
            Effect.forEach(keys, ({ purpose, version, secretId, wrapped }) =>
              session.query(
                `INSERT INTO authledger.root_keys (ledger, purpose, version, secret_id, wrapped)
                 VALUES ('identity', $1, $2, $3, $4) ON CONFLICT DO NOTHING`,
                [purpose, version, secretId, wrapped],
              ),
            ),
          )
          .pipe(Effect.mapError(storeUnavailable), Effect.andThen(all)),
      rewrap: (keys) =>
        database
          .transaction((session) =>
            Effect.forEach(keys, ({ purpose, version, secretId, wrapped }) =>
              session.query(
                `UPDATE authledger.root_keys SET secret_id = $3, wrapped = $4
                 WHERE ledger = 'identity' AND purpose = $1 AND version = $2`,
                [purpose, version, secretId, wrapped],
              ),
            ),
          )
          .pipe(Effect.mapError(storeUnavailable), Effect.asVoid),
    };
  }),
);
