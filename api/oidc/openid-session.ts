import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type { OpenidSession } from "../../adapters/ports/openid-host.ts";
import { SessionLookup } from "../../adapters/ports/session-lookup.ts";
import type { SessionMethod } from "../../domain/session/mod.ts";
import { readPresented } from "../http/cookies.ts";
import type { Settings } from "../http/settings.ts";
import { authenticate, callerOf } from "../session/authenticate.ts";
import type { SessionCaller } from "../session/caller.ts";

/** The live session that a `Cookie` header presents. */
export const presentedSession = (settings: Settings, cookie: string | undefined) =>
  Effect.map(
    authenticate(readPresented(settings, cookie ?? null, false)),
    (caller) => caller && sessionOf(caller),
  );

/** A session by its id, while it is live and its person may act. */
export const liveSession = (sessionId: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* SessionLookup).find(sessionId);
    if (found === undefined) return undefined;
    const caller = callerOf(found, yield* Clock.currentTimeMillis);
    return caller && sessionOf(caller);
  });

function sessionOf({ session, userId, impersonator }: SessionCaller): OpenidSession {
  const { id: sessionId, startedAt, elevatedAt, expiresAt, method } = session;
  return {
    sessionId,
    userId,
    authTimeMs: Date.parse(elevatedAt ?? startedAt),
    amr: elevatedAt === undefined ? amrOf(method) : ["pwd"],
    expiresAtMs: Date.parse(expiresAt),
    ...(impersonator === undefined ? {} : { impersonatorId: impersonator.userId }),
  };
}

/** RFC 8176, section 2; it has no name for a link in a mail. */
function amrOf(method: SessionMethod): ReadonlyArray<string> {
  switch (method) {
    case "password":
    case "sign-up":
    case "setup":
      return ["pwd"];
    case "guest":
    case "magic-link":
    case "provider":
    case "impersonation":
      return [];
    default:
      return method satisfies never;
  }
}
