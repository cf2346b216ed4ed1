import type { SignInRejection } from "../../domain/sign-in/mod.ts";
import { isBlockedAt, type User } from "../../domain/user/mod.ts";

/** One try of a password, as far as it went. */
export type Tried = {
  readonly userId: string | undefined;
  readonly verified: boolean;
  readonly state: User;
  readonly now: string;
  /** An address has to be proved before it lets anybody in. */
  readonly wantsProof: boolean;
};

/** Why a try opens nothing; undefined when it opens the door. */
export function rejectionOf(tried: Tried): SignInRejection | undefined {
  const { userId, verified, state, now, wantsProof } = tried;
  if (userId === undefined) return "unknown-identifier";
  if (state.status === "erased") return "erased";
  if (state.password === undefined) return "no-password";
  if (!verified) return "wrong-password";
  if (isBlockedAt(state, now)) return "blocked";
  const unproved = state.email !== undefined && !state.emailVerified;
  return wantsProof && unproved ? "email-unverified" : undefined;
}
