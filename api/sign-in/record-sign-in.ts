import * as Effect from "effect/Effect";
import { signInCodec } from "../../adapters/codec/sign-in.ts";
import { transact } from "../../adapters/transact.ts";
import { type SignInCommand, signIn } from "../../domain/sign-in/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";

/** Nobody is authenticated here: the door itself acts. */
const ACTOR = "process:sign-in";

/**
 * Appends what happened at the door to activity, and answers when it is there. It costs the same
 * whether the account exists or not.
 */
export const recordSignIn = (context: RequestContext, command: SignInCommand) =>
  Effect.gen(function* () {
    const id = command.type === "RejectSignIn" ? (command.userId ?? "unknown") : "throttled";
    yield* transact({
      decider: signIn,
      codec: signInCodec,
      id,
      requestId: `${context.commandId}/sign-in`,
      command,
      meta: yield* metaOf(context, ACTOR, "activity"),
      expect: "any",
    });
  });
