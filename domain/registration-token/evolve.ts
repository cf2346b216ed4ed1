import type { VaultReference } from "../vault-reference.ts";
import type { RegistrationTokenEvent } from "./events.ts";

export type RegistrationToken =
  | { readonly status: "absent" }
  | {
      readonly status: "issued" | "revoked";
      readonly secret: VaultReference;
      readonly uses: number;
      readonly expiresAt: string;
      /** The applications that its uses went to. */
      readonly usedFor: ReadonlyArray<string>;
    };

export const initial: RegistrationToken = { status: "absent" };

export function evolve(state: RegistrationToken, event: RegistrationTokenEvent): RegistrationToken {
  if (event.type === "RegistrationTokenIssued") {
    const { secret, uses, expiresAt } = event;
    return { status: "issued", secret, uses, expiresAt, usedFor: [] };
  }
  if (state.status === "absent") return state;
  switch (event.type) {
    case "RegistrationTokenUsed":
      return { ...state, usedFor: [...state.usedFor, event.clientId] };
    case "RegistrationTokenRevoked":
      return { ...state, status: "revoked" };
    default:
      event satisfies never;
      return state;
  }
}
