import type { Caller } from "../session/caller.ts";

/** The guest who asks, when it is they themselves. */
export function guestOf(caller: Caller | undefined): Caller | undefined {
  return caller?.user.guest === true && caller.impersonator === undefined ? caller : undefined;
}
