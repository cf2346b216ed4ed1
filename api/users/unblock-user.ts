import * as Effect from "effect/Effect";
import type { Call } from "../http/call.ts";
import { scopedRoute } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { commandUser } from "./command-user.ts";
import { settled } from "./settled.ts";
import { showUser } from "./show-user.ts";
import { administration } from "./standing.ts";
import { UserAnswer } from "./user-view.ts";

export const unblockUser = scopedRoute({
  method: "POST",
  path: "/v1/users/:id/unblock",
  summary: "Let a blocked user act again",
  auth: ADMIN,
  scope: "users:write",
  params: ById,
  responses: { 200: { description: "The user as they are now", schema: UserAnswer } },
  problems: { 409: ["erased"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const position = yield* unblockOne(call, id);
      return { status: 200, body: { user: yield* showUser(id, position) }, position };
    }),
});

/** Unblocks one person; answers the position, if anything changed. */
export const unblockOne = (call: Call<unknown, unknown, unknown>, userId: string) =>
  Effect.gen(function* () {
    const { outcome, position } = yield* commandUser(call, {
      userId,
      actorId: call.caller.userId,
      command: { type: "Unblock", ...(yield* administration(call.caller, userId)) },
    });
    yield* settled(outcome);
    return position;
  });
