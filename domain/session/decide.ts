import type { Decision } from "../decider.ts";
import { sameReference, type VaultReference } from "../vault-reference.ts";
import type { SessionEndReason, SessionEvent, SessionMethod } from "./events.ts";
import type { Session } from "./evolve.ts";

export type SessionCommand =
  | {
      readonly type: "StartSession";
      readonly userId: string;
      readonly method: SessionMethod;
      readonly credential: VaultReference;
      readonly expiresAt: string;
    }
  | { readonly type: "EndSession"; readonly reason: SessionEndReason };

export type SessionOutcome = "started" | "ended" | "already_exists" | "unknown_session";

type Decided = Decision<SessionEvent, SessionOutcome>;

/**
 * Decides the life of one session: started once, ended once, and what ended it first stays the
 * reason.
 */
export function decide(command: SessionCommand, state: Session): Decided {
  switch (command.type) {
    case "StartSession":
      return start(command, state);
    case "EndSession":
      if (state.status === "absent") return { events: [], outcome: "unknown_session" };
      if (state.status === "ended") return { events: [], outcome: "ended" };
      return { events: [{ type: "SessionEnded", reason: command.reason }], outcome: "ended" };
    default:
      return command satisfies never;
  }
}

function start(
  { userId, method, credential, expiresAt }: Extract<SessionCommand, { type: "StartSession" }>,
  state: Session,
): Decided {
  if (state.status === "absent") {
    return {
      events: [{ type: "SessionStarted", userId, method, credential, expiresAt }],
      outcome: "started",
    };
  }
  const repeated =
    state.status === "live" &&
    state.userId === userId &&
    sameReference(state.credential, credential);
  return { events: [], outcome: repeated ? "started" : "already_exists" };
}
