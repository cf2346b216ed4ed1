/** Stops at what cannot happen: a defect of the program, never an answer to a caller. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
