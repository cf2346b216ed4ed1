import * as Effect from "effect/Effect";
import { LedgerUnavailable } from "../../adapters/ports/ledger.ts";
import { Database } from "../../adapters/sql/database.ts";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { Problem } from "./problem.ts";

/** Ids in one statement: on PGlite one that counts more holds the event loop too long. */
const PAGE = 2_000;
/** Before every id. */
const NIL = "00000000-0000-0000-0000-000000000000";

/**
 * Looks for an entry that stands twice: a copy has a valid MAC, so only its id, which no two
 * requests share, gives it away.
 */
export const checkIds = Effect.fnUntraced(function* (
  ledger: LedgerName,
  report: (problem: Problem) => Effect.Effect<void>,
) {
  const database = yield* Database;
  let after = NIL;
  for (;;) {
    const page = yield* database
      .query<{ id: string; times: number; position: number }>(
        `SELECT id::TEXT AS id, count(*)::INT AS times, max(position) AS position
         FROM authledger.${ledger}_events WHERE ledger = '${ledger}' AND id > $1::UUID
         GROUP BY id ORDER BY id LIMIT ${PAGE}`,
        [after],
      )
      .pipe(Effect.mapError((cause) => new LedgerUnavailable({ cause })));
    for (const { times, position } of page) {
      if (times === 1) continue;
      yield* report({ ledger, position, problem: "the entry is a copy of an earlier one" });
    }
    const last = page[page.length - 1];
    if (page.length < PAGE || last === undefined) return;
    after = last.id;
  }
});
