import type { Errand, Visitor } from "../../domain/arrival/decide-arrival.ts";
import { guestOf } from "../guest/guest-of.ts";
import type { RequestContext } from "../http/call.ts";
import { sessionOf } from "../session/caller.ts";

/**
 * Who looks. To link, it has to be the very session that set out: whoever signed in meanwhile, or
 * was signed in by somebody, has linked nothing.
 */
export function visitorOf(
  { caller }: Pick<RequestContext, "caller">,
  { errand, session }: { readonly errand: Errand; readonly session?: string | undefined },
): Visitor {
  const own = sessionOf(caller);
  if (own === undefined || own.impersonator !== undefined) return { kind: "nobody" };
  if (errand === "link" && own.sessionId !== session) return { kind: "nobody" };
  const { userId } = own;
  return guestOf(caller) === undefined ? { kind: "user", userId } : { kind: "guest", userId };
}
