import type { Agreed, ConsentEvent } from "./events.ts";

export type Consent =
  | { readonly status: "absent" | "withdrawn" }
  | {
      readonly status: "granted";
      readonly userId: string;
      readonly clientId: string;
      readonly terms?: string;
      readonly agreed: Agreed;
    };

export const initial: Consent = { status: "absent" };

export function evolve(_state: Consent, event: ConsentEvent): Consent {
  switch (event.type) {
    case "ConsentGranted": {
      const { userId, clientId, terms, scopes, resources } = event;
      const agreed = { scopes, resources };
      return {
        status: "granted",
        userId,
        clientId,
        ...(terms === undefined ? {} : { terms }),
        agreed,
      };
    }
    case "ConsentWithdrawn":
      return { status: "withdrawn" };
    default:
      return event satisfies never;
  }
}
