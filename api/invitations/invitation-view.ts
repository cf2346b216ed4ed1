import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { InvitationRow } from "../../projections/invitations.ts";

/** One that has expired is asked for as `open` until it is written down that it lapsed. */
export const InvitationStatus = z.enum(["open", "accepted", "withdrawn", "lapsed"]);

/** An invitation as administrators see it; the address only while it is open. */
export const InvitationView = z
  .strictObject({
    id: z.uuid(),
    email: z.string().exactOptional(),
    roles: z.array(z.string()),
    status: InvitationStatus,
    issuedBy: z.string(),
    issuedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    userId: z.uuid().exactOptional(),
  })
  .meta({ title: "Invitation" });
export type InvitationView = z.output<typeof InvitationView>;

/** Rows as they are now, opened with one look-up. */
export const viewInvitations = (rows: ReadonlyArray<InvitationRow>) =>
  Effect.gen(function* () {
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    const open = ({ status, expiresAt }: InvitationRow) => status === "open" && now < expiresAt;
    const field = "invitation.email";
    const opened = yield* (yield* Sealer).open(
      rows.map(({ email: sealed }) => ({ ledger: "identity", field, sealed })),
    );
    return rows.map((row, at): InvitationView => {
      const { id, roles, status, issuedBy, issuedAt, expiresAt, userId } = row;
      const email = open(row) ? opened[at] : undefined;
      return {
        id,
        ...(email === undefined ? {} : { email }),
        roles: [...roles],
        // Whoever ends what has expired may come a little later.
        status: status === "open" && !open(row) ? "lapsed" : status,
        issuedBy,
        issuedAt,
        expiresAt,
        ...(userId === undefined ? {} : { userId }),
      };
    });
  });
