import type { Decision } from "../decider.ts";
import type { TuplesEvent } from "./events.ts";
import { CAUSE, isTuple, type Tuple, tupleKey } from "./tuple.ts";

/** Changes of one request at most: OpenFGA's limit, and far below what an entry's bytes hold. */
export const TUPLE_CHANGES_MAX = 100;

export type TuplesCommand = {
  readonly type: "WriteTuples";
  readonly writes: ReadonlyArray<Tuple>;
  readonly deletes: ReadonlyArray<Tuple>;
  readonly cause: string;
};

export type TuplesOutcome = "written" | "nothing" | "too_many" | "malformed" | "contradictory";

type Decided = Decision<TuplesEvent, TuplesOutcome>;

/**
 * Decides one write request by itself: the stream is as long as the store is old, so nothing of it
 * is read and the append expects `any`. Whether a tuple is there already is asked of the index.
 */
export function decide({ writes, deletes, cause }: TuplesCommand): Decided {
  const changes = writes.length + deletes.length;
  if (changes === 0) return { events: [], outcome: "nothing" };
  if (changes > TUPLE_CHANGES_MAX) return { events: [], outcome: "too_many" };
  if (![...writes, ...deletes].every(isTuple) || !CAUSE.test(cause)) {
    return { events: [], outcome: "malformed" };
  }
  const written = once(writes);
  const deleted = once(deletes);
  if ([...deleted.keys()].some((key) => written.has(key))) {
    return { events: [], outcome: "contradictory" };
  }
  return {
    events: [
      {
        type: "TuplesWritten",
        writes: [...written.values()],
        deletes: [...deleted.values()],
        cause,
      },
    ],
    outcome: "written",
  };
}

function once(tuples: ReadonlyArray<Tuple>): ReadonlyMap<string, Tuple> {
  return new Map(tuples.map((tuple) => [tupleKey(tuple), tuple]));
}
