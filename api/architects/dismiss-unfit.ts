import * as Effect from "effect/Effect";
import { dismissIfUnfit } from "../../adapters/reactions/dismiss-unfit-architect.ts";
import { dismissUnfitArchitects } from "../../domain/processes/dismiss-unfit-architects.ts";
import type { RequestContext } from "../http/call.ts";
import { reachAll } from "../http/positions.ts";

/**
 * After an appointment, a block or an erasure: whether it crossed with another of them, so that
 * somebody was an architect who must not be. They are dismissed once this answers.
 */
export const dismissUnfit = (
  { requestId, commandId }: Pick<RequestContext, "requestId" | "commandId">,
  userId: string,
) =>
  Effect.gen(function* () {
    const meta = {
      actor: `process:${dismissUnfitArchitects.name}`,
      correlation: requestId,
    } as const;
    const { unfit, position } = yield* dismissIfUnfit({ userId, requestId: commandId, meta });
    if (position !== undefined) yield* reachAll(["users"], position);
    return unfit;
  });
