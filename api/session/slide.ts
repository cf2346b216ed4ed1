import * as Effect from "effect/Effect";
import { GuestBook } from "../../adapters/ports/guest-book.ts";
import { STAMP_INTERVAL_MS, Stamps } from "../../adapters/ports/stamps.ts";
import { idleEndMs } from "../../adapters/reactions/session-expiry.ts";
import { type Presented, sessionCookies, verifyCookieAgain } from "../http/cookies.ts";
import type { Settings } from "../http/settings.ts";
import type { SessionCaller } from "./caller.ts";
import { decodeCredential } from "./credential.ts";

/** Whether the use of a session is to be noted again; every request asks, so no effect. */
export function isSlideDue({ session, lastSeenMs, askedAtMs }: SessionCaller): boolean {
  if (session.impersonator !== undefined) return false;
  const seenMs = lastSeenMs ?? Date.parse(session.startedAt);
  return seenMs < askedAtMs - STAMP_INTERVAL_MS.session;
}

/**
 * Notes that a session is used and answers the cookies that now live longer; undefined when another
 * request noted it first. A store that takes no writes refuses no request for it.
 */
export const slide = (settings: Settings, caller: SessionCaller, presented: Presented) =>
  Effect.gen(function* () {
    const { session, askedAtMs: nowMs } = caller;
    const { touch } = yield* Stamps;
    const noted = yield* Effect.orElseSucceed(touch("session", session.id, nowMs), () => false);
    if (!noted) return undefined;
    if (caller.user.guest) yield* Effect.ignore((yield* GuestBook).seen(caller.userId, nowMs));
    const maxAgeSeconds = Math.floor((idleEndMs(session, nowMs) - nowMs) / 1000);
    if (presented.kind === "verify") {
      return verifyCookieAgain(settings, presented.value, maxAgeSeconds);
    }
    const credential = decodeCredential(presented.value);
    return credential && sessionCookies(settings, credential, maxAgeSeconds);
  });
