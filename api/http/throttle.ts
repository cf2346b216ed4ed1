import * as Effect from "effect/Effect";
import type { Charge } from "../../adapters/ports/throttles.ts";
import type { Caller } from "../session/caller.ts";
import { charge } from "../throttles/charge.ts";
import { REQUEST_LIMIT } from "../throttles/limits.ts";
import { networkOf } from "../throttles/network-of.ts";
import type { Route } from "./route.ts";

/** Nobody is known who could be held to account: anybody may be a guest. */
export const isStranger = (caller: Caller | undefined): boolean =>
  caller === undefined || caller.user.guest;

/** One request of a network. */
export const requestCharge = (address: string | undefined): Charge => ({
  bucket: "request",
  key: networkOf(address),
  limit: REQUEST_LIMIT,
});

/**
 * Counts what strangers send, before their body is read, and what anybody sends through a door that
 * is open to strangers: there a session proves nothing. Reads, and callers with a session, are not
 * counted.
 *
 * Errors: 429 throttled.
 */
export const chargeRequest = (
  { method, auth, acts }: Pick<Route, "method" | "auth" | "acts">,
  from: { readonly caller: Caller | undefined; readonly address: string | undefined },
) =>
  (method === "POST" || acts === true) && (auth === "public" || isStranger(from.caller))
    ? charge([requestCharge(from.address)])
    : Effect.void;
