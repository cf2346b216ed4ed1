import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { STAMP_INTERVAL_MS, Stamps } from "../ports/stamps.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

const TOUCH = `INSERT INTO authledger.stamps AS s (ledger, kind, id, at)
  VALUES ('activity', $1, $2, $3)
  ON CONFLICT (ledger, kind, id) DO UPDATE SET at = excluded.at
    WHERE s.at < excluded.at - $4::BIGINT
  RETURNING at`;
const GET = `SELECT id, at FROM authledger.stamps
  WHERE ledger = 'activity' AND kind = $1 AND id = ANY ($2::TEXT[])`;
const FORGET = `DELETE FROM authledger.stamps
  WHERE ledger = 'activity' AND kind = $1 AND id = ANY ($2::TEXT[])`;
const FORGET_BEFORE = `DELETE FROM authledger.stamps
  WHERE ledger = 'activity' AND kind = $1 AND at < $2`;

/** Stamps in a table. */
export const layer: Layer.Layer<Stamps, never, Database> = Layer.effect(
  Stamps,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const asked = <Row>(statement: string, parameters: ReadonlyArray<unknown>) =>
      query<Row>(statement, parameters).pipe(Effect.mapError(storeUnavailable));
    return {
      touch: (kind, id, atMs) =>
        Effect.map(
          asked(TOUCH, [kind, id, atMs, STAMP_INTERVAL_MS[kind]]),
          (written) => written.length > 0,
        ),
      get: (kind, ids) =>
        ids.length === 0
          ? Effect.succeed(new Map())
          : Effect.map(
              asked<{ readonly id: string; readonly at: number }>(GET, [kind, ids]),
              (rows) => new Map(rows.map(({ id, at }) => [id, at])),
            ),
      forget: (kind, ids) =>
        ids.length === 0 ? Effect.void : Effect.asVoid(asked(FORGET, [kind, ids])),
      forgetBefore: (kind, atMs) => Effect.asVoid(asked(FORGET_BEFORE, [kind, atMs])),
    };
  }),
);
