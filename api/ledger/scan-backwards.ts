import * as Effect from "effect/Effect";
import { Ledgers, READ_LIMIT_MAX } from "../../adapters/ports/ledger.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { PAGE_DEFAULT } from "../http/schemas.ts";
import { matches, type Query, SCANNED_MAX, type Scanned } from "./event-query.ts";

/**
 * Goes back from the head, or from `to`, as far as `from`; the cursor is the next position to look
 * at. What somebody inserted past the head is never looked at.
 */
export const scanBackwards = (query: Query) =>
  Effect.gen(function* () {
    const ledger = (yield* Ledgers)[query.ledger ?? "identity"];
    const { limit: wanted = PAGE_DEFAULT, from: first = 1, stream } = query;
    const head = (yield* ledger.head).position;
    const found: Array<LedgerRecord> = [];
    let at = Math.min(query.to ?? head, query.cursor ?? head, head);
    for (let scanned = 0; scanned < SCANNED_MAX && at >= first; ) {
      const plain = query.type === undefined && query.subject === undefined && stream === undefined;
      const size = plain ? Math.min(wanted + 1, READ_LIMIT_MAX) : READ_LIMIT_MAX;
      const batch = yield* ledger.read({ from: at, direction: "backwards", limit: size });
      for (const record of batch) {
        if (record.position < first) return { found, next: undefined } satisfies Scanned;
        if (found.length === wanted) return { found, next: record.position } satisfies Scanned;
        at = record.position - 1;
        const here = stream === undefined || record.stream === stream;
        if (here && matches(record, query)) found.push(record);
      }
      if (batch.length < size) return { found, next: undefined } satisfies Scanned;
      scanned += batch.length;
    }
    return { found, next: at < first ? undefined : at } satisfies Scanned;
  });
