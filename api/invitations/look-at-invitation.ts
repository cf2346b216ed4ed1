import * as Effect from "effect/Effect";
import { z } from "zod";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { OneTimeToken } from "../mail/one-time-token.ts";
import { writtenTo } from "../mail/written-to.ts";
import { invitationNow } from "./command-invitation.ts";

/** Tells whoever holds the link what it was sent for; a POST, so that no address is in a URL. */
export const lookAtInvitation = publicRoute({
  method: "POST",
  path: "/v1/invitations/look",
  summary: "Whom an invitation is for, by the token of its link; nothing is redeemed",
  body: z.strictObject({ token: OneTimeToken }),
  responses: {
    200: {
      description: "It is open",
      schema: z.strictObject({ email: z.string(), expiresAt: z.iso.datetime() }),
    },
  },
  problems: { 403: ["invalid_invitation"] },
  handler: ({ body }) =>
    Effect.gen(function* () {
      const issued = yield* (yield* OneTimeTokens).peek("invitation", body.token);
      const written = issued && (yield* writtenTo(issued));
      const email = written?.email;
      if (issued === undefined || email === undefined) {
        return yield* refuse(403, "invalid_invitation");
      }
      const { status } = yield* invitationNow(issued.subject);
      if (status !== "open") return yield* refuse(403, "invalid_invitation");
      return { status: 200, body: { email, expiresAt: issued.expiresAt } };
    }),
});
