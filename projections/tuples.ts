import { type Tuple, type TuplesEvent, tupleKey, typeOf } from "../domain/tuples/mod.ts";
import type { Projection, Recorded } from "./projection.ts";

/** One tuple of one store and what holds it up. */
export type TupleRow = Tuple & {
  readonly store: string;
  /** At least one, in text order: which came first makes no difference. */
  readonly causes: ReadonlyArray<string>;
};

/** Names the row of a tuple. */
export function tupleRowKey(store: string, tuple: Tuple): string {
  return `${store}|${tupleKey(tuple)}`;
}

/** Answers "is this tuple there?" and lists by object, subject or object type. */
export const tuples: Projection<TupleRow, TuplesEvent> = {
  name: "tuples",
  version: 1,
  ledger: "identity",
  handles: ["TuplesWritten"],
  keys: (event) => [...changesOf(event).keys()],
  evolve: (row, event, key) => {
    const tuple = changesOf(event).get(key);
    const others = (row?.causes ?? []).filter((cause) => cause !== event.cause);
    const causes = tuple?.written === true ? [...others, event.cause].sort() : others;
    if (tuple === undefined || causes.length === 0) return undefined;
    const { object, relation, subject } = tuple;
    return { store: event.subject, object, relation, subject, causes };
  },
  index: ({ store, object, relation, subject }) => ({
    sort: tupleKey({ object, relation, subject }),
    tags: [
      `store:${store}`,
      `${store}|object:${object}`,
      `${store}|subject:${subject}`,
      `${store}|type:${typeOf(object)}`,
    ],
  }),
};

type Change = Tuple & { readonly written: boolean };

const known = new WeakMap<Recorded<TuplesEvent>, ReadonlyMap<string, Change>>();

/** An event's changes by row key; remembered, since each of them is folded on its own. */
function changesOf(event: Recorded<TuplesEvent>): ReadonlyMap<string, Change> {
  const before = known.get(event);
  if (before !== undefined) return before;
  const keyed = (tuple: Tuple, written: boolean) =>
    [tupleRowKey(event.subject, tuple), { ...tuple, written }] as const;
  const changes = new Map([
    ...event.deletes.map((tuple) => keyed(tuple, false)),
    ...event.writes.map((tuple) => keyed(tuple, true)),
  ]);
  known.set(event, changes);
  return changes;
}
