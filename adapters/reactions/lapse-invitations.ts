import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { invitation } from "../../domain/invitation/mod.ts";
import { MAIL_LIFETIME_MS } from "../../domain/mail/mod.ts";
import { acceptedUntil, type InvitationRow } from "../../projections/invitations.ts";
import { invitationCodec } from "../codec/invitation.ts";
import { Sealer } from "../ports/sealer.ts";
import { transact } from "../transact.ts";
import { eachDue } from "./each-due.ts";
import { endingInvitation } from "./take-back-invitation.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How far back accepted ones are looked at by which nobody came. */
const DAYS = MAIL_LIFETIME_MS.invitation / DAY_MS;

/**
 * Ends invitations that expired, and with each the key of its address: open ones, and those that
 * somebody accepted in a request that died before their account was made. Idempotent, so several
 * processes may do it at once; all live equally long, so the oldest come first.
 */
export const lapseInvitations = Effect.gen(function* () {
  const nowMs = yield* Clock.currentTimeMillis;
  const now = new Date(nowMs).toISOString();
  const days = Array.from({ length: DAYS + 1 }, (_, day) =>
    acceptedUntil(new Date(nowMs - day * DAY_MS).toISOString()),
  );
  const isDue = (row: InvitationRow) => row.expiresAt <= now;
  yield* Effect.forEach(
    ["status:open", ...days],
    (tag) =>
      eachDue({ name: "lapse-invitations", model: "invitations", tags: [tag], isDue }, (row) =>
        lapse(row, now),
      ),
    { discard: true },
  );
});

const lapse = ({ id, email: sealed }: InvitationRow, now: string) =>
  Effect.gen(function* () {
    const { open } = yield* Sealer;
    const [address] = yield* open([{ ledger: "identity", field: "invitation.email", sealed }]);
    // The key is gone with the account of whoever came.
    if (address === undefined) return;
    yield* transact({
      decider: invitation,
      codec: invitationCodec,
      id,
      requestId: `invitation/${id}/lapse`,
      command: { type: "LapseInvitation", came: false, now },
      meta: { actor: "process:lapse", correlation: id },
      along: () => endingInvitation(id),
    });
  }).pipe(
    // They came this very moment.
    Effect.catchTag("OwnerDestroyed", () => Effect.void),
  );
