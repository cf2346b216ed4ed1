import * as Effect from "effect/Effect";
import type { By, Target, UserCommand } from "../../domain/user/mod.ts";
import type { Answer, Call } from "../http/call.ts";
import { commandUser } from "./command-user.ts";
import { settled } from "./settled.ts";
import { showUser } from "./show-user.ts";
import { administration } from "./standing.ts";

type Administered = { readonly by: By; readonly target: Target };
type OnUser<Body> = Call<{ readonly id: string }, unknown, Body>;

/** One command about somebody else: answers them as they are now, once every gate sees it. */
export const administerUser = <Body>(
  call: OnUser<Body>,
  commandOf: (administered: Administered) => UserCommand,
) =>
  Effect.gen(function* () {
    const userId = call.params.id;
    const administered = yield* administration(call.caller, userId);
    const { outcome, position } = yield* commandUser(call, {
      userId,
      actorId: call.caller.userId,
      command: commandOf(administered),
    });
    yield* settled(outcome);
    const user = yield* showUser(userId, position);
    return { status: 200, body: { user }, position } satisfies Answer;
  });
