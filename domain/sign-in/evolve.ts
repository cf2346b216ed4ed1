import type { SignInEvent } from "./events.ts";

/** Nothing: no decision asks what was refused before. */
export type SignIn = Readonly<Record<never, never>>;

export const initial: SignIn = {};

export function evolve(state: SignIn, _event: SignInEvent): SignIn {
  return state;
}
