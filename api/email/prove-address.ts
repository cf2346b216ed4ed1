import * as Effect from "effect/Effect";
import type { Sealed } from "../../domain/sealed.ts";
import type { RequestContext } from "../http/call.ts";
import { reachAll } from "../http/positions.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { commandUser } from "../users/command-user.ts";
import { settled } from "../users/settled.ts";

export type Proof = {
  readonly userId: string;
  /** The address that was written to, as the person's stream has it. */
  readonly email: Sealed;
  /** Whether whoever brings the proof knows the password too. */
  readonly withPassword: boolean;
  /** The session of theirs that the proof came in; it stays. */
  readonly session?: string | undefined;
};

/**
 * Records that whoever reads the mail of the address is this person. The first proof that comes
 * without the password removes it, and every session that could have been opened with it: whoever
 * registered somebody else's address does not stay in.
 */
export const proveAddress = (context: RequestContext, proof: Proof) =>
  Effect.gen(function* () {
    const { userId, email, withPassword, session } = proof;
    let passwordRemoved = false;
    const { outcome, position } = yield* commandUser(context, {
      userId,
      step: "prove",
      command: {
        type: "VerifyEmail",
        email,
        removePassword: !withPassword,
        ...(session === undefined ? {} : { session }),
      },
      along: (events, { password }) => {
        passwordRemoved = events.some(({ type }) => type === "PasswordRemoved");
        const removed = passwordRemoved && password !== undefined ? [password.id] : [];
        return { vault: { remove: removed } };
      },
    });
    yield* settled(outcome);
    if (position !== undefined) yield* reachAll(["users"], position);
    if (passwordRemoved) {
      const except = session === undefined ? {} : { except: session };
      yield* endSessionsOf(context, `user:${userId}`, {
        userId,
        reason: "password-removed",
        ...except,
      });
    }
    return { position, passwordRemoved };
  });
