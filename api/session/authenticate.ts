import { timingSafeEqual } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { SessionLookup } from "../../adapters/ports/session-lookup.ts";
import { isBlockedAt } from "../../domain/user/mod.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import type { UserRow } from "../../projections/users.ts";
import type { Caller } from "./caller.ts";
import { decodeCredential, secretDigest } from "./credential.ts";

/**
 * Who a session cookie stands for; undefined when it stands for nobody who may act now.
 *
 * Everything is asked of the shared tables on every request: an ended session, a block, an
 * erasure and a changed role act on the next one.
 */
export const authenticate = (cookie: string | undefined) =>
  Effect.gen(function* () {
    const credential = cookie === undefined ? undefined : decodeCredential(cookie);
    if (credential === undefined) return undefined;
    const { sessionId, secret } = credential;
    const found = yield* (yield* SessionLookup).find(sessionId);
    if (found?.user === undefined || found.vault === undefined) return undefined;
    // The projections that wrote these rows say what is in them.
    const session = found.session as SessionRow;
    const user = found.user as UserRow;
    const { userId } = session;
    // The row could be edited by whoever owns the database; whose credential it is, could not.
    if (found.vault.owner !== `user:${userId}`) return undefined;
    const { disclose } = yield* Sealer;
    const kept = disclose("activity", found.vault, session.credential);
    const given = secretDigest(secret);
    if (kept === undefined || kept.byteLength !== given.byteLength) return undefined;
    if (!timingSafeEqual(kept, given)) return undefined;
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    if (session.endedAt !== undefined || session.expiresAt <= now) return undefined;
    if (user.status === "erased" || isBlockedAt(user, now)) return undefined;
    const caller: Caller = { userId, sessionId, user, session, dataKey: found.dataKey };
    return caller;
  });
