import * as Effect from "effect/Effect";
import { z } from "zod";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { text } from "../http/schemas.ts";
import { ChosenPassword } from "../passwords/password.ts";
import { startSession } from "../session/lifecycle.ts";
import { showUser } from "../users/show-user.ts";
import { UserView } from "../users/user-view.ts";
import { emailOwner } from "./claims.ts";
import { EmailAddress } from "./email-address.ts";
import { enroll } from "./enroll.ts";

export const NAME_MAX = 200;

export const signUp = publicRoute({
  method: "POST",
  path: "/v1/sign-up",
  summary: "Make an account and sign in; a guest keeps their identity",
  ownPersonOnly: true,
  body: z.strictObject({
    email: EmailAddress,
    password: ChosenPassword,
    name: text(NAME_MAX).exactOptional(),
  }),
  responses: {
    201: {
      description: "Signed up and signed in",
      schema: z.strictObject({ user: UserView, position: z.int() }),
    },
  },
  problems: { 403: ["signup_closed"], 409: ["email_taken"] },
  handler: (call) =>
    Effect.gen(function* () {
      if (call.settings.signUp !== "open") return yield* refuse(403, "signup_closed");
      // Before the hash, which costs: a taken address is no secret here.
      if ((yield* emailOwner(call.body.email)) !== undefined) {
        return yield* refuse(409, "email_taken");
      }
      const { userId, position } = yield* enroll(call, call.body);
      const cookies = yield* startSession(call, { userId, method: "sign-up" });
      const user = yield* showUser(userId, position);
      return { status: 201, body: { user, position }, position, cookies };
    }),
});
