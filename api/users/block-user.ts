import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { dismissUnfit } from "../architects/dismiss-unfit.ts";
import type { Call } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { ById, text, time } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { commandUser } from "./command-user.ts";
import { dataKeyOf } from "./data-key.ts";
import { settled } from "./settled.ts";
import { showUser } from "./show-user.ts";
import { administration } from "./standing.ts";
import { UserAnswer } from "./user-view.ts";

const REASON_MAX = 500;

/** Why, and until when. */
export const Blocking = z.strictObject({
  reason: text(REASON_MAX).exactOptional(),
  until: time.exactOptional(),
});

export const blockUser = scopedRoute({
  method: "POST",
  path: "/v1/users/:id/block",
  summary: "Let nobody act as this user, until a time if there is one",
  auth: ADMIN,
  scope: "users:write",
  params: ById,
  body: Blocking,
  responses: { 200: { description: "The user as they are now", schema: UserAnswer } },
  problems: { 403: ["oneself"], 409: ["architect", "erased"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const position = yield* blockOne(call, id, call.body);
      return { status: 200, body: { user: yield* showUser(id, position) }, position };
    }),
});

/** Blocks one person; answers the position, if anything changed. */
export const blockOne = (
  call: Call<unknown, unknown, unknown>,
  userId: string,
  { reason, until: wanted }: z.output<typeof Blocking>,
) =>
  Effect.gen(function* () {
    const until = wanted === undefined ? undefined : new Date(wanted).toISOString();
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    if (until !== undefined && until <= now) {
      return yield* refuse(400, "invalid_field", { field: "until" });
    }
    const { key, create } = yield* dataKeyOf(userId);
    const { outcome, position } = yield* commandUser(call, {
      userId,
      actorId: call.caller.userId,
      command: {
        type: "Block",
        ...(yield* administration(call.caller, userId)),
        ...(reason === undefined ? {} : { reason: key.seal("identity", "user.reason", reason) }),
        ...(until === undefined ? {} : { until }),
      },
      along: () => (reason === undefined ? {} : { dataKeys: { create } }),
    });
    yield* settled(outcome);
    yield* dismissUnfit(call, userId);
    return position;
  });
