import * as Effect from "effect/Effect";
import { z } from "zod";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { text } from "../http/schemas.ts";
import { comeInvited } from "../invitations/come-invited.ts";
import { OneTimeToken } from "../mail/one-time-token.ts";
import { ChosenPassword } from "../passwords/password.ts";
import { startSession } from "../session/lifecycle.ts";
import { showUser } from "../users/show-user.ts";
import { UserView } from "../users/user-view.ts";
import { emailOwner } from "./claims.ts";
import { EmailAddress } from "./email-address.ts";
import { type Enrolment, enroll } from "./enroll.ts";
import { signUpUnseen } from "./sign-up-unseen.ts";

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
    invitation: OneTimeToken.exactOptional(),
  }),
  responses: {
    201: {
      description: "Signed up and signed in",
      schema: z.strictObject({ user: UserView, position: z.int() }),
    },
    202: { description: "A mail says how to go on, where addresses are proved before sign-in" },
  },
  problems: {
    403: ["signup_closed", "invalid_invitation"],
    409: ["email_taken", "mail_closed"],
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { invitation, ...person } = call.body;
      const { signUp: mode, verifyEmail } = call.settings;
      const invited = invitation !== undefined && mode !== "closed";
      if (mode !== "open" && !invited) return yield* refuse(403, "signup_closed");
      if (!invited && verifyEmail === "before-sign-in") return yield* signUpUnseen(call, person);
      const { userId, position } = yield* invited
        ? comeInvited(call, { ...person, token: invitation })
        : enrollFree(call, person);
      const cookies = yield* startSession(call, { userId, method: "sign-up" });
      const user = yield* showUser(userId, position);
      return { status: 201, body: { user, position }, position, cookies };
    }),
});

const enrollFree = (context: RequestContext, person: Enrolment & { readonly email: string }) =>
  Effect.gen(function* () {
    // Before the hash, which costs: a taken address is no secret here.
    if ((yield* emailOwner(person.email)) !== undefined) return yield* refuse(409, "email_taken");
    return yield* enroll(context, person);
  });
