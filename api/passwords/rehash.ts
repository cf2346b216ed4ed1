import * as Effect from "effect/Effect";
import type { VaultReference } from "../../domain/vault-reference.ts";
import type { RequestContext } from "../http/call.ts";
import { commandUser } from "../users/command-user.ts";
import { enclosePassword, verifyPassword } from "./stored-password.ts";

type Known = {
  readonly userId: string;
  readonly password: string;
  /** What the password was verified against. */
  readonly proved: VaultReference;
  /** Another scheme or cost than ours today: see `verifyPassword`. */
  readonly outdated: boolean;
};

/**
 * Replaces an outdated hash now that its password is known, and answers where the password is kept
 * then. It ends no session. Nobody is kept out because it did not work: there is a next time.
 */
export const rehashed = (context: RequestContext, known: Known) =>
  known.outdated
    ? rehash(context, known).pipe(Effect.catch(() => Effect.succeed(known.proved)))
    : Effect.succeed(known.proved);

const rehash = (context: RequestContext, { userId, password, proved }: Known) =>
  Effect.gen(function* () {
    const { row, reference } = yield* enclosePassword(userId, password);
    const { outcome } = yield* commandUser(context, {
      userId,
      command: { type: "RehashPassword", proved, password: reference },
      along: () => ({ vault: { put: [row], remove: [proved.id] } }),
    });
    if (outcome === "rehashed") return reference;
    // Another sign-in at the same moment did it, or the password was replaced: which, it knows.
    const { verified, state } = yield* verifyPassword(userId, password);
    return verified ? (state.password ?? proved) : proved;
  });
