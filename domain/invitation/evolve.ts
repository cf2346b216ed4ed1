import type { Sealed } from "../sealed.ts";
import type { InvitationEvent } from "./events.ts";

export type Invitation =
  | { readonly status: "absent" | "withdrawn" | "lapsed" }
  | (Offer & { readonly status: "open" })
  /** Taken by one person; whether they have come, their own stream says. */
  | (Offer & { readonly status: "accepted"; readonly userId: string });

type Offer = {
  readonly email: Sealed;
  readonly roles: ReadonlyArray<string>;
  readonly expiresAt: string;
};

export const initial: Invitation = { status: "absent" };

export function evolve(state: Invitation, event: InvitationEvent): Invitation {
  switch (event.type) {
    case "InvitationIssued": {
      const { email, roles, expiresAt } = event;
      return { status: "open", email, roles, expiresAt };
    }
    case "InvitationAccepted":
      if (state.status !== "open") return state;
      return { ...state, status: "accepted", userId: event.userId };
    case "InvitationWithdrawn":
      return { status: "withdrawn" };
    case "InvitationLapsed":
      return { status: "lapsed" };
    default:
      event satisfies never;
      return state;
  }
}
