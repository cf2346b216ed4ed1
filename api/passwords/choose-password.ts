import * as Effect from "effect/Effect";
import type { RequestContext } from "../http/call.ts";
import { reachAll } from "../http/positions.ts";
import { commandUser } from "../users/command-user.ts";
import { settled } from "../users/settled.ts";
import { userNow } from "../users/user-now.ts";
import { enclosePassword } from "./stored-password.ts";

type Choice = { readonly userId: string; readonly password: string };

/** Each try finds what the one before it met; a password comes and goes no more often than this. */
const TRIES_MAX = 3;

/**
 * Replaces the password, or makes it the first one, by a link that whoever holds has spent. Which
 * of the two it is, the person's stream says; when that changes right before the append, it is
 * asked again.
 */
export const choosePassword = (context: RequestContext, { userId, password }: Choice) =>
  Effect.gen(function* () {
    const vault = yield* enclosePassword(userId, password);
    const choose = Effect.fnUntraced(function* (step: string) {
      const { state } = yield* userNow(userId);
      return yield* commandUser(context, {
        userId,
        step,
        command:
          state.password === undefined
            ? { type: "EnrollPassword", accountId: crypto.randomUUID(), password: vault.reference }
            : { type: "ReplacePassword", password: vault.reference },
        along: (_events, before) => ({
          vault: {
            put: [vault.row],
            remove: before.password === undefined ? [] : [before.password.id],
          },
        }),
      });
    });
    let chosen = yield* choose("user");
    for (let tries = 1; tries < TRIES_MAX && hasTurned(chosen.outcome); tries++) {
      chosen = yield* choose(`choose/${tries}`);
    }
    yield* settled(chosen.outcome);
    if (chosen.position !== undefined) yield* reachAll(["users"], chosen.position);
    return chosen.position;
  });

/** There was a password meanwhile, or there is none any more. */
const hasTurned = (outcome: string) => outcome === "already_enrolled" || outcome === "no_password";
