import type { Decider } from "../decider.ts";
import { decide, type TokenFamilyCommand, type TokenFamilyOutcome } from "./decide.ts";
import type { FamilyEndReason, TokenFamilyEvent } from "./events.ts";
import { evolve, initial, type TokenFamily } from "./evolve.ts";
import {
  type RotationCommand,
  type RotationEvent,
  type RotationOutcome,
  type Rotations,
  rotation,
} from "./rotation.ts";

export type {
  FamilyEndReason,
  RotationCommand,
  RotationEvent,
  RotationOutcome,
  Rotations,
  TokenFamily,
  TokenFamilyCommand,
  TokenFamilyEvent,
  TokenFamilyOutcome,
};
export { rotation };

/** One line of refresh tokens, in the stream of the grant that it was opened under. */
export const tokenFamily: Decider<
  TokenFamily,
  TokenFamilyCommand,
  TokenFamilyEvent,
  TokenFamilyOutcome
> = { category: "token-family", initial, evolve, decide };
