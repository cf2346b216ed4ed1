import type { Agreed, ConsentEvent } from "./events.ts";

export type Consent =
  | { readonly status: "absent" | "withdrawn" }
  | {
      readonly status: "granted";
      readonly userId: string;
      readonly clientId: string;
      readonly agreed: Agreed;
    };

export const initial: Consent = { status: "absent" };

export function evolve(_state: Consent, event: ConsentEvent): Consent {
  switch (event.type) {
    case "ConsentGranted": {
      const { userId, clientId, scopes, resources } = event;
      return { status: "granted", userId, clientId, agreed: { scopes, resources } };
    }
    case "ConsentWithdrawn":
      return { status: "withdrawn" };
    default:
      return event satisfies never;
  }
}
