import * as Effect from "effect/Effect";
import type { Sealed } from "../../domain/sealed.ts";
import type { RequestContext } from "../http/call.ts";
import { reachAll } from "../http/positions.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { commandUser } from "../users/command-user.ts";
import { settled } from "../users/settled.ts";

/** An account that stays, with where its claim stands. */
export type KeptAccount = {
  readonly accountId: string;
  readonly claim: { readonly kind: string; readonly digest: string };
};

export type Proof = {
  readonly userId: string;
  /** The address that was written to, as the person's stream has it. */
  readonly email: Sealed;
  /** Whether whoever brings the proof knows the password too. */
  readonly withPassword: boolean;
  /**
   * Accounts at providers that were linked before the proof: all stay where whoever brings it
   * linked them; of the others at most the one that it came by. Default: all, with the password.
   */
  readonly keeps?: "all" | "none" | KeptAccount;
  /** The session of theirs that the proof came in; it stays. */
  readonly session?: string | undefined;
};

const PROVIDER = "provider";

/**
 * Records that whoever reads the mail of the address is this person. The first proof that comes
 * without the password removes it and what was linked before, and every session that could have
 * been opened with them: whoever registered somebody else's address does not stay in.
 */
export const proveAddress = (context: RequestContext, proof: Proof) =>
  Effect.gen(function* () {
    const { userId, email, withPassword, session } = proof;
    const { keeps = withPassword ? "all" : "none" } = proof;
    const kept = typeof keeps === "object" ? keeps : undefined;
    let [passwordRemoved, unlinked] = [false, false];
    const { outcome, position } = yield* commandUser(context, {
      userId,
      step: "prove",
      command: {
        type: "VerifyEmail",
        email,
        removePassword: !withPassword,
        ...(keeps === "all" ? {} : { unlink: kept ? { except: kept.accountId } : {} }),
        ...(session === undefined ? {} : { session }),
      },
      along: (events, { password }) => {
        passwordRemoved = events.some(({ type }) => type === "PasswordRemoved");
        unlinked = events.some(({ type }) => type === "ProviderUnlinked");
        const removed = passwordRemoved && password !== undefined ? [password.id] : [];
        const take = kept === undefined ? [] : [{ ...kept.claim, owner: userId }];
        const claims = { release: [{ kind: PROVIDER, owner: userId }], take };
        return { vault: { remove: removed }, ...(unlinked ? { claims } : {}) };
      },
    });
    yield* settled(outcome);
    if (position !== undefined) yield* reachAll(["users"], position);
    if (passwordRemoved || unlinked) {
      const except = session === undefined ? {} : { except: session };
      yield* endSessionsOf(context, `user:${userId}`, {
        userId,
        reason: passwordRemoved ? "password-removed" : "provider-unlinked",
        ...except,
      });
    }
    return { position, passwordRemoved };
  });
