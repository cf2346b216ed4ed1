import type { VaultReference } from "../vault-reference.ts";
import type { SessionEndReason, SessionEvent } from "./events.ts";

export type Session =
  | { readonly status: "absent" }
  | {
      readonly status: "live";
      readonly userId: string;
      readonly credential: VaultReference;
      readonly impersonated: boolean;
    }
  | { readonly status: "ended"; readonly reason: SessionEndReason };

export const initial: Session = { status: "absent" };

export function evolve(state: Session, event: SessionEvent): Session {
  switch (event.type) {
    case "SessionStarted": {
      const { userId, credential, impersonator } = event;
      return { status: "live", userId, credential, impersonated: impersonator !== undefined };
    }
    case "SessionElevated":
    case "CredentialExchanged":
      return state.status === "live" ? { ...state, credential: event.credential } : state;
    case "SessionEnded":
      return { status: "ended", reason: event.reason };
    default:
      event satisfies never;
      return state;
  }
}
