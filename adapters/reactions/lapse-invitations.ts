import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { invitation } from "../../domain/invitation/mod.ts";
import type { InvitationRow } from "../../projections/invitations.ts";
import { invitationCodec } from "../codec/invitation.ts";
import { ReadModels } from "../ports/read-models.ts";
import { transact } from "../transact.ts";

/** Invitations looked at in one sweep; the next one goes on. */
const SWEEP_MAX = 200;

/**
 * Ends invitations that expired, and with each the key of its address. Idempotent, so several
 * processes may do it at once; all live equally long, so the oldest come first.
 */
export const lapseInvitations = Effect.gen(function* () {
  const now = new Date(yield* Clock.currentTimeMillis).toISOString();
  const { list } = yield* ReadModels;
  const { items } = yield* list("invitations", { tags: ["status:open"], limit: SWEEP_MAX });
  const expired = items
    .map(({ row }) => row as InvitationRow)
    .filter((row) => row.expiresAt <= now);
  yield* Effect.forEach(
    expired,
    ({ id }) =>
      transact({
        decider: invitation,
        codec: invitationCodec,
        id,
        requestId: `invitation/${id}/lapse`,
        command: { type: "LapseInvitation", now },
        meta: { actor: "process:lapse", correlation: id },
        along: () => ({ dataKeys: { destroy: [`invitation:${id}`] } }),
      }),
    { discard: true },
  );
});
