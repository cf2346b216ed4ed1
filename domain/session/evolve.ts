import type { VaultReference } from "../vault-reference.ts";
import type { SessionEndReason, SessionEvent } from "./events.ts";

export type Session =
  | { readonly status: "absent" }
  | { readonly status: "live"; readonly userId: string; readonly credential: VaultReference }
  | { readonly status: "ended"; readonly reason: SessionEndReason };

export const initial: Session = { status: "absent" };

export function evolve(state: Session, event: SessionEvent): Session {
  switch (event.type) {
    case "SessionStarted":
      return { status: "live", userId: event.userId, credential: event.credential };
    case "SessionEnded":
      return { status: "ended", reason: event.reason };
    default:
      event satisfies never;
      return state;
  }
}
