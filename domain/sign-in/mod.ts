import type { Decider } from "../decider.ts";
import { decide, type SignInCommand, type SignInOutcome } from "./decide.ts";
import type { SignInBucket, SignInEvent, SignInRejection } from "./events.ts";
import { evolve, initial, type SignIn } from "./evolve.ts";

export type { SignIn, SignInBucket, SignInCommand, SignInEvent, SignInOutcome, SignInRejection };

/**
 * Refused sign-ins, in the stream of the account's id, of `unknown` for identifiers that name
 * none, and of `throttled`; append with `any`.
 */
export const signIn: Decider<SignIn, SignInCommand, SignInEvent, SignInOutcome> = {
  category: "sign-in",
  initial,
  evolve,
  decide,
};
