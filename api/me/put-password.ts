import * as Effect from "effect/Effect";
import { z } from "zod";
import type { Call } from "../http/call.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { withdrawLinks } from "../mail/withdraw-links.ts";
import { refuseOwnAddress } from "../passwords/own-address.ts";
import { ChosenPassword, GivenPassword } from "../passwords/password.ts";
import { enclosePassword, verifyPassword } from "../passwords/stored-password.ts";
import { requireElevated } from "../session/elevated.ts";
import { keepSession } from "../session/exchange-credential.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { chargeSignIn, forgiveSignIn } from "../throttles/charge-sign-in.ts";
import { commandUser } from "../users/command-user.ts";
import { settled } from "../users/settled.ts";
import { userNow } from "../users/user-now.ts";

const Body = z.strictObject({
  current: GivenPassword.exactOptional(),
  password: ChosenPassword,
});
type PutPassword = Call<unknown, unknown, z.output<typeof Body>>;

export const putPassword = route({
  method: "PUT",
  path: "/v1/me/password",
  summary: "Replace one's password, or choose the first one; every other session ends",
  auth: "session",
  ownPersonOnly: true,
  handsOutSession: true,
  body: Body,
  responses: { 204: { description: "It counts from now on" } },
  problems: {
    403: ["invalid_credentials", "elevation_required"],
    409: ["no_password", "already_enrolled", "password_moved", "guest"],
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { userId, sessionId, user } = call.caller;
      if (user.guest && call.body.current === undefined) return yield* refuse(409, "guest");
      const change = yield* call.body.current === undefined
        ? first(call)
        : replacement(call, call.body.current);
      yield* refuseOwnAddress(call.body.password, change.email);
      const vault = yield* enclosePassword(userId, call.body.password);
      const { outcome, position } = yield* commandUser(call, {
        userId,
        command: { ...change.command, password: vault.reference, session: sessionId },
        along: (_events, { password }) => ({
          vault: { put: [vault.row], remove: password === undefined ? [] : [password.id] },
        }),
      });
      yield* settled(outcome);
      if (position !== undefined) yield* reachAll(["users"], position);
      yield* withdrawLinks(userId);
      const ending = { userId, reason: "password-replaced", except: sessionId } as const;
      yield* endSessionsOf(call, `user:${userId}`, ending);
      const cookies = yield* keepSession(call, "password-replaced");
      return { status: 204, position, cookies };
    }),
});

const replacement = (call: PutPassword, current: string) =>
  Effect.gen(function* () {
    const { userId } = call.caller;
    // Whoever found a session open must not find out the password with it.
    yield* chargeSignIn(call, `elevate ${userId}`);
    const { verified, state } = yield* verifyPassword(userId, current);
    const { email, password: proved } = state;
    if (proved === undefined) return yield* refuse(409, "no_password");
    if (!verified) return yield* refuse(403, "invalid_credentials");
    yield* forgiveSignIn(call, `elevate ${userId}`);
    return { email, command: { type: "ReplacePassword", proved } as const };
  });

const first = (call: PutPassword) =>
  Effect.gen(function* () {
    const { state } = yield* userNow(call.caller.userId);
    if (state.password !== undefined) {
      return yield* refuse(400, "invalid_field", { field: "current" });
    }
    yield* requireElevated(call);
    const accountId = crypto.randomUUID();
    return { email: state.email, command: { type: "EnrollPassword", accountId } as const };
  });
