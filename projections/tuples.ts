import { type Tuple, type TuplesEvent, tupleKey } from "../domain/tuples/mod.ts";
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

/** Tag of the tuples that a user is in, on either side, themselves or by a relation of theirs. */
export function aboutUser(userId: string): string {
  return `about:user:${userId}`;
}

/** Answers "is this tuple there?" and lists by object or subject. */
export const tuples: Projection<TupleRow, TuplesEvent> = {
  name: "tuples",
  version: 3,
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
  index: ({ store, object, subject }) => ({
    // The key, which goes on with the tuple, sorts those of one store.
    sort: store,
    tags: [
      `store:${store}`,
      `${store}|object:${object}`,
      `${store}|subject:${subject}`,
      ...usersIn(object, subject),
    ],
  }),
};

/** A user's id is a UUID, and nothing longer is one. */
const USER = /^user:([0-9a-f-]{36})(?:#|$)/;

function usersIn(...parts: ReadonlyArray<string>): ReadonlyArray<string> {
  const ids = parts.flatMap((part) => USER.exec(part)?.[1] ?? []);
  return [...new Set(ids)].map(aboutUser);
}

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
