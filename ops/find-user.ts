import * as Effect from "effect/Effect";
import { emailOwner } from "../api/sign-up/claims.ts";
import { normaliseEmail } from "../api/sign-up/email-address.ts";
import { usageError } from "./usage-error.ts";

/** The id of the user whom an operator names by id or by e-mail address. */
export const findUser = Effect.fnUntraced(function* (named: string) {
  if (!named.includes("@")) return named;
  const email = normaliseEmail(named);
  const id = email === undefined ? undefined : yield* emailOwner(email);
  if (id === undefined) return yield* usageError("Cannot find a user with that e-mail address");
  return id;
});
