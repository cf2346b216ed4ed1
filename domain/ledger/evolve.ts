import type { LedgerEvent } from "./events.ts";

/** What this installation is, once founded. */
export type Founding = {
  readonly ledgerId: string;
  readonly issuer: string;
  readonly origin: string;
  readonly secretId: string;
};

/** Undefined until it is founded. */
export type LedgerState = Founding | undefined;

export const initial: LedgerState = undefined;

export function evolve(state: LedgerState, event: LedgerEvent): LedgerState {
  switch (event.type) {
    case "LedgerFounded": {
      const { ledgerId, issuer, origin, secretId } = event;
      return { ledgerId, issuer, origin, secretId };
    }
    case "IssuerAdopted":
      return state && { ...state, issuer: event.issuer };
    case "SecretRotated":
      return state && { ...state, secretId: event.secretId };
    default:
      event satisfies never;
      return state;
  }
}
