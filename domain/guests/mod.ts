import type { Decider } from "../decider.ts";
import type { GuestsEvent } from "./events.ts";

export type GuestLimits = { readonly perAddressPerHour: number; readonly max: number };
export type GuestsCommand = { readonly type: "ReviseLimits" } & GuestLimits;
export type GuestsOutcome = "revised";
export type { GuestsEvent };

/** The one stream. */
export const GUESTS = "all";

/** Each guest is an identity for ever, so nobody makes many; and they are room that others need. */
const LIMITS: GuestLimits = { perAddressPerHour: 5, max: 5_000 };

/** How many guests there may be. */
export const guests: Decider<GuestLimits, GuestsCommand, GuestsEvent, GuestsOutcome> = {
  category: "guests",
  initial: LIMITS,
  evolve: (_state, { perAddressPerHour, max }) => ({ perAddressPerHour, max }),
  decide: ({ perAddressPerHour, max }, state) => ({
    events:
      state.perAddressPerHour === perAddressPerHour && state.max === max
        ? []
        : [{ type: "GuestLimitsRevised", perAddressPerHour, max }],
    outcome: "revised",
  }),
};
