import * as Effect from "effect/Effect";
import { EVENT_TYPES } from "../../adapters/codec/catalogue.ts";
import { Ledgers, READ_LIMIT_MAX } from "../../adapters/ports/ledger.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { PAGE_DEFAULT, pageOf } from "../http/schemas.ts";
import { AUDITOR } from "../session/gate.ts";
import { matches, Query, SCANNED_MAX, type Scanned } from "./event-query.ts";
import { EventView } from "./event-view.ts";
import { eventsFor } from "./events-for.ts";
import { scanBackwards } from "./scan-backwards.ts";
import { readUpToHead } from "./up-to-head.ts";

export const listEvents = scopedRoute({
  method: "GET",
  path: "/v1/ledger/events",
  summary: "Events in order, or newest first; `subject` is the id in a stream's name",
  auth: AUDITOR,
  scope: "ledger:read",
  query: Query,
  responses: { 200: { description: "A page of events", schema: pageOf(EventView) } },
  problems: { 400: ["unknown_type"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { query } = call;
      if (query.type !== undefined && !EVENT_TYPES.includes(query.type)) {
        return yield* refuse(400, "unknown_type", { field: "type" });
      }
      const looking =
        query.order === "newest"
          ? scanBackwards(query)
          : query.stream === undefined
            ? scan(query)
            : scanStream(query);
      const { found, next } = yield* looking;
      const items = yield* eventsFor(call, found);
      return {
        status: 200,
        body: { items, ...(next === undefined ? {} : { nextCursor: String(next) }) },
      };
    }),
});

/** Goes through positions; the cursor is the next position to look at. */
const scan = (query: Query) =>
  Effect.gen(function* () {
    const ledger = (yield* Ledgers)[query.ledger ?? "identity"];
    const { limit: wanted = PAGE_DEFAULT, to = Number.MAX_SAFE_INTEGER } = query;
    const found: Array<LedgerRecord> = [];
    let at = Math.max(query.from ?? 1, query.cursor ?? 1);
    for (let scanned = 0; scanned < SCANNED_MAX; ) {
      const plain = query.type === undefined && query.subject === undefined;
      const size = plain ? Math.min(wanted + 1, READ_LIMIT_MAX) : READ_LIMIT_MAX;
      const batch = yield* readUpToHead(ledger, { from: at, limit: size });
      for (const record of batch) {
        if (record.position > to) return { found, next: undefined } satisfies Scanned;
        if (found.length === wanted) return { found, next: record.position } satisfies Scanned;
        at = record.position + 1;
        if (matches(record, query)) found.push(record);
      }
      if (batch.length < size) return { found, next: undefined } satisfies Scanned;
      scanned += batch.length;
    }
    return { found, next: at } satisfies Scanned;
  });

/** Goes through the revisions of one stream; the cursor is still a position. */
const scanStream = (query: Query) =>
  Effect.gen(function* () {
    const ledger = (yield* Ledgers)[query.ledger ?? "identity"];
    const { limit: wanted = PAGE_DEFAULT, to = Number.MAX_SAFE_INTEGER, stream = "" } = query;
    const first = Math.max(query.from ?? 1, query.cursor ?? 1);
    const found: Array<LedgerRecord> = [];
    for (let revision = 0; ; ) {
      const limit = READ_LIMIT_MAX;
      const batch = yield* readUpToHead(ledger, { stream, from: revision, limit });
      for (const record of batch) {
        revision = record.revision + 1;
        if (record.position < first || !matches(record, query)) continue;
        if (record.position > to) return { found, next: undefined } satisfies Scanned;
        if (found.length === wanted) return { found, next: record.position } satisfies Scanned;
        found.push(record);
      }
      if (batch.length < READ_LIMIT_MAX) return { found, next: undefined } satisfies Scanned;
    }
  });
