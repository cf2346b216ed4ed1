import * as Effect from "effect/Effect";
import { z } from "zod";
import { sessionCodec } from "../../adapters/codec/session.ts";
import { load } from "../../adapters/transact.ts";
import { session } from "../../domain/session/mod.ts";
import type { Call } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { ById, cursor, Id, limit, pageOf } from "../http/schemas.ts";
import { sessionOf } from "../session/caller.ts";
import { ADMIN } from "../session/gate.ts";
import { endSession } from "../session/lifecycle.ts";
import { listSessionsOf } from "../session/list-sessions-of.ts";
import { revokeSessions } from "../session/revoke-sessions.ts";
import { SessionView } from "../session/session-view.ts";
import { userRow } from "./show-user.ts";
import { administration } from "./standing.ts";

export const listUserSessions = scopedRoute({
  method: "GET",
  path: "/v1/users/:id/sessions",
  summary: "Where somebody is signed in, oldest first",
  auth: ADMIN,
  scope: "sessions:write",
  params: ById,
  query: z.strictObject({ limit, cursor }),
  responses: { 200: { description: "A page of sessions", schema: pageOf(SessionView) } },
  handler: ({ caller, params: { id: userId }, query }) =>
    Effect.andThen(
      userRow(userId),
      listSessionsOf({ userId, currentId: sessionOf(caller)?.sessionId, query }),
    ),
});

export const deleteUserSessions = scopedRoute({
  method: "DELETE",
  path: "/v1/users/:id/sessions",
  summary: "End all sessions of somebody; never an architect's by an admin",
  auth: ADMIN,
  scope: "sessions:write",
  ownPersonOnly: true,
  params: ById,
  responses: { 204: { description: "All of them are refused" } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      yield* mayEnd(call, id);
      yield* revokeSessions(call, { of: id });
      return { status: 204 };
    }),
});

export const deleteUserSession = scopedRoute({
  method: "DELETE",
  path: "/v1/users/:id/sessions/:sessionId",
  summary: "End one session of somebody; never an architect's by an admin",
  auth: ADMIN,
  scope: "sessions:write",
  ownPersonOnly: true,
  params: z.strictObject({ id: Id, sessionId: Id }),
  responses: { 204: { description: "Ended" } },
  handler: (call) =>
    Effect.gen(function* () {
      const { id, sessionId } = call.params;
      yield* mayEnd(call, id);
      const { state } = yield* load({ decider: session, codec: sessionCodec }, sessionId);
      if (state.status !== "live" || state.userId !== id) return yield* refuse(404, "not_found");
      yield* endSession(call, `user:${call.caller.userId}`, { sessionId, reason: "revoked" });
      return { status: 204 };
    }),
});

/** There is such a person, and whoever owns the server is signed out by their equals alone. */
export const mayEnd = (call: Call<unknown, unknown, unknown>, userId: string) =>
  Effect.gen(function* () {
    yield* userRow(userId);
    const { by, target } = yield* administration(call.caller, userId);
    if (target.architect && by.rank !== "architect") {
      return yield* refuse(403, "forbidden", { requires: "architect" });
    }
  });
