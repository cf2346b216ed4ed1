import * as Effect from "effect/Effect";
import { architects } from "../../domain/architects/mod.ts";
import type { Meta } from "../../domain/ledger/entry.ts";
import { dismissUnfitArchitects } from "../../domain/processes/dismiss-unfit-architects.ts";
import { user } from "../../domain/user/mod.ts";
import { architectsCodec } from "../codec/architects.ts";
import { userCodec } from "../codec/user.ts";
import { load, transact } from "../transact.ts";
import { runProcess } from "./run-process.ts";

/** The one stream of architects. */
const ARCHITECTS = "all";

type Dismissing = {
  readonly userId: string;
  readonly requestId: string;
  readonly meta: Meta;
};

/**
 * Dismisses somebody who is an architect although they are blocked or erased. Whoever appoints,
 * blocks or erases asks for it after their own append: of two that cross, the later sees both.
 *
 * Shape: whether they may not be an architect, and the position of the dismissal, which is
 * undefined when they are none, or the last one.
 */
export const dismissIfUnfit = ({ userId, requestId, meta }: Dismissing) =>
  Effect.gen(function* () {
    const { state } = yield* load({ decider: user, codec: userCodec }, userId);
    if (state.status !== "blocked" && state.status !== "erased") {
      return { unfit: false, position: undefined };
    }
    const { position } = yield* transact({
      decider: architects,
      codec: architectsCodec,
      id: ARCHITECTS,
      requestId: `${requestId}/dismiss-unfit`,
      command: { type: "DismissUnfitArchitect", userId },
      meta,
    });
    return { unfit: true, position };
  });

/** Runs the process `dismiss-unfit-architects`: for when the request died in between. */
export const runDismissUnfitArchitects = runProcess(
  dismissUnfitArchitects,
  ({ userId }, { requestId, meta }) => dismissIfUnfit({ userId, requestId, meta }),
);
