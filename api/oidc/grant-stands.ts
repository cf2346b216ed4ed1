import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import { consentId } from "../../adapters/reactions/consent-id.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { ConsentRow } from "../../projections/consents.ts";
import { actingUser } from "../session/acting-user.ts";
import { mayUse } from "./may-use.ts";
import { liveSession } from "./openid-session.ts";

/**
 * Whether what a grant stands on still holds, from its payload: that client and person may act, and
 * the one with the other; the consent of then or the trust in the client; and the session where it
 * was given for that alone.
 */
export const grantStands = (grant: JsonObject) =>
  Effect.gen(function* () {
    const { accountId: userId, clientId, consentSince, sessionUid: sessionId } = grant;
    if (typeof userId !== "string" || typeof clientId !== "string") return false;
    if (typeof sessionId === "string") {
      const session = yield* liveSession(sessionId);
      if (session?.userId !== userId) return false;
    }
    const row = yield* (yield* RegisteredClients).get(clientId);
    if (row?.status !== "enabled") return false;
    if ((yield* actingUser(userId, yield* Clock.currentTimeMillis)) === undefined) return false;
    if (!(yield* mayUse(userId, row))) return false;
    if (consentSince === undefined) return row.skipConsent;
    return (yield* consentOf(userId, clientId))?.since === consentSince;
  });

export const consentOf = (userId: string, clientId: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* ReadModels).get("consents", consentId(userId, clientId));
    return found?.row as ConsentRow | undefined;
  });
