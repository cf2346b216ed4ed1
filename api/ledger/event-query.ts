import { z } from "zod";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { limit, whole } from "../http/schemas.ts";

/**
 * Entries looked through for one page at most: a filter that matches nothing must not read the
 * whole ledger in one request. `nextCursor` is where the next one goes on.
 */
export const SCANNED_MAX = 5_000;

const NAME = /^[\x21-\x7e]{1,300}$/;

export const Query = z.strictObject({
  ledger: z.enum(["identity", "activity"]).exactOptional(),
  from: whole(1).exactOptional(),
  to: whole(0).exactOptional(),
  stream: z.string().regex(NAME).exactOptional(),
  type: z
    .string()
    .regex(/^[A-Za-z]{1,64}$/)
    .exactOptional(),
  subject: z.string().regex(NAME).exactOptional(),
  order: z.enum(["oldest", "newest"]).exactOptional(),
  limit,
  cursor: whole(1).exactOptional(),
});
export type Query = z.output<typeof Query>;

export type Scanned = {
  readonly found: ReadonlyArray<LedgerRecord>;
  readonly next: number | undefined;
};

export function matches(record: LedgerRecord, { type, subject }: Query): boolean {
  if (type !== undefined && record.type !== type) return false;
  // Both the category and the id may hold dashes, so any cut may be the one.
  return subject === undefined || record.stream.endsWith(`-${subject}`);
}
