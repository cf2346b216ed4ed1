import * as Effect from "effect/Effect";
import { Throttles } from "../../adapters/ports/throttles.ts";
import type { RequestContext } from "../http/call.ts";
import { recordSignIn } from "../sign-in/record-sign-in.ts";
import { charge } from "./charge.ts";
import { SIGN_IN_LIMIT } from "./limits.ts";
import { networkOf } from "./network-of.ts";

const BUCKET = "set-up";

/**
 * Reserves one try of the set-up token, by a person with a session too: a guest's costs nothing.
 *
 * Errors: 429 throttled; the first of a window is an event.
 */
export const chargeSetUp = (context: RequestContext) =>
  charge([{ bucket: BUCKET, key: networkOf(context.address), limit: SIGN_IN_LIMIT }], () =>
    recordSignIn(context, { type: "ThrottleSignIn", bucket: BUCKET }),
  );

/** The token was right. */
export const forgiveSetUp = (context: RequestContext) =>
  Effect.gen(function* () {
    yield* (yield* Throttles).forgive(BUCKET, networkOf(context.address));
  });
