import type { Tuple } from "./tuple.ts";

/**
 * Facts about who relates to what in one store. Stored for ever: never rename or re-mean, only add.
 */
export type TuplesEvent = {
  /**
   * The cause now holds up each written tuple and no longer each deleted one; a tuple is there
   * while at least one cause holds it up, so folding the same fact twice changes nothing.
   */
  readonly type: "TuplesWritten";
  readonly writes: ReadonlyArray<Tuple>;
  readonly deletes: ReadonlyArray<Tuple>;
  /** A label by which the same writer takes its tuples back; never provenance, which is `actor`. */
  readonly cause: string;
};
