import type { Errand, Visitor } from "../../domain/arrival/decide-arrival.ts";
import { guestOf } from "../guest/guest-of.ts";
import type { RequestContext } from "../http/call.ts";

/**
 * Who looks. To link, it has to be the very session that set out: whoever signed in meanwhile, or
 * was signed in by somebody, has linked nothing.
 */
export function visitorOf(
  { caller }: Pick<RequestContext, "caller">,
  { errand, session }: { readonly errand: Errand; readonly session?: string | undefined },
): Visitor {
  if (caller === undefined || caller.impersonator !== undefined) return { kind: "nobody" };
  if (errand === "link" && caller.sessionId !== session) return { kind: "nobody" };
  const { userId } = caller;
  return guestOf(caller) === undefined ? { kind: "user", userId } : { kind: "guest", userId };
}
