import * as Effect from "effect/Effect";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { chargeSetUp, forgiveSetUp } from "../throttles/charge-set-up.ts";
import { architectsNow } from "../users/standing.ts";

/**
 * Passes whoever proves to own a server that has no architect yet.
 *
 * Errors: 409 already_set_up, 403 invalid_setup_token, 429 throttled.
 */
export const requireSetupToken = (context: RequestContext, token: string) =>
  Effect.gen(function* () {
    // First of all, so that the token tells nothing once it is used.
    if ((yield* architectsNow).size > 0) return yield* refuse(409, "already_set_up");
    yield* chargeSetUp(context);
    if (!(yield* context.settings.setupToken.check(token))) {
      return yield* refuse(403, "invalid_setup_token");
    }
    yield* forgiveSetUp(context);
  });
