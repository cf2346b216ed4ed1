import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { userCodec } from "../../adapters/codec/user.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { IMPERSONATION_MS, idleEndMs } from "../../adapters/reactions/session-expiry.ts";
import { load } from "../../adapters/transact.ts";
import { mayImpersonate } from "../../domain/session/mod.ts";
import { isBlockedAt, user } from "../../domain/user/mod.ts";
import type { Call } from "../http/call.ts";
import { ownCookie, sessionCookies } from "../http/cookies.ts";
import { metaOf } from "../http/meta.ts";
import { REACH_DEADLINE_MS } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { ById, text } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { openSession } from "../session/lifecycle.ts";
import { dataKeyOf } from "../users/data-key.ts";
import { showUser } from "../users/show-user.ts";
import { architectsNow } from "../users/standing.ts";
import { UserAnswer } from "../users/user-view.ts";

const REASON_MAX = 500;

/**
 * Starts a session in somebody's name. Who really acts stands in it and in every event that it
 * causes; each request asks anew whether they still may.
 */
export const impersonate = route({
  method: "POST",
  path: "/v1/users/:id/impersonate",
  summary: "Act in somebody's name for an hour; never of one's own rank or above",
  auth: ADMIN,
  ownPersonOnly: true,
  stepUp: true,
  handsOutSession: true,
  params: ById,
  body: z.strictObject({ reason: text(REASON_MAX).exactOptional() }),
  responses: { 201: { description: "In whose name one acts now", schema: UserAnswer } },
  problems: { 403: ["oneself", "outranked"], 409: ["blocked", "erased"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { params, body, caller, presented, settings } = call;
      yield* mayAct(call, params.id);
      const { key, create } = yield* dataKeyOf(params.id);
      const nowMs = yield* Clock.currentTimeMillis;
      const impersonator = { userId: caller.userId, sessionId: caller.sessionId };
      const meta = yield* metaOf(call, `user:${caller.userId}`, "activity");
      const { credential, position } = yield* openSession(call, {
        userId: params.id,
        method: "impersonation",
        expiresAt: new Date(nowMs + IMPERSONATION_MS).toISOString(),
        meta: { ...meta, onBehalfOf: `user:${params.id}` },
        impersonator,
        ...(body.reason === undefined
          ? {}
          : { reason: key.seal("activity", "session.reason", body.reason), create }),
      });
      yield* (yield* ReadModels).reach("sessions", position, REACH_DEADLINE_MS);
      const shown = yield* showUser(params.id, undefined);
      const ownLeftMs = idleEndMs(caller.session, caller.lastSeenMs) - nowMs;
      return {
        status: 201,
        body: { user: shown },
        cookies: [
          ...sessionCookies(settings, credential, IMPERSONATION_MS / 1000),
          ownCookie(settings, presented?.value ?? "", Math.floor(ownLeftMs / 1000)),
        ],
      };
    }),
});

/** Decided at the heads of the streams: a read model may be a moment behind. */
const mayAct = ({ caller }: Call<unknown, unknown, unknown>, userId: string) =>
  Effect.gen(function* () {
    if (userId === caller.userId) return yield* refuse(403, "oneself");
    const { state } = yield* load({ decider: user, codec: userCodec }, userId);
    if (state.status === "absent") return yield* refuse(404, "not_found");
    if (state.status === "erased") return yield* refuse(409, "erased");
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    if (isBlockedAt(state, now)) return yield* refuse(409, "blocked");
    const architects = yield* architectsNow;
    const by = yield* load({ decider: user, codec: userCodec }, caller.userId);
    const rolesOf = (id: string, roles: ReadonlyArray<string>) =>
      architects.has(id) ? ["architect"] : roles;
    const own = rolesOf(caller.userId, by.state.roles);
    if (!mayImpersonate(own, rolesOf(userId, state.roles))) return yield* refuse(403, "outranked");
  });
