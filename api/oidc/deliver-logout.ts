import * as Cause from "effect/Cause";
import * as Effect from "effect/Effect";
import type { LogoutNotice } from "../../adapters/ports/logout-notices.ts";
import type { KeySet } from "../../adapters/ports/openid-host.ts";
import { Outbound, OutboundError } from "../../adapters/ports/outbound.ts";
import { logoutToken } from "./logout-token.ts";
import { registeredClient } from "./registered.ts";

/** Of one attempt: an application notes that somebody left, and does the rest later. */
const TIMEOUT_MS = 5_000;

/** What an attempt came to; `code` is ours, or the status of the answer. */
export type Delivery =
  | { readonly outcome: "delivered" | "dropped" }
  | { readonly outcome: "failed"; readonly code: string };

/**
 * Tells one application that a session is over, with a token of this moment. Any answer of 200 to
 * 299 will do; who has no address for it any more, or is disabled, is not told.
 *
 * Source: OpenID Connect Back-Channel Logout 1.0, section 2.5.
 */
export const deliverLogout = <E, R>(
  notice: LogoutNotice,
  { issuer, keys }: { readonly issuer: string; readonly keys: Effect.Effect<KeySet, E, R> },
) =>
  Effect.gen(function* () {
    const client = yield* registeredClient(notice.clientId);
    const uri = client?.backchannelLogoutUri;
    if (client?.status !== "enabled" || uri === undefined)
      return { outcome: "dropped" } satisfies Delivery;
    const token = yield* logoutToken(issuer, yield* keys, notice);
    const { fetch } = yield* Outbound;
    const { status } = yield* Effect.tryPromise({
      try: (signal) =>
        fetch(uri, {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ logout_token: token }).toString(),
          timeoutMs: TIMEOUT_MS,
          signal,
        }),
      catch: (cause) =>
        cause instanceof OutboundError ? cause : new OutboundError({ refusal: "unreachable" }),
    });
    return status >= 200 && status < 300
      ? ({ outcome: "delivered" } satisfies Delivery)
      : failed(`status_${status}`);
  }).pipe(
    // Whatever is in the way of one notice is in the way of no other.
    Effect.catchCause((cause) =>
      Cause.hasInterrupts(cause) ? Effect.interrupt : Effect.succeed(failed(codeOf(cause))),
    ),
    Effect.map((delivery): Delivery => delivery),
  );

const failed = (code: string) => ({ outcome: "failed", code }) satisfies Delivery;

/** The name of what went wrong; its message may quote a value. */
function codeOf(cause: Cause.Cause<unknown>): string {
  const error = Cause.squash(cause);
  if (error instanceof OutboundError) return error.refusal;
  const isTagged = typeof error === "object" && error !== null && "_tag" in error;
  return isTagged ? String(error._tag) : "defect";
}
