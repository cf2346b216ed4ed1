import type { Decider } from "../decider.ts";

/** Stored in the activity ledger: never rename or re-mean, only add. */
export type RotationEvent = {
  readonly type: "RefreshTokenRotated";
  readonly clientId: string;
  /** How many the line has had before the one that was given out now. */
  readonly rotations: number;
};

export type RotationCommand = Omit<RotationEvent, "type"> & { readonly type: "RotateToken" };
export type RotationOutcome = "rotated";
/** Nothing: no decision asks how often. */
export type Rotations = Readonly<Record<never, never>>;

/** What happens to a line of refresh tokens every few minutes; append with `any`. */
export const rotation: Decider<Rotations, RotationCommand, RotationEvent, RotationOutcome> = {
  category: "token-family",
  initial: {},
  evolve: (state) => state,
  decide: ({ clientId, rotations }) => ({
    events: [{ type: "RefreshTokenRotated", clientId, rotations }],
    outcome: "rotated",
  }),
};
