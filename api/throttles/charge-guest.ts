import type { ThrottleLimit } from "../../adapters/ports/throttles.ts";
import type { RequestContext } from "../http/call.ts";
import { charge } from "./charge.ts";
import { GUEST_LIMIT } from "./limits.ts";
import { networkOf } from "./network-of.ts";

/**
 * Reserves one new guest of the caller's network.
 *
 * Errors: 429 throttled.
 */
export const chargeGuest = (
  { address }: Pick<RequestContext, "address">,
  limit: ThrottleLimit = GUEST_LIMIT,
) => charge([{ bucket: "guest", key: networkOf(address), limit }]);
