import * as Effect from "effect/Effect";
import type { Meta } from "../../domain/ledger/entry.ts";
import { mergeTuples, type RewriteTuples, rewritten } from "../../domain/processes/merge-tuples.ts";
import { type Tuple, tupleKey, tuples } from "../../domain/tuples/mod.ts";
import { aboutUser, type TupleRow } from "../../projections/tuples.ts";
import { tuplesCodec } from "../codec/tuples.ts";
import { Ledgers } from "../ports/ledger.ts";
import { ReadModels, type Row } from "../ports/read-models.ts";
import { transact } from "../transact.ts";

/** Tuples read at a time. */
const PAGE = 50;
/** Of JSON in one write, bytes: old and new together stay far below what an entry holds. */
const BYTES_MAX = 20_000;

export type Rewriting = {
  readonly command: RewriteTuples;
  /** Id of the event that merged them: each write's request id begins with it. */
  readonly mergedBy: string;
  readonly meta: Meta;
  readonly deadlineMs: number;
};

/**
 * Moves a guest's tuples to the account. Idempotent and resumable: what is still to be moved is
 * asked of the index, and a write names the tuple that it begins with, and where that was written:
 * written anew after it was moved, it is moved again.
 */
export const rewriteTuples = Effect.fn("rewriteTuples")(function* (rewriting: Rewriting) {
  const { command, mergedBy, meta, deadlineMs } = rewriting;
  const { list, reach } = yield* ReadModels;
  let position = (yield* (yield* Ledgers).identity.head).position;
  for (;;) {
    yield* reach("tuples", position, deadlineMs);
    const { items } = yield* list("tuples", { tags: [aboutUser(command.guest)], limit: PAGE });
    const before = position;
    for (const { store, cause, since, moved } of writesOf(items)) {
      const first = moved[0] === undefined ? "" : tupleKey(moved[0]);
      const written = yield* transact({
        decider: tuples,
        codec: tuplesCodec,
        id: store,
        requestId: `${mergedBy}/${mergeTuples.name}/${store}/${cause}/${first}/${since}`,
        command: {
          type: "WriteTuples",
          writes: moved.map((tuple) => rewritten(tuple, command)),
          deletes: moved,
          cause,
        },
        meta,
        expect: "any",
      });
      position = Math.max(position, written.position ?? 0);
    }
    // Nothing is left.
    if (position === before) return;
  }
});

type Write = {
  readonly store: string;
  readonly cause: string;
  /** Position of the row that it begins with. */
  readonly since: number;
  readonly moved: Array<Tuple>;
};

/** One write for each store and cause, and more of them where one would be too large. */
function writesOf(rows: ReadonlyArray<Row>): ReadonlyArray<Write> {
  const writes: Array<Write> = [];
  const open = new Map<string, { write: Write; bytes: number }>();
  for (const { row, position } of rows) {
    const { store, object, relation, subject, causes } = row as TupleRow;
    const tuple = { object, relation, subject };
    const bytes = Buffer.byteLength(JSON.stringify(tuple));
    for (const cause of causes) {
      const place = `${store} ${cause}`;
      const last = open.get(place);
      if (last !== undefined && last.bytes + bytes <= BYTES_MAX) {
        last.write.moved.push(tuple);
        last.bytes += bytes;
        continue;
      }
      const write = { store, cause, since: position, moved: [tuple] };
      open.set(place, { write, bytes });
      writes.push(write);
    }
  }
  return writes;
}
