import type { InvitationEvent } from "../domain/invitation/mod.ts";
import type { Sealed } from "../domain/sealed.ts";
import type { Projection } from "./projection.ts";

/** One invitation to sign up. Open until `expiresAt`: whoever has a clock says whether it is. */
export type InvitationRow = {
  readonly id: string;
  /** Unreadable once it is withdrawn or lapsed, or who accepted it has come. */
  readonly email: Sealed;
  readonly roles: ReadonlyArray<string>;
  readonly status: "open" | "accepted" | "withdrawn" | "lapsed";
  /** Who issued it. */
  readonly issuedBy: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly userId?: string;
};

/** Answers "who was invited, by whom, and did they come?". */
export const invitations: Projection<InvitationRow, InvitationEvent> = {
  name: "invitations",
  version: 2,
  ledger: "identity",
  handles: ["InvitationIssued", "InvitationAccepted", "InvitationWithdrawn", "InvitationLapsed"],
  keys: (event) => [event.subject],
  evolve: (row, event, key) => {
    switch (event.type) {
      case "InvitationIssued": {
        const { email, roles, expiresAt, actor, at } = event;
        const issued = { issuedBy: actor, issuedAt: at, expiresAt };
        return { id: key, email, roles, status: "open", ...issued };
      }
      case "InvitationAccepted":
        return row && { ...row, status: "accepted", userId: event.userId };
      case "InvitationWithdrawn":
        return row && ended(row, "withdrawn");
      case "InvitationLapsed":
        return row && ended(row, "lapsed");
      default:
        event satisfies never;
        return row;
    }
  },
  index: (row) => ({
    sort: row.issuedAt,
    tags: [
      `status:${row.status}`,
      ...(row.status === "accepted" ? [acceptedUntil(row.expiresAt)] : []),
    ],
  }),
};

/** Under which accepted invitations are found that would have expired on the day of a time. */
export const acceptedUntil = (time: string): string =>
  `accepted-until:${time.slice(0, "2026-11-21".length)}`;

/** Whoever accepted it had not come. */
function ended({ userId: _, ...row }: InvitationRow, status: "withdrawn" | "lapsed") {
  return { ...row, status };
}
