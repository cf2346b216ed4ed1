import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { sessionCodec } from "../../adapters/codec/session.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { idleEndMs } from "../../adapters/reactions/session-expiry.ts";
import { transact } from "../../adapters/transact.ts";
import { session } from "../../domain/session/mod.ts";
import { sessionCookies } from "../http/cookies.ts";
import { metaOf } from "../http/meta.ts";
import { REACH_DEADLINE_MS } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { GivenPassword } from "../passwords/password.ts";
import { verifyPassword } from "../passwords/stored-password.ts";
import { chargeSignIn, forgiveSignIn } from "../throttles/charge-sign-in.ts";
import { digestsOf, newCredential } from "./credential.ts";

/**
 * Step-up. The credential is exchanged: from the append on the cookie so far is refused, and of
 * several requests with one cookie one passes.
 */
export const elevateSession = route({
  method: "POST",
  path: "/v1/session/elevate",
  summary: "Prove again who one is, for what asks for it; the cookie is exchanged",
  auth: "session",
  ownPersonOnly: true,
  handsOutSession: true,
  body: z.strictObject({ password: GivenPassword }),
  responses: { 204: { description: "Elevated for ten minutes" } },
  problems: { 403: ["invalid_credentials"], 409: ["no_password"], 429: ["throttled"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { userId, sessionId, session: row, lastSeenMs } = call.caller;
      // Whoever found a session open must not find out the password with it.
      yield* chargeSignIn(call, `elevate ${userId}`);
      const { verified, state } = yield* verifyPassword(userId, call.body.password);
      if (state.password === undefined) return yield* refuse(409, "no_password");
      if (!verified) return yield* refuse(403, "invalid_credentials");
      yield* forgiveSignIn(call, `elevate ${userId}`);
      const credential = newCredential(sessionId);
      const secret = (yield* Sealer).enclose({
        ledger: "activity",
        id: sessionId,
        kind: "session",
        owner: `user:${userId}`,
        plaintext: digestsOf(credential),
      });
      const { outcome, position } = yield* transact({
        decider: session,
        codec: sessionCodec,
        id: sessionId,
        requestId: `${call.commandId}/elevate`,
        command: {
          type: "ElevateSession",
          method: "password",
          from: row.credential,
          credential: secret.reference,
        },
        meta: yield* metaOf(call, `user:${userId}`, "activity"),
        along: () => ({ vault: { put: [secret.row] } }),
      });
      if (outcome !== "elevated" || position === undefined) {
        return yield* refuse(401, "unauthenticated");
      }
      yield* (yield* ReadModels).reach("sessions", position, REACH_DEADLINE_MS);
      const leftMs = idleEndMs(row, lastSeenMs) - (yield* Clock.currentTimeMillis);
      const cookies = sessionCookies(call.settings, credential, Math.floor(leftMs / 1000));
      return { status: 204, cookies };
    }),
});
