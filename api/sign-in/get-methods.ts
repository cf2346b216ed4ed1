import * as Effect from "effect/Effect";
import { z } from "zod";
import { publicRoute } from "../http/route.ts";
import { mailIsOpen } from "../mail/mail-is-open.ts";
import { openProviders } from "../providers/command-provider.ts";

export const getMethods = publicRoute({
  method: "GET",
  path: "/v1/methods",
  summary: "Which doors are open here, and to whom",
  reads: ["providers"],
  responses: {
    200: {
      description: "The same for everybody",
      schema: z.strictObject({
        password: z.boolean(),
        magicLink: z.boolean(),
        passwordReset: z.boolean(),
        guest: z.boolean(),
        /** By id; `GET /v1/providers` has their names. */
        providers: z.array(z.string()),
        signUp: z.enum(["open", "invited", "closed"]),
        verifyEmail: z.enum(["never", "before-tokens", "before-sign-in"]),
      }),
    },
  },
  handler: ({ settings }) => {
    const { signUp, verifyEmail } = settings;
    const mail = mailIsOpen(settings);
    const always = { password: true, guest: true };
    return Effect.map(openProviders, (open) => {
      const providers = open.map(({ id }) => id);
      const doors = { ...always, magicLink: mail, passwordReset: mail, providers };
      return { status: 200, body: { ...doors, signUp, verifyEmail } };
    });
  },
});
