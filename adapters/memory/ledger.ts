import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Stream from "effect/Stream";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import { decodeRecord, type StoredRow } from "../commit/decode-record.ts";
import type { Keyring } from "../ports/keyring.ts";
import {
  type Cursor,
  CursorDiverged,
  type Ledger,
  LedgerCorrupt,
  READ_LIMIT_MAX,
  type ReadQuery,
} from "../ports/ledger.ts";
import { append } from "./append.ts";
import type { Store, Table } from "./store.ts";

/** One ledger over the store; nothing survives the process. */
export function memoryLedger(store: Store, name: LedgerName, keyring: Keyring["Service"]): Ledger {
  const table = store.tables[name];
  const records = (rows: ReadonlyArray<StoredRow | undefined>) =>
    Effect.suspend(() => {
      const read: Array<LedgerRecord> = [];
      for (const row of rows) {
        const record = row === undefined ? undefined : decodeRecord(keyring, row);
        if (record instanceof LedgerCorrupt) return Effect.fail(record);
        if (record !== undefined) read.push(record);
      }
      return Effect.succeed<ReadonlyArray<LedgerRecord>>(read);
    });
  return {
    name,
    append: Effect.fn("Ledger.append")(function* (request) {
      const at = new Date(yield* Clock.currentTimeMillis).toISOString();
      const answer = append(store, name, request, { keyring, at });
      return "_tag" in answer ? yield* answer : answer;
    }),
    read: (query) => Effect.suspend(() => records(select(table, query))),
    at: (positions) =>
      Effect.suspend(() =>
        records([...new Set(positions)].sort((a, b) => a - b).map((at) => table.rows[at - 1])),
      ),
    follow: (cursor) =>
      Stream.unfold(cursor.position, (position) =>
        Effect.gen(function* () {
          if (position === cursor.position) yield* resume(name, table, cursor);
          yield* rowsAfter(table, position);
          const batch = yield* records(select(table, { from: position + 1 }));
          return [batch, position + batch.length] as const;
        }),
      ),
    head: Effect.sync(() => {
      const last = table.rows.at(-1);
      return { position: table.rows.length, leaf: last?.leaf ?? "", epoch: table.epoch };
    }),
    seen: () => table.rows.length,
  };
}

function select(table: Table, query: ReadQuery): ReadonlyArray<StoredRow | undefined> {
  const { stream, from, direction = "forwards" } = query;
  const limit = Math.min(query.limit ?? READ_LIMIT_MAX, READ_LIMIT_MAX);
  const places =
    stream === undefined
      ? { count: table.rows.length, first: 1, row: (at: number) => table.rows[at] }
      : streamPlaces(table, stream);
  if (direction === "forwards") {
    const start = Math.max((from ?? places.first) - places.first, 0);
    const end = Math.min(start + limit, places.count);
    return Array.from({ length: Math.max(end - start, 0) }, (_, step) => places.row(start + step));
  }
  const last = places.count - 1;
  const start = from === undefined ? last : Math.min(from - places.first, last);
  const count = Math.min(limit, start + 1);
  return Array.from({ length: Math.max(count, 0) }, (_, step) => places.row(start - step));
}

function streamPlaces({ streams, rows }: Table, stream: string) {
  const positions = streams.get(stream) ?? [];
  const row = (at: number) => rows[(positions[at] ?? 0) - 1];
  return { count: positions.length, first: 0, row };
}

function resume(ledger: LedgerName, table: Table, cursor: Cursor) {
  const { position, leaf, epoch } = cursor;
  const same = position === 0 || (table.rows[position - 1]?.leaf === leaf && epoch === table.epoch);
  return same ? Effect.void : Effect.fail(new CursorDiverged({ ledger, position }));
}

/** Returns once there is a row after the position; looking and waiting are one step. */
function rowsAfter({ rows, waiting }: Table, position: number): Effect.Effect<void> {
  return Effect.callback<void>((resume) => {
    const wake = () => resume(Effect.void);
    if (rows.length > position) {
      wake();
      return undefined;
    }
    waiting.add(wake);
    return Effect.sync(() => waiting.delete(wake));
  });
}
