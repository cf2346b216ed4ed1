import * as Effect from "effect/Effect";
import type {
  Ledger,
  LedgerCorrupt,
  LedgerUnavailable,
  ReadQuery,
} from "../../adapters/ports/ledger.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";

type Limited = ReadQuery & { readonly limit: number };

/**
 * Records up to the head. A row that somebody inserted past the program stands after it: it is not
 * of the ledger, and what is of the ledger can be read all the same.
 *
 * Order: forwards. An answer shorter than the limit is the end, as of `Ledger.read`.
 */
export const readUpToHead = (
  ledger: Ledger,
  query: Limited,
): Effect.Effect<ReadonlyArray<LedgerRecord>, LedgerUnavailable | LedgerCorrupt> =>
  ledger
    .read(query)
    .pipe(Effect.catchTag("LedgerCorrupt", (corrupt) => withoutStray(ledger, query, corrupt)));

/** Fewer and fewer records, until the stray one is not among them. */
const withoutStray = Effect.fnUntraced(function* (
  ledger: Ledger,
  query: Limited,
  corrupt: LedgerCorrupt,
): Effect.fn.Return<ReadonlyArray<LedgerRecord>, LedgerUnavailable | LedgerCorrupt> {
  const { position } = yield* ledger.head;
  if (corrupt.position <= position) return yield* corrupt;
  if (query.limit === 1) return [];
  const first = yield* readUpToHead(ledger, { ...query, limit: query.limit >> 1 });
  if (first.length < query.limit >> 1) return first;
  const rest = query.limit - first.length;
  const from = nextOf(query, first);
  return [...first, ...(yield* readUpToHead(ledger, { ...query, from, limit: rest }))];
});

function nextOf({ stream }: Limited, read: ReadonlyArray<LedgerRecord>): number {
  const last = read[read.length - 1];
  return ((stream === undefined ? last?.position : last?.revision) ?? 0) + 1;
}
