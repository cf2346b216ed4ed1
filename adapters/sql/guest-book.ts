import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { EVICTED_MAX, GuestBook, LEAVING_MS_MAX } from "../ports/guest-book.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

const ADMIT = `SELECT authledger.admit_guest($1, $2, $3, $4, $5)::TEXT AS "userId"`;
const ENTER = `INSERT INTO authledger.guest_book (ledger, user_id, seen_ms)
  VALUES ('identity', $1, $2) ON CONFLICT DO NOTHING`;
const SEEN = `UPDATE authledger.guest_book SET seen_ms = $2
  WHERE ledger = 'identity' AND user_id = $1 AND seen_ms < $2`;
const LEAVE = "DELETE FROM authledger.guest_book WHERE ledger = 'identity' AND user_id = $1";

/** The guest book as a table. */
export const layer: Layer.Layer<GuestBook, never, Database> = Layer.effect(
  GuestBook,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const asked = <Row>(statement: string, parameters: ReadonlyArray<unknown>) =>
      query<Row>(statement, parameters).pipe(Effect.mapError(storeUnavailable));
    return {
      admit: ({ userId, nowMs, max }) =>
        Effect.map(
          asked<{ readonly userId: string }>(ADMIT, [
            userId,
            nowMs,
            max,
            EVICTED_MAX,
            nowMs - LEAVING_MS_MAX,
          ]),
          (rows) => rows.map((row) => row.userId),
        ),
      enter: (userId, seenMs) => Effect.asVoid(asked(ENTER, [userId, seenMs])),
      seen: (userId, seenMs) => Effect.asVoid(asked(SEEN, [userId, seenMs])),
      leave: (userId) => Effect.asVoid(asked(LEAVE, [userId])),
    };
  }),
);
