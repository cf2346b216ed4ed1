import { type Caller, type SessionCaller, sessionOf } from "../session/caller.ts";

/** The guest who asks, when it is they themselves. */
export function guestOf(caller: Caller | undefined): SessionCaller | undefined {
  const own = sessionOf(caller);
  return own?.user.guest === true && own.impersonator === undefined ? own : undefined;
}
