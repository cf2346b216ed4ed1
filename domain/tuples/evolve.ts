/** No state: a decision about tuples needs no history (see `decide`). */
export type Tuples = undefined;

export const initial: Tuples = undefined;

export function evolve(state: Tuples): Tuples {
  return state;
}
