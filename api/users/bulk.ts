import * as Effect from "effect/Effect";
import { z } from "zod";
import type { Call } from "../http/call.ts";
import { type Failure, problemOf } from "../http/failure.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { Id } from "../http/schemas.ts";
import type { Services } from "../http/services.ts";
import { requireElevated } from "../session/elevated.ts";
import { ADMIN } from "../session/gate.ts";
import { revokeSessions } from "../session/revoke-sessions.ts";
import { Blocking, blockOne } from "./block-user.ts";
import { changeRoles } from "./change-roles.ts";
import { eraseUser } from "./erase-user.ts";
import { sendPasswordMail } from "./password-mail.ts";
import { mayEnd } from "./sessions-of-user.ts";
import { unblockOne } from "./unblock-user.ts";

/** People of one request: what one page of a list shows. */
const IDS_MAX = 200;
/** People at once: one request leaves room for the others. */
const CONCURRENCY = 8;

const Body = z.strictObject({
  action: z.enum([
    "grant-role",
    "revoke-role",
    "block",
    "unblock",
    "end-sessions",
    "erase",
    "password-mail",
  ]),
  ids: z.array(Id).min(1).max(IDS_MAX),
  /** Of `grant-role` and `revoke-role`. */
  role: z.string().min(1).max(64).exactOptional(),
  /** Of `block`, like `until`. */
  ...Blocking.shape,
});
type Bulk = Call<unknown, unknown, z.output<typeof Body>>;

/** What became of one person: done, or the code of the problem that one request would answer. */
const Item = z.strictObject({
  id: Id,
  outcome: z.enum(["done", "refused"]),
  code: z.string().exactOptional(),
  requires: z.string().exactOptional(),
});

export const bulkUsers = route({
  method: "POST",
  path: "/v1/users/bulk",
  summary: "Do one thing to many people, each by the rules for one; says what became of each",
  auth: ADMIN,
  ownPersonOnly: true,
  body: Body,
  responses: {
    200: { description: "In order", schema: z.strictObject({ items: z.array(Item) }) },
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { action, role, reason, until } = call.body;
      const takesRole = action === "grant-role" || action === "revoke-role";
      if (takesRole !== (role !== undefined)) {
        return yield* refuse(400, "invalid_field", { field: "role" });
      }
      if (action !== "block" && (reason !== undefined || until !== undefined)) {
        const field = reason === undefined ? "until" : "reason";
        return yield* refuse(400, "invalid_field", { field });
      }
      if (action === "erase") yield* requireElevated(call);
      const ids = [...new Set(call.body.ids)];
      const done = yield* Effect.forEach(ids, (id) => outcomeOf(id, actOn(call, id)), {
        concurrency: CONCURRENCY,
      });
      const position = Math.max(0, ...done.map((each) => each.position));
      if (position > 0) yield* reachAll(["users"], position);
      const items = done.map(({ item }) => item);
      return { status: 200, body: { items }, ...(position > 0 ? { position } : {}) };
    }),
});

/** The one thing, to one person; the same as the route for one does. */
function actOn(call: Bulk, id: string): Effect.Effect<number | undefined, Failure, Services> {
  const { action, role = "", reason, until } = call.body;
  switch (action) {
    case "grant-role":
      return changeRoles(call, id, { type: "GrantRole", role });
    case "revoke-role":
      return changeRoles(call, id, { type: "RevokeRole", role });
    case "block":
      return blockOne(call, id, {
        ...(reason === undefined ? {} : { reason }),
        ...(until === undefined ? {} : { until }),
      });
    case "unblock":
      return unblockOne(call, id);
    case "end-sessions":
      return Effect.as(
        Effect.andThen(mayEnd(call, id), revokeSessions(call, { of: id })),
        undefined,
      );
    case "erase":
      return Effect.map(eraseUser(call, id), ({ position }) => position);
    case "password-mail":
      return Effect.as(sendPasswordMail(call, id), undefined);
    default:
      return action satisfies never;
  }
}

/** A refusal is of this person alone; what is wrong with the server ends the request. */
const outcomeOf = (id: string, act: Effect.Effect<number | undefined, Failure, Services>) =>
  act.pipe(
    Effect.map((position = 0) => ({ item: { id, outcome: "done" } as const, position })),
    Effect.catch((failure) => {
      const { status, code, requires } = problemOf(failure);
      if (status >= SERVERS_FAULT) return Effect.fail(failure);
      const why = { code, ...(requires === undefined ? {} : { requires }) };
      return Effect.succeed({ item: { id, outcome: "refused", ...why } as const, position: 0 });
    }),
  );

const SERVERS_FAULT = 500;
