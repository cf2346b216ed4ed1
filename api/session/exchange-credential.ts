import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { sessionCodec } from "../../adapters/codec/session.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { idleEndMs } from "../../adapters/reactions/session-expiry.ts";
import { transact } from "../../adapters/transact.ts";
import { type SessionEndReason, session } from "../../domain/session/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { clearedSessionCookies, sessionCookies } from "../http/cookies.ts";
import { metaOf } from "../http/meta.ts";
import { REACH_DEADLINE_MS } from "../http/positions.ts";
import type { SessionCaller } from "./caller.ts";
import { digestsOf, newCredential } from "./credential.ts";
import { endSession } from "./lifecycle.ts";

type Own = RequestContext & { readonly caller: SessionCaller };

/** What the exchange is on record as: a proof of who it is, or none. */
type Exchange =
  | { readonly type: "ElevateSession"; readonly method: "password" }
  | { readonly type: "ExchangeCredential" };

/**
 * Gives the caller's session another credential: from the append on the one so far is refused, and
 * of several requests with one cookie one passes.
 *
 * Shape: the `Set-Cookie` values; undefined when the caller's is not the newest any more.
 */
export const exchangeCredential = (call: Own, exchange: Exchange) =>
  Effect.gen(function* () {
    const { userId, sessionId, session: row, lastSeenMs } = call.caller;
    const credential = newCredential(sessionId);
    const secret = (yield* Sealer).enclose({
      ledger: "activity",
      id: sessionId,
      kind: "session",
      owner: `user:${userId}`,
      plaintext: digestsOf(credential),
    });
    const { position } = yield* transact({
      decider: session,
      codec: sessionCodec,
      id: sessionId,
      requestId: `${call.commandId}/exchange`,
      command: { ...exchange, from: row.credential, credential: secret.reference },
      meta: yield* metaOf(call, `user:${userId}`, "activity"),
      along: () => ({ vault: { put: [secret.row] } }),
    });
    if (position === undefined) return undefined;
    yield* (yield* ReadModels).reach("sessions", position, REACH_DEADLINE_MS);
    const leftMs = idleEndMs(row, lastSeenMs) - (yield* Clock.currentTimeMillis);
    return sessionCookies(call.settings, credential, Math.floor(leftMs / 1000));
  });

/**
 * Keeps the caller's session through what ends the others, for the caller alone: a copy of the
 * cookie is worth nothing afterwards. Where a copy was exchanged first, nobody can tell whose the
 * session is, and it ends as well.
 */
export const keepSession = (call: Own, reason: SessionEndReason) =>
  Effect.gen(function* () {
    const cookies = yield* exchangeCredential(call, { type: "ExchangeCredential" });
    if (cookies !== undefined) return cookies;
    const { userId, sessionId } = call.caller;
    yield* endSession(call, `user:${userId}`, { sessionId, reason });
    return clearedSessionCookies(call.settings);
  });
