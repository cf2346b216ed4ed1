import type { Decision } from "../decider.ts";
import { covers, together } from "./agreed.ts";
import type { Agreed, ConsentEvent } from "./events.ts";
import type { Consent } from "./evolve.ts";

export type ConsentCommand =
  | ({
      readonly type: "GrantConsent";
      readonly userId: string;
      readonly clientId: string;
      readonly terms?: string;
    } & Agreed)
  | { readonly type: "WithdrawConsent" };

export type ConsentOutcome = "granted" | "withdrawn" | "unknown_consent";

const NOTHING: Agreed = { scopes: [], resources: [] };

/**
 * Decides what one person lets one application do: more is added, all is taken back at once. Where
 * the terms are others, they are accepted anew.
 */
export function decide(
  command: ConsentCommand,
  state: Consent,
): Decision<ConsentEvent, ConsentOutcome> {
  switch (command.type) {
    case "GrantConsent": {
      const { userId, clientId, terms, scopes, resources } = command;
      const before = state.status === "granted" ? state.agreed : NOTHING;
      const isKnown =
        state.status === "granted" &&
        state.terms === terms &&
        covers(before, { scopes, resources });
      if (isKnown) return { events: [], outcome: "granted" };
      const agreed = together(before, { scopes, resources });
      return {
        events: [
          {
            type: "ConsentGranted",
            userId,
            clientId,
            ...(terms === undefined ? {} : { terms }),
            ...agreed,
          },
        ],
        outcome: "granted",
      };
    }
    case "WithdrawConsent":
      if (state.status === "absent") return { events: [], outcome: "unknown_consent" };
      if (state.status === "withdrawn") return { events: [], outcome: "withdrawn" };
      return { events: [{ type: "ConsentWithdrawn" }], outcome: "withdrawn" };
    default:
      return command satisfies never;
  }
}
