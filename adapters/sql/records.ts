import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import { decodeRecord, type StoredRow } from "../commit/decode-record.ts";
import type { Keyring } from "../ports/keyring.ts";
import {
  type Head,
  LedgerCorrupt,
  LedgerUnavailable,
  READ_LIMIT_MAX,
  type ReadQuery,
} from "../ports/ledger.ts";
import type { DatabaseError, Session } from "./database.ts";

const READ_AGAIN = Schedule.spaced("50 millis").pipe(Schedule.upTo({ times: 2 }));

/** Statements that read one ledger. Rows come as stored; `decoded` checks and parses them. */
export function statements(ledger: LedgerName) {
  const columns = "position, revision, stream, type, id::TEXT AS id, entry, mac";
  const from = `SELECT ${columns} FROM authledger.${ledger}_events WHERE ledger = '${ledger}'`;
  return {
    forwards: `${from} AND position >= $1 ORDER BY position LIMIT $2`,
    backwards: `${from} AND position <= $1 ORDER BY position DESC LIMIT $2`,
    streamForwards: `${from} AND stream = $3 AND revision >= $1 ORDER BY revision LIMIT $2`,
    streamBackwards: `${from} AND stream = $3 AND revision <= $1 ORDER BY revision DESC LIMIT $2`,
    at: `${from} AND position = ANY ($1::BIGINT[]) ORDER BY position`,
    head: `SELECT position, encode(leaf, 'hex') AS leaf, epoch::TEXT AS epoch
      FROM authledger.heads WHERE ledger = '${ledger}'`,
  };
}

export type Reader = {
  readonly stored: (query: ReadQuery) => Effect.Effect<ReadonlyArray<StoredRow>, LedgerUnavailable>;
  readonly read: (
    query: ReadQuery,
  ) => Effect.Effect<ReadonlyArray<LedgerRecord>, LedgerUnavailable | LedgerCorrupt>;
  readonly at: (
    positions: ReadonlyArray<number>,
  ) => Effect.Effect<ReadonlyArray<LedgerRecord>, LedgerUnavailable | LedgerCorrupt>;
  readonly head: Effect.Effect<Head, LedgerUnavailable>;
};

/** Reads without locks: what a statement sees is a prefix of the ledger. */
export function readerOf(
  session: Session,
  keyring: Keyring["Service"],
  ledger: LedgerName,
): Reader {
  const sql = statements(ledger);
  const rows = (statement: string, parameters: ReadonlyArray<unknown>) =>
    session.query<Omit<StoredRow, "ledger">>(statement, parameters).pipe(
      // The connection may have died with a restarted server; a read can simply be sent again.
      Effect.retry({ while: (error) => error.unreachable, schedule: READ_AGAIN }),
      Effect.mapError(unavailable),
      Effect.map((found) => found.map((row) => ({ ...row, ledger }))),
    );
  const stored = (query: ReadQuery) => {
    const limit = Math.min(query.limit ?? READ_LIMIT_MAX, READ_LIMIT_MAX);
    const back = query.direction === "backwards";
    const from = query.from ?? (back ? Number.MAX_SAFE_INTEGER : 0);
    if (query.stream === undefined) return rows(back ? sql.backwards : sql.forwards, [from, limit]);
    const statement = back ? sql.streamBackwards : sql.streamForwards;
    return rows(statement, [from, limit, query.stream]);
  };
  const decoded = (found: ReadonlyArray<StoredRow>, order?: Order) =>
    decodeAll(keyring, found, order);
  return {
    stored,
    read: (query) => Effect.flatMap(stored(query), (found) => decoded(found, orderOf(query))),
    at: (positions) => Effect.flatMap(rows(sql.at, [positions]), (found) => decoded(found)),
    head: session.query<Head>(sql.head).pipe(
      Effect.mapError(unavailable),
      Effect.map(([head]) => head ?? { position: 0, leaf: "", epoch: "" }),
    ),
  };
}

/** By what the rows of a query must be contiguous: a hole between two is a record taken away. */
type Order = { readonly by: "position" | "revision"; readonly step: 1 | -1 };

function orderOf({ stream, direction }: ReadQuery): Order {
  return {
    by: stream === undefined ? "position" : "revision",
    step: direction === "backwards" ? -1 : 1,
  };
}

function decodeAll(
  keyring: Keyring["Service"],
  rows: ReadonlyArray<StoredRow>,
  order: Order | undefined,
): Effect.Effect<ReadonlyArray<LedgerRecord>, LedgerCorrupt> {
  const records: Array<LedgerRecord> = [];
  for (const row of rows) {
    const record = decodeRecord(keyring, row);
    if (record instanceof LedgerCorrupt) return Effect.fail(record);
    const before = records[records.length - 1];
    if (order !== undefined && before !== undefined) {
      const wanted = before[order.by] + order.step;
      if (record[order.by] !== wanted) return Effect.fail(missing(record, order, wanted));
    }
    records.push(record);
  }
  return Effect.succeed(records);
}

function missing({ ledger, position }: LedgerRecord, { by }: Order, wanted: number): LedgerCorrupt {
  return by === "position"
    ? new LedgerCorrupt({ ledger, position: wanted, problem: "the record is missing" })
    : new LedgerCorrupt({ ledger, position, problem: `revision ${wanted} is missing next to it` });
}

export function unavailable(cause: DatabaseError): LedgerUnavailable {
  return new LedgerUnavailable({ cause });
}
