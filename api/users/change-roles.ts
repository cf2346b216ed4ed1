import * as Effect from "effect/Effect";
import { takeBack } from "../../adapters/reactions/take-back-role.ts";
import { ARCHITECTS_ONLY } from "../../domain/user/roles.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { refuse } from "../http/problem.ts";
import { definedAmong } from "../roles/defined-roles.ts";
import type { Caller } from "../session/caller.ts";
import { requireElevated } from "../session/elevated.ts";
import { commandUser } from "./command-user.ts";
import { settled } from "./settled.ts";
import { administration } from "./standing.ts";

type RolesChange =
  | { readonly type: "GrantRole" | "RevokeRole"; readonly role: string }
  | { readonly type: "PutRoles"; readonly roles: ReadonlyArray<string> };

/** Gives or takes roles of somebody else; answers the position of the change, if there was one. */
export const changeRoles = (
  call: RequestContext & { readonly caller: Caller },
  userId: string,
  change: RolesChange,
) =>
  Effect.gen(function* () {
    const named = change.type === "PutRoles" ? change.roles : [change.role];
    if (named.some((role) => ARCHITECTS_ONLY.has(role))) yield* requireElevated(call);
    const defined = yield* definedAmong(named);
    const { outcome, position } = yield* commandUser(call, {
      userId,
      actorId: call.caller.userId,
      command: { ...change, ...(yield* administration(call.caller, userId)), defined },
    });
    yield* settled(outcome);
    // Asked once it stands: whoever retires the role later finds it and takes it back.
    const still = defined.length === 0 ? [] : yield* definedAmong(defined);
    const retired = defined.filter((role) => !still.includes(role));
    for (const role of position === undefined ? [] : retired) {
      const requestId = `${call.commandId}/take-back`;
      const meta = yield* metaOf(call, `user:${call.caller.userId}`);
      yield* takeBack({ role, requestId, meta });
      return yield* refuse(400, "unknown_role");
    }
    return position;
  });
