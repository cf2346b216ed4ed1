import fc from "fast-check";
import { expect, test } from "vitest";
import { subjectOf } from "../../../adapters/codec/catalogue.ts";
import {
  foldBatch,
  foldRow,
  type Held,
  NOT_YET,
  workOf,
} from "../../../adapters/fold/fold-batch.ts";
import { freshFold } from "../../../adapters/fold/fresh-fold.ts";
import type { LedgerRecord } from "../../../domain/ledger/entry.ts";
import { counts, drafts, type Note } from "../../contracts/counts.ts";

const notes = Object.keys(drafts) as ReadonlyArray<Note>;
/** Mostly what can be folded, so that keys live for a while. */
const note = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Note>("Noted") },
  { weight: 3, arbitrary: fc.constantFrom(...notes) },
);
const happened = fc.record({ key: fc.constantFrom("ada", "bob-by", "eve"), what: note });
const history = fc.array(happened, { maxLength: 400, size: "max" }).map((all) =>
  all.map(
    ({ key, what }, index): LedgerRecord => ({
      v: 1,
      ledger: "identity",
      id: `id-${index}`,
      stream: `user-${key}`,
      ...drafts[what],
      at: "2026-11-21T00:00:00.000Z",
      salt: "",
      meta: { actor: "process:test", correlation: "c" },
      position: index + 1,
      revision: 0,
      leaf: "",
    }),
  ),
);

type Kept = {
  readonly rows: Map<string, Held>;
  readonly parked: Map<string, number>;
  readonly snapshots: Map<string, Held>;
};

function take(kept: Kept, records: ReadonlyArray<LedgerRecord>): void {
  const isParked = (key: string) => kept.parked.has(key);
  const folded = foldBatch(counts, workOf(counts, records), kept.rows, isParked);
  for (const [key, held] of folded.rows) kept.rows.set(key, held);
  for (const { key, position } of folded.parked) kept.parked.set(key, position);
  for (const { key, held } of folded.snapshots) kept.snapshots.set(`${key} ${held.position}`, held);
}
const empty = (): Kept => ({ rows: new Map(), parked: new Map(), snapshots: new Map() });

test("however records are cut into batches, rows, snapshots and parked keys are the same", () => {
  const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 150 }));
  fc.assert(
    fc.property(history, sizes, (records, cuts) => {
      const whole = empty();
      take(whole, records);
      const parts = empty();
      for (let from = 0; from < records.length; ) {
        const size = cuts.next().value ?? 1;
        take(parts, records.slice(from, from + size));
        from += size;
      }
      expect(parts).toEqual(whole);
      const fresh = freshFold(counts);
      fresh.take(records);
      expect(fresh.rows).toEqual(whole.rows);
      expect([...fresh.parked].sort()).toEqual([...whole.parked.keys()].sort());
    }),
  );
});

test("a batch that comes again changes nothing", () => {
  fc.assert(
    fc.property(history, fc.nat(400), (records, cut) => {
      const once = empty();
      take(once, records);
      const twice = empty();
      take(twice, records.slice(0, cut));
      take(twice, records.slice(0, cut));
      take(twice, records);
      expect(twice.rows).toEqual(once.rows);
      expect(twice.parked).toEqual(once.parked);
    }),
  );
});

test("a row goes on from any snapshot as it went on from the start", () => {
  fc.assert(
    fc.property(history, (records) => {
      const { rows, snapshots, parked } = ((kept) => {
        take(kept, records);
        return kept;
      })(empty());
      for (const [place, snapshot] of snapshots) {
        const [key = ""] = place.split(" ");
        const own = records.filter(({ stream, position }) => {
          const until = parked.get(key) ?? Number.POSITIVE_INFINITY;
          return stream === `user-${key}` && position < until;
        });
        const { row, position } = foldRow(counts, key, NOT_YET, own);
        const since = own.filter((record) => record.position > snapshot.position);
        expect(foldRow(counts, key, snapshot, since)).toMatchObject({ row, position });
        expect(rows.get(key)).toMatchObject({ row, position });
      }
    }),
  );
});

test("the subject of a stream is what follows the category, which its type names", () => {
  expect(subjectOf({ type: "GuestAdmitted", stream: "user-a-b" })).toBe("a-b");
  expect(subjectOf({ type: "GuestAdmitted", stream: "elsewhere-a-b" })).toBe("a-b");
  expect(subjectOf({ type: "Unknown", stream: "user-a-b" })).toBe("a-b");
});
