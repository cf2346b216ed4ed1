import * as Effect from "effect/Effect";
import { architectsCodec } from "../../adapters/codec/architects.ts";
import { transact } from "../../adapters/transact.ts";
import { type ArchitectsCommand, architects } from "../../domain/architects/mod.ts";
import type { Call } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { ARCHITECTS } from "../users/standing.ts";

/** One command about who owns the server; done once every gate sees it. */
export const commandArchitects = (
  call: Call<unknown, unknown, unknown>,
  command: ArchitectsCommand,
) =>
  Effect.gen(function* () {
    const { outcome, position } = yield* transact({
      decider: architects,
      codec: architectsCodec,
      id: ARCHITECTS,
      requestId: `${call.commandId}/architects`,
      command,
      meta: yield* metaOf(call, `user:${call.caller.userId}`),
    });
    switch (outcome) {
      case "appointed":
      case "dismissed":
        break;
      case "not_an_architect":
        return yield* refuse(403, "forbidden", { requires: "architect" });
      case "not_oneself":
        return yield* refuse(403, outcome);
      case "last_architect":
      case "already_claimed":
        return yield* refuse(409, outcome);
      default:
        return outcome satisfies never;
    }
    if (position !== undefined) yield* reachAll(["users"], position);
    return position;
  });
