import * as Effect from "effect/Effect";
import { decodeAny } from "../../adapters/codec/catalogue.ts";
import { decodeRecord, type StoredRow } from "../../adapters/commit/decode-record.ts";
import { sha256 } from "../../adapters/crypto/hash.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { LedgerCorrupt, type LedgerUnavailable } from "../../adapters/ports/ledger.ts";
import { Database } from "../../adapters/sql/database.ts";
import { type Reader, readerOf } from "../../adapters/sql/records.ts";
import { hexOf, leafOf } from "../../domain/ledger/derive.ts";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import { appendLeaf, type CompactRange, EMPTY_RANGE, rootOf } from "../../domain/ledger/merkle.ts";
import type { Problem } from "./problem.ts";
import type { Standing } from "./standing.ts";

export type CheckedLedger = {
  readonly ledger: LedgerName;
  readonly events: number;
  /** Position of the last record that was read. */
  readonly position: number;
  /** RFC 6962 tree head over all leaves, hex; undefined when the check began later than 1. */
  readonly root: string | undefined;
};

export type LedgerCheck = {
  readonly ledger: LedgerName;
  readonly from: number;
  /** Models to fold along the way, each up to where it stands. */
  readonly models: ReadonlyArray<Standing>;
  readonly report: (problem: Problem) => Effect.Effect<void>;
  readonly progress: (done: number, total: number) => void;
};

/** Where the reading stands. */
type Reading = {
  expected: number;
  events: number;
  range: CompactRange;
  readonly revisions: Map<string, number>;
  /** Of the record at the position that the head named when the reading began. */
  leafAtHead: string | undefined;
};

/**
 * Re-hashes every stored entry and holds the columns beside it, its MAC and its order against it.
 */
export const checkLedger = Effect.fnUntraced(function* (
  check: LedgerCheck,
): Effect.fn.Return<CheckedLedger, LedgerUnavailable, Database | Keyring> {
  const { ledger, from, models } = check;
  const keyring = yield* Keyring;
  const reader = readerOf(yield* Database, keyring, ledger);
  const head = yield* reader.head;
  const reading: Reading = {
    expected: from,
    events: 0,
    range: EMPTY_RANGE,
    revisions: new Map(),
    leafAtHead: undefined,
  };
  for (;;) {
    const rows = yield* reader.stored({ from: reading.expected });
    const records: Array<LedgerRecord> = [];
    for (const row of rows) {
      for (const problem of inOrder(row, reading, from)) yield* check.report(problem);
      const leaf = leafOf(sha256, row.entry);
      reading.range = appendLeaf(sha256, reading.range, leaf);
      if (row.position === head.position) reading.leafAtHead = hexOf(leaf);
      const record = readable(keyring, row);
      if (typeof record !== "string") records.push(record);
      else yield* check.report({ ledger, position: row.position, problem: record });
    }
    for (const { fold, position } of models) {
      fold.take(records.filter((record) => record.position <= position));
    }
    const done = reading.expected - 1;
    check.progress(done, Math.max(head.position, done));
    // What is appended while we read comes with the pages after; at the head we are done.
    if (rows.length === 0 || reading.expected > head.position) break;
  }
  yield* atTheHead(reader, head, reading, check);
  const root = from === 1 ? hexOf(rootOf(sha256, reading.range)) : undefined;
  return { ledger, events: reading.events, position: reading.expected - 1, root };
});

/** What is wrong with a row's place; moves the reading on. */
function inOrder(row: StoredRow, reading: Reading, from: number): ReadonlyArray<Problem> {
  const { ledger, position, stream, revision } = row;
  const problems: Array<Problem> = [];
  if (position !== reading.expected) {
    const gone = position - 1;
    const problem =
      gone === reading.expected ? "the record is missing" : `the records to ${gone} are missing`;
    problems.push({ ledger, position: reading.expected, problem });
  }
  reading.expected = position + 1;
  reading.events += 1;
  const before = reading.revisions.get(stream) ?? (from === 1 ? -1 : revision - 1);
  if (revision !== before + 1) {
    const after = before < 0 ? "none" : String(before);
    problems.push({
      ledger,
      position,
      problem: `revision ${revision} of ${stream} follows ${after}`,
    });
  }
  reading.revisions.set(stream, revision);
  return problems;
}

/** The record, or why it cannot be believed. */
function readable(keyring: Keyring["Service"], row: StoredRow): LedgerRecord | string {
  const record = decodeRecord(keyring, row);
  if (record instanceof LedgerCorrupt) return record.problem;
  if (decodeAny(record) !== undefined) return record;
  return `cannot decode ${record.type} of schema ${record.schema}`;
}

/** Holds the head against the last record; it is read again after it, so it cannot be behind. */
const atTheHead = Effect.fnUntraced(function* (
  reader: Reader,
  before: { readonly position: number; readonly leaf: string },
  { expected, leafAtHead }: Reading,
  { ledger, report }: LedgerCheck,
): Effect.fn.Return<void, LedgerUnavailable> {
  const last = expected - 1;
  if (last < before.position) {
    const problem = `the head says ${before.position}: the records from here on are missing`;
    yield* report({ ledger, position: expected, problem });
  } else if (leafAtHead !== undefined && before.leaf !== leafAtHead) {
    yield* report({ ledger, position: before.position, problem: "the head names another leaf" });
  }
  const [beyond] = yield* reader.stored({ from: expected, limit: 1 });
  const { position } = yield* reader.head;
  if ((beyond?.position ?? last) <= Math.max(position, before.position)) return;
  const problem = `the head says ${position}: records stand after it`;
  yield* report({ ledger, position: position + 1, problem });
});
