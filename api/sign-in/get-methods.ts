import * as Effect from "effect/Effect";
import { z } from "zod";
import { publicRoute } from "../http/route.ts";
import { mailIsOpen } from "../mail/mail-is-open.ts";

export const getMethods = publicRoute({
  method: "GET",
  path: "/v1/methods",
  summary: "Which doors are open here, and to whom",
  responses: {
    200: {
      description: "The same for everybody",
      schema: z.strictObject({
        password: z.boolean(),
        magicLink: z.boolean(),
        passwordReset: z.boolean(),
        guest: z.boolean(),
        signUp: z.enum(["open", "invited", "closed"]),
        verifyEmail: z.enum(["never", "before-tokens", "before-sign-in"]),
      }),
    },
  },
  handler: ({ settings }) => {
    const { signUp, verifyEmail } = settings;
    const mail = mailIsOpen(settings);
    const always = { password: true, guest: true };
    const body = { ...always, magicLink: mail, passwordReset: mail, signUp, verifyEmail };
    return Effect.succeed({ status: 200, body });
  },
});
