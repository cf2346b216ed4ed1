import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Answers, type Earlier } from "../ports/answers.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

type Stored = { readonly body: string; readonly answer: Uint8Array | null };

/** Older answers are forgotten; a request that died half-way may be tried again after its lease. */
const SWEEP = `DELETE FROM authledger.answers WHERE ledger = 'identity' AND
  (begun_at < now() - INTERVAL '24 hours'
    OR (answer IS NULL AND begun_at < now() - INTERVAL '1 minute'))
  AND (key = $1 OR key IN (SELECT key FROM authledger.answers
    WHERE begun_at < now() - INTERVAL '24 hours' LIMIT 10))`;

/** Idempotency answers in a table. */
export const layer: Layer.Layer<Answers, never, Database> = Layer.effect(
  Answers,
  Effect.gen(function* () {
    const { query } = yield* Database;
    return {
      begin: (key, body) =>
        Effect.gen(function* () {
          yield* query(SWEEP, [key]);
          const inserted = yield* query(
            `INSERT INTO authledger.answers (ledger, key, body) VALUES ('identity', $1, $2)
             ON CONFLICT DO NOTHING RETURNING key`,
            [key, body],
          );
          if (inserted.length > 0) return { state: "new" } as const;
          const [row] = yield* query<Stored>(
            "SELECT body, answer FROM authledger.answers WHERE ledger = 'identity' AND key = $1",
            [key],
          );
          return earlier(row, body);
        }).pipe(Effect.mapError(storeUnavailable)),
      keep: (key, answer) =>
        query("UPDATE authledger.answers SET answer = $2 WHERE ledger = 'identity' AND key = $1", [
          key,
          answer,
        ]).pipe(Effect.mapError(storeUnavailable), Effect.asVoid),
      forget: (key) =>
        query("DELETE FROM authledger.answers WHERE ledger = 'identity' AND key = $1", [key]).pipe(
          Effect.mapError(storeUnavailable),
          Effect.asVoid,
        ),
    };
  }),
);

function earlier(row: Stored | undefined, body: string): Earlier {
  if (row === undefined) return { state: "running" };
  if (row.body !== body) return { state: "other-body" };
  if (row.answer === null) return { state: "running" };
  return { state: "answered", answer: row.answer };
}
