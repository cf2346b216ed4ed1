import * as Effect from "effect/Effect";
import { Throttles } from "../../adapters/ports/throttles.ts";
import type { RequestContext } from "../http/call.ts";
import { isStranger, requestCharge } from "../http/throttle.ts";
import { recordSignIn } from "../sign-in/record-sign-in.ts";
import { normaliseEmail } from "../sign-up/email-address.ts";
import { charge } from "./charge.ts";
import { SIGN_IN_LIMIT } from "./limits.ts";
import { networkOf } from "./network-of.ts";

const BUCKET = "sign-in";

/**
 * What was typed, in one spelling, and from where. Not the account: then an unknown identifier
 * would count otherwise than a known one, and two identifiers of one person would tell that they
 * are. Not the identifier alone: then anybody could lock somebody out.
 */
const keyOf = ({ address }: Pick<RequestContext, "address">, identifier: string) => {
  const typed = normaliseEmail(identifier) ?? identifier.trim().normalize("NFKC").toLowerCase();
  return `${networkOf(address)} ${typed}`;
};

/**
 * Reserves one try of a password, before anything is looked up or hashed. Who has a session already
 * is counted as a stranger here: it says nothing about the account that is tried.
 *
 * Errors: 429 throttled; the first of a window is an event.
 */
export const chargeSignIn = (context: RequestContext, identifier: string) => {
  const { caller, address } = context;
  const one = { bucket: BUCKET, key: keyOf(context, identifier), limit: SIGN_IN_LIMIT };
  // Of strangers the kernel has counted the request.
  return charge(isStranger(caller) ? [one] : [one, requestCharge(address)], (bucket) =>
    bucket === BUCKET ? recordSignIn(context, { type: "ThrottleSignIn", bucket }) : Effect.void,
  );
};

/** The password was right: what was mistyped before is forgotten. */
export const forgiveSignIn = (context: RequestContext, identifier: string) =>
  Effect.gen(function* () {
    yield* (yield* Throttles).forgive(BUCKET, keyOf(context, identifier));
  });
