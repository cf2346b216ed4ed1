import * as Effect from "effect/Effect";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";

/**
 * Makes worthless what was mailed to choose a password or an address with: whoever locks others out
 * leaves them no link either. A magic link stays: it was mailed to the address that holds.
 */
export const withdrawLinks = (userId: string) =>
  Effect.flatMap(OneTimeTokens, ({ withdraw }) =>
    withdraw(userId, ["email-change", "reset", "set-password"]),
  );
