import { timingSafeEqual } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { Sealer } from "../../adapters/ports/sealer.ts";
import {
  type FoundSession,
  SessionLookup,
  type StandingSession,
} from "../../adapters/ports/session-lookup.ts";
import { idleEndMs } from "../../adapters/reactions/session-expiry.ts";
import { mayImpersonate } from "../../domain/session/mod.ts";
import { isBlockedAt } from "../../domain/user/mod.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import { effectiveRoles, type UserRow } from "../../projections/users.ts";
import type { Presented } from "../http/cookies.ts";
import type { SessionCaller } from "./caller.ts";
import { DIGEST_BYTES, decodeCredential, secretDigest } from "./credential.ts";

/**
 * Who a cookie stands for; undefined when it stands for nobody who may act now.
 *
 * Everything is asked of the shared tables on every request: an ended session, a block, an
 * erasure and a changed role act on the next one. So do those of an impersonator.
 */
export const authenticate = (presented: Presented | undefined) =>
  Effect.gen(function* () {
    const credential = presented === undefined ? undefined : decodeCredential(presented.value);
    if (presented === undefined || credential === undefined) return undefined;
    const found = yield* (yield* SessionLookup).find(credential.sessionId);
    if (found === undefined) return undefined;
    const { disclose } = yield* Sealer;
    if (!isCredentialOf(found, disclose, { kind: presented.kind, secret: credential.secret })) {
      return undefined;
    }
    return callerOf(found, yield* Clock.currentTimeMillis);
  });

type Secret = { readonly kind: Presented["kind"]; readonly secret: Uint8Array };

function isCredentialOf(
  { session: row, vault }: FoundSession,
  disclose: Sealer["Service"]["disclose"],
  { kind, secret }: Secret,
): boolean {
  // The projections that wrote these rows say what is in them.
  const session = row as SessionRow;
  // The row could be edited by whoever owns the database; whose credential it is, could not.
  if (vault === undefined || vault.owner !== `user:${session.userId}`) return false;
  const kept = disclose("activity", vault, session.credential);
  const begin = kind === "session" ? 0 : DIGEST_BYTES;
  const digest = kept?.subarray(begin, begin + DIGEST_BYTES);
  return digest?.byteLength === DIGEST_BYTES && timingSafeEqual(digest, secretDigest(secret));
}

/** The caller, when the session and whoever acts in it still stand. */
export function callerOf(found: FoundSession, nowMs: number): SessionCaller | undefined {
  const own = standing(found, nowMs);
  if (own === undefined) return undefined;
  const { session, user } = own;
  const { dataKey, lastSeenMs, lastSignInMs } = found;
  const { id: sessionId, userId, impersonator } = session;
  const seen = { lastSeenMs, lastSignInMs, askedAtMs: nowMs };
  const caller = { userId, sessionId, user, session, dataKey, ...seen };
  if (impersonator === undefined) return caller;
  const behind = found.impersonator && standing(found.impersonator, nowMs);
  if (behind?.session.userId !== impersonator.userId) return undefined;
  const may = mayImpersonate(effectiveRoles(behind.user), effectiveRoles(user));
  return may ? { ...caller, impersonator } : undefined;
}

function standing(
  { session: row, user: userRow, lastSeenMs, revoked }: StandingSession,
  nowMs: number,
) {
  if (userRow === undefined || revoked) return undefined;
  const session = row as SessionRow;
  const user = userRow as UserRow;
  if (session.endedAt !== undefined || idleEndMs(session, lastSeenMs) <= nowMs) return undefined;
  if (user.status === "erased") return undefined;
  if (user.status === "blocked" && isBlockedAt(user, new Date(nowMs).toISOString())) {
    return undefined;
  }
  return { session, user };
}
