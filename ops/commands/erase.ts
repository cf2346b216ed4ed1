import * as Effect from "effect/Effect";
import { architectsCodec } from "../../adapters/codec/architects.ts";
import { userCodec } from "../../adapters/codec/user.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { endSessionsOf } from "../../adapters/reactions/end-sessions-of.ts";
import { takeBackInvitation } from "../../adapters/reactions/take-back-invitation.ts";
import { load, transact } from "../../adapters/transact.ts";
import { addressOf } from "../../api/mail/written-to.ts";
import { erasing } from "../../api/users/erase-user.ts";
import { forgetUser } from "../../api/users/forget-user.ts";
import { architects } from "../../domain/architects/mod.ts";
import type { Meta } from "../../domain/ledger/entry.ts";
import { user } from "../../domain/user/mod.ts";
import type { Run } from "../command.ts";
import { findUser } from "../find-user.ts";
import type { StoreServices } from "../store.ts";
import { usageError } from "../usage-error.ts";

const REACH_DEADLINE_MS = 30_000;

/**
 * Erases one person, named by id or e-mail address; without `--yes` it only says what it would do.
 */
export const run: Run<StoreServices> = Effect.fnUntraced(function* (context, given) {
  const [named, ...more] = given.positionals;
  if (named === undefined || more.length > 0) {
    return yield* usageError("Cannot erase: expected one user id or e-mail address");
  }
  const id = yield* findUser(named);
  const { state } = yield* load({ decider: user, codec: userCodec }, id);
  if (state.status === "absent") return yield* usageError("Cannot find a user with that id");
  if (given.values["yes"] !== true && state.status !== "erased") {
    yield* context.out(
      `Would erase user ${id}: every personal value in ledger, read models and their copies ` +
        "becomes unreadable, for ever. Add --yes to do it.",
    );
    return 0 as const;
  }
  const requestId = crypto.randomUUID();
  const meta: Meta = { actor: "operator:erase", correlation: requestId };
  const owners = yield* load({ decider: architects, codec: architectsCodec }, "all");
  const command = {
    type: "Erase",
    by: { id: "operator", rank: "architect" },
    target: { id, architect: owners.state.has(id) },
  } as const;
  const address = yield* addressOf(state);
  if (address !== undefined && user.decide(command, state).outcome === "erased") {
    yield* takeBackInvitation(address, { requestId, meta });
  }
  const { outcome, position } = yield* transact({
    decider: user,
    codec: userCodec,
    id,
    requestId,
    command,
    meta,
    along: (_events, before) => erasing(id, before),
  });
  if (outcome === "dismiss_first") {
    return yield* usageError(`Cannot erase user ${id}: an architect is dismissed first`);
  }
  if (outcome !== "erased") return yield* usageError(`Cannot erase user ${id}: ${outcome}`);
  const ending = { type: "EndSessionsOf", userId: id, reason: "erased" } as const;
  yield* endSessionsOf({ command: ending, requestId, meta, deadlineMs: REACH_DEADLINE_MS });
  yield* forgetUser(id);
  if (position === undefined) {
    yield* context.out(`User ${id} had been erased before`);
    return 0 as const;
  }
  yield* (yield* ReadModels).reach("users", position, REACH_DEADLINE_MS);
  yield* context.out(
    context.json
      ? JSON.stringify({ user: id, position })
      : `Erased user ${id} at position ${position}`,
  );
  return 0 as const;
});
