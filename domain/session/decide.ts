import type { Decision } from "../decider.ts";
import type { Sealed } from "../sealed.ts";
import { sameReference, type VaultReference } from "../vault-reference.ts";
import type { Device } from "./device.ts";
import type { Impersonator, SessionEndReason, SessionEvent, SessionMethod } from "./events.ts";
import type { Session } from "./evolve.ts";

export type SessionCommand =
  | ({
      readonly type: "StartSession";
      readonly userId: string;
      readonly method: SessionMethod;
      readonly credential: VaultReference;
      readonly expiresAt: string;
      readonly device?: "known" | "new";
      readonly impersonator?: Impersonator;
      readonly reason?: Sealed;
    } & Device)
  | {
      readonly type: "ElevateSession";
      readonly method: "password";
      /** The credential that was presented: only whoever holds the newest one passes. */
      readonly from: VaultReference;
      readonly credential: VaultReference;
    }
  | {
      readonly type: "ExchangeCredential";
      readonly from: VaultReference;
      readonly credential: VaultReference;
    }
  | { readonly type: "EndSession"; readonly reason: SessionEndReason };

export type SessionOutcome =
  | "started"
  | "elevated"
  | "exchanged"
  | "ended"
  | "already_exists"
  | "unknown_session"
  | "outdated_credential"
  | "impersonated";

type Decided = Decision<SessionEvent, SessionOutcome>;

/**
 * Decides the life of one session: started once, ended once, and what ended it first stays the
 * reason. The credential is exchanged, also by an elevation, by one of several who hold it.
 */
export function decide(command: SessionCommand, state: Session): Decided {
  switch (command.type) {
    case "StartSession":
      return start(command, state);
    case "ElevateSession":
    case "ExchangeCredential":
      return exchange(command, state);
    case "EndSession":
      if (state.status === "absent") return { events: [], outcome: "unknown_session" };
      if (state.status === "ended") return { events: [], outcome: "ended" };
      return { events: [{ type: "SessionEnded", reason: command.reason }], outcome: "ended" };
    default:
      return command satisfies never;
  }
}

function start(
  { type: _, ...begun }: Extract<SessionCommand, { type: "StartSession" }>,
  state: Session,
): Decided {
  if (state.status === "absent") {
    return { events: [{ type: "SessionStarted", ...begun }], outcome: "started" };
  }
  const repeated =
    state.status === "live" &&
    state.userId === begun.userId &&
    sameReference(state.credential, begun.credential);
  return { events: [], outcome: repeated ? "started" : "already_exists" };
}

function exchange(
  command: Extract<SessionCommand, { type: "ElevateSession" | "ExchangeCredential" }>,
  state: Session,
): Decided {
  switch (state.status) {
    case "absent":
      return { events: [], outcome: "unknown_session" };
    case "ended":
      return { events: [], outcome: "ended" };
    case "live":
      break;
    default:
      return state satisfies never;
  }
  // Nobody proves in another's name to be them, nor takes their session over.
  if (state.impersonated) return { events: [], outcome: "impersonated" };
  const { from, credential } = command;
  const elevates = command.type === "ElevateSession";
  const outcome = elevates ? "elevated" : "exchanged";
  if (sameReference(state.credential, credential)) return { events: [], outcome };
  if (!sameReference(state.credential, from)) {
    return { events: [], outcome: "outdated_credential" };
  }
  const event: SessionEvent = elevates
    ? { type: "SessionElevated", method: command.method, credential }
    : { type: "CredentialExchanged", credential };
  return { events: [event], outcome };
}
