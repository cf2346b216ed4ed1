import type { TokenFamilyEvent } from "./events.ts";

export type TokenFamily = { readonly status: "absent" | "open" | "revoked" };

export const initial: TokenFamily = { status: "absent" };

export function evolve(state: TokenFamily, event: TokenFamilyEvent): TokenFamily {
  switch (event.type) {
    case "RefreshFamilyOpened":
      return { status: "open" };
    case "RefreshTokenReuseDetected":
      return state;
    case "RefreshFamilyRevoked":
      return { status: "revoked" };
    default:
      return event satisfies never;
  }
}
