import type { Decider } from "../decider.ts";
import { decide, TUPLE_CHANGES_MAX, type TuplesCommand, type TuplesOutcome } from "./decide.ts";
import type { TuplesEvent } from "./events.ts";
import { evolve, initial, type Tuples } from "./evolve.ts";
import { CAUSE, isTuple, OBJECT, RELATION_NAME, SUBJECT, type Tuple, tupleKey } from "./tuple.ts";

export type { Tuple, Tuples, TuplesCommand, TuplesEvent, TuplesOutcome };
export { CAUSE, isTuple, OBJECT, RELATION_NAME, SUBJECT, TUPLE_CHANGES_MAX, tupleKey };

/** The relationship tuples of one store, in the stream of the store's id; append with `any`. */
export const tuples: Decider<Tuples, TuplesCommand, TuplesEvent, TuplesOutcome> = {
  category: "tuples",
  initial,
  evolve,
  decide,
};
