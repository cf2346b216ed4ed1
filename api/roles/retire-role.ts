import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { takeBack } from "../../adapters/reactions/take-back-role.ts";
import { ROLES } from "../../domain/user/mod.ts";
import { metaOf } from "../http/meta.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { PAGE_MAX } from "../http/schemas.ts";
import { ARCHITECT } from "../session/gate.ts";
import { commandRole } from "./command-role.ts";
import { RoleName } from "./role-view.ts";

/** Holders that a refusal counts; of more it says this many. */
const COUNTED_MAX = 1_000;
/** Holders from whom the request itself takes the role; from more the process does, in a moment. */
const TAKEN_MAX = 1_000;

export const retireRole = route({
  method: "DELETE",
  path: "/v1/roles/:name",
  summary: "Retire a role; with `force` it is taken from whoever holds it",
  auth: ARCHITECT,
  params: z.strictObject({ name: RoleName }),
  query: z.strictObject({ force: z.enum(["true", "false"]).exactOptional() }),
  responses: { 204: { description: "Granted to nobody any more" } },
  problems: { 409: ["built_in", "role_in_use"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { name } = call.params;
      if (Object.hasOwn(ROLES, name)) return yield* refuse(409, "built_in");
      if (call.query.force !== "true") {
        const count = yield* holdersOf(name);
        if (count > 0) return yield* refuse(409, "role_in_use", { count });
      }
      const { outcome, position } = yield* commandRole(call, name, { type: "RetireRole" });
      switch (outcome) {
        case "retired":
        case "defined":
          break;
        case "unknown_role":
        case "already_defined":
        case "built_in":
        case "invalid_name":
          return yield* refuse(404, "not_found");
        default:
          return outcome satisfies never;
      }
      if (position !== undefined) yield* reachAll(["role_definitions", "roles"], position);
      const taken = yield* takeBack({
        role: name,
        requestId: `${call.commandId}/take-back`,
        meta: yield* metaOf(call, `user:${call.caller.userId}`),
        most: TAKEN_MAX,
      });
      const last = Math.max(taken, position ?? 0);
      if (last > 0) yield* reachAll(["users"], last);
      return { status: 204, position: last === 0 ? undefined : last };
    }),
});

const holdersOf = (name: string) =>
  Effect.gen(function* () {
    const { list } = yield* ReadModels;
    let count = 0;
    let cursor: string | undefined;
    do {
      const tags = [`role:${name}`];
      const page = yield* list("roles", { tags, limit: PAGE_MAX, ...(cursor && { cursor }) });
      count += page.items.length;
      cursor = page.nextCursor;
    } while (cursor !== undefined && count < COUNTED_MAX);
    return count;
  });
