import * as Effect from "effect/Effect";
import { takeBackInvitation } from "../../adapters/reactions/take-back-invitation.ts";
import { type User, type UserCommand, user } from "../../domain/user/mod.ts";
import { dismissUnfit } from "../architects/dismiss-unfit.ts";
import type { Answer, Call } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachAll } from "../http/positions.ts";
import { addressOf } from "../mail/written-to.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { commandUser } from "./command-user.ts";
import { forgetUser } from "./forget-user.ts";
import { settled } from "./settled.ts";
import { administration } from "./standing.ts";
import { userNow } from "./user-now.ts";

const CLAIMED = ["email", "username", "provider"];

/** What goes with the fact of an erasure: the data key, the password, whatever was claimed. */
export const erasing = (userId: string, { password }: Pick<User, "password">) => ({
  claims: { release: CLAIMED.map((kind) => ({ kind, owner: userId })) },
  vault: { remove: password === undefined ? [] : [password.id] },
  dataKeys: { destroy: [`user:${userId}` as const] },
});

/**
 * Erases somebody: the fact, and in the same transaction their data key, their password and their
 * hold on the e-mail address. Answers once no session of theirs passes any more.
 */
export const eraseUser = (call: Call<unknown, unknown, unknown>, userId: string) =>
  Effect.gen(function* () {
    const { by, target } = yield* administration(call.caller, userId);
    const command = { type: "Erase", by, target } as const;
    yield* forgetInvitation(call, userId, command);
    const { outcome, position } = yield* commandUser(call, {
      userId,
      actorId: by.id,
      command,
      along: (_events, state) => erasing(userId, state),
    });
    if (outcome !== "erased") yield* settled(outcome);
    yield* dismissUnfit(call, userId);
    if (position !== undefined) yield* reachAll(["users"], position);
    yield* forgetUser(userId);
    yield* endSessionsOf(call, `user:${by.id}`, { userId, reason: "erased" });
    return { status: 204, position } satisfies Answer;
  });

/** An invitation to their address would keep it readable, and let somebody in by it. */
const forgetInvitation = (
  call: Call<unknown, unknown, unknown>,
  userId: string,
  command: Extract<UserCommand, { readonly type: "Erase" }>,
) =>
  Effect.gen(function* () {
    const { state } = yield* userNow(userId);
    const email = yield* addressOf(state);
    if (email === undefined || user.decide(command, state).outcome !== "erased") return;
    const meta = yield* metaOf(call, `user:${command.by.id}`);
    yield* takeBackInvitation(email, { requestId: call.commandId, meta });
  });
