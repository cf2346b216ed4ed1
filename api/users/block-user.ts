import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { ById, text, time } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { commandUser } from "./command-user.ts";
import { dataKeyOf } from "./data-key.ts";
import { settled } from "./settled.ts";
import { showUser } from "./show-user.ts";
import { administration } from "./standing.ts";
import { UserAnswer } from "./user-view.ts";

const REASON_MAX = 500;

export const blockUser = route({
  method: "POST",
  path: "/v1/users/:id/block",
  summary: "Let nobody act as this user, until a time if there is one",
  auth: ADMIN,
  params: ById,
  body: z.strictObject({ reason: text(REASON_MAX).exactOptional(), until: time.exactOptional() }),
  responses: { 200: { description: "The user as they are now", schema: UserAnswer } },
  problems: { 403: ["oneself"], 409: ["architect", "erased"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { params, body, caller } = call;
      const until = body.until === undefined ? undefined : new Date(body.until).toISOString();
      const now = new Date(yield* Clock.currentTimeMillis).toISOString();
      if (until !== undefined && until <= now) {
        return yield* refuse(400, "invalid_field", { field: "until" });
      }
      const { key, create } = yield* dataKeyOf(params.id);
      const { outcome, position } = yield* commandUser(call, {
        userId: params.id,
        actorId: caller.userId,
        command: {
          type: "Block",
          ...(yield* administration(caller, params.id)),
          ...(body.reason === undefined
            ? {}
            : { reason: key.seal("identity", "user.reason", body.reason) }),
          ...(until === undefined ? {} : { until }),
        },
        along: () => (body.reason === undefined ? {} : { dataKeys: { create } }),
      });
      yield* settled(outcome);
      const user = yield* showUser(params.id, position);
      return { status: 200, body: { user }, position };
    }),
});
