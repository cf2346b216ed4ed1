import type { Decider } from "../decider.ts";
import { decide, type SessionCommand, type SessionOutcome } from "./decide.ts";
import { BROWSERS, type Device, SYSTEMS } from "./device.ts";
import type { Impersonator, SessionEndReason, SessionEvent, SessionMethod } from "./events.ts";
import { evolve, initial, type Session } from "./evolve.ts";
import { mayImpersonate } from "./impersonation.ts";

export type {
  Device,
  Impersonator,
  Session,
  SessionCommand,
  SessionEndReason,
  SessionEvent,
  SessionMethod,
  SessionOutcome,
};
export { BROWSERS, mayImpersonate, SYSTEMS };

/** One session, in the stream of its id. */
export const session: Decider<Session, SessionCommand, SessionEvent, SessionOutcome> = {
  category: "session",
  initial,
  evolve,
  decide,
};
