import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers, READ_LIMIT_MAX } from "../../adapters/ports/ledger.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { route } from "../http/route.ts";
import { limit, PAGE_DEFAULT, pageOf, whole } from "../http/schemas.ts";
import { AUDITOR } from "../session/gate.ts";
import { EventView, viewEvents } from "./event-view.ts";
import { readUpToHead } from "./up-to-head.ts";

/**
 * Entries looked through for one page at most: a filter that matches nothing must not read the
 * whole ledger in one request. `nextCursor` is where the next one goes on.
 */
const SCANNED_MAX = 5_000;

const NAME = /^[\x21-\x7e]{1,300}$/;

const Query = z.strictObject({
  ledger: z.enum(["identity", "activity"]).exactOptional(),
  from: whole(1).exactOptional(),
  to: whole(0).exactOptional(),
  stream: z.string().regex(NAME).exactOptional(),
  type: z
    .string()
    .regex(/^[A-Za-z]{1,64}$/)
    .exactOptional(),
  subject: z.string().regex(NAME).exactOptional(),
  limit,
  cursor: whole(1).exactOptional(),
});
type Query = z.output<typeof Query>;

export const listEvents = route({
  method: "GET",
  path: "/v1/ledger/events",
  summary: "Events in order; `subject` is the id in a stream's name",
  auth: AUDITOR,
  query: Query,
  responses: { 200: { description: "A page of events", schema: pageOf(EventView) } },
  handler: ({ query }) =>
    Effect.gen(function* () {
      const { found, next } = yield* query.stream === undefined ? scan(query) : scanStream(query);
      const items = yield* viewEvents(found);
      return {
        status: 200,
        body: { items, ...(next === undefined ? {} : { nextCursor: String(next) }) },
      };
    }),
});

type Scanned = { readonly found: ReadonlyArray<LedgerRecord>; readonly next: number | undefined };

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

function matches(record: LedgerRecord, { type, subject }: Query): boolean {
  if (type !== undefined && record.type !== type) return false;
  // Both the category and the id may hold dashes, so any cut may be the one.
  return subject === undefined || record.stream.endsWith(`-${subject}`);
}
