import type { SignInRejection } from "../../domain/sign-in/mod.ts";
import { isBlockedAt, type User } from "../../domain/user/mod.ts";

/** One try of a password, as far as it went. */
export type Tried = {
  readonly userId: string | undefined;
  readonly verified: boolean;
  readonly state: User;
  readonly now: string;
};

/** Why a try opens nothing; undefined when it opens the door. */
export function rejectionOf({ userId, verified, state, now }: Tried): SignInRejection | undefined {
  if (userId === undefined) return "unknown-identifier";
  if (state.status === "erased") return "erased";
  if (state.password === undefined) return "no-password";
  if (!verified) return "wrong-password";
  return isBlockedAt(state, now) ? "blocked" : undefined;
}
