import * as Effect from "effect/Effect";
import { roleCodec } from "../../adapters/codec/role.ts";
import { transact } from "../../adapters/transact.ts";
import { type RoleCommand, role } from "../../domain/role/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import type { Caller } from "../session/caller.ts";

/** One command about one role of this installation's own. */
export const commandRole = (
  call: RequestContext & { readonly caller: Caller },
  name: string,
  command: RoleCommand,
) =>
  Effect.gen(function* () {
    return yield* transact({
      decider: role,
      codec: roleCodec,
      id: name,
      requestId: `${call.commandId}/role/${name}`,
      command,
      meta: yield* metaOf(call, `user:${call.caller.userId}`),
    });
  });
