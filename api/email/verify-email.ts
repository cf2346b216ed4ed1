import * as Effect from "effect/Effect";
import { z } from "zod";
import { type Issued, OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { OneTimeToken } from "../mail/one-time-token.ts";
import { stillTheirs, type Written, writtenTo } from "../mail/written-to.ts";
import { GivenPassword } from "../passwords/password.ts";
import { verifyPassword } from "../passwords/stored-password.ts";
import { sessionOf } from "../session/caller.ts";
import { chargeSignIn, forgiveSignIn } from "../throttles/charge-sign-in.ts";
import { userNow } from "../users/user-now.ts";
import { proveAddress } from "./prove-address.ts";
import { redeemChange } from "./redeem-change.ts";

/** What a link to an address may be: the proof of the present one, or of the one to be. */
const PURPOSES = ["verification", "email-change"] as const;

export const verifyEmail = publicRoute({
  method: "POST",
  path: "/v1/email/verify",
  summary: "Prove an address with the token of a mailed link, once",
  ownPersonOnly: true,
  body: z.strictObject({ token: OneTimeToken, password: GivenPassword.exactOptional() }),
  responses: {
    200: {
      description: "Proved; a password that was removed is chosen again by a reset",
      schema: z.strictObject({ passwordRemoved: z.boolean() }),
    },
  },
  problems: {
    403: [
      "invalid_token",
      "invalid_credentials",
      "blocked",
      "own_session_required",
      "elevation_required",
    ],
    409: ["email_taken"],
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { token } = call.body;
      const issued = yield* peek(token);
      const written = issued && (yield* writtenTo(issued));
      if (issued === undefined || written === undefined) {
        return yield* refuse(403, "invalid_token");
      }
      const { state, blocked } = yield* userNow(issued.subject);
      if (blocked) return yield* refuse(403, "blocked");
      if (issued.purpose === "email-change") {
        return yield* redeemChange(call, { issued, written, token });
      }
      const withPassword = yield* bringsPassword(call, issued.subject);
      const own = isOwn(call, issued.subject) ? call.caller?.sessionId : undefined;
      const email = yield* provable(written, state.email);
      yield* spent(token, issued);
      const { position, passwordRemoved } = yield* proveAddress(call, {
        userId: issued.subject,
        email,
        withPassword,
        session: own,
      });
      return { status: 200, body: { passwordRemoved }, position };
    }),
});

const peek = (token: string) =>
  Effect.gen(function* () {
    const tokens = yield* OneTimeTokens;
    for (const purpose of PURPOSES) {
      const issued = yield* tokens.peek(purpose, token);
      if (issued !== undefined) return issued;
    }
    return undefined;
  });

/** Of many at once, one gets on. */
const spent = (token: string, { purpose }: Issued) =>
  Effect.gen(function* () {
    const won = yield* (yield* OneTimeTokens).spend(purpose, token);
    if (won === undefined) return yield* refuse(403, "invalid_token");
  });

const provable = (written: Written, present: Parameters<typeof stillTheirs>[1]) =>
  Effect.flatMap(stillTheirs(written, present), (email) =>
    email === undefined ? refuse(403, "invalid_token") : Effect.succeed(email),
  );

type Verifying = RequestContext & { readonly body: { readonly password?: string } };

const isOwn = ({ caller }: RequestContext, userId: string) =>
  caller?.userId === userId && caller.impersonator === undefined;

/** Doors that only whoever chose the password came through. */
const BY_PASSWORD: ReadonlySet<string> = new Set(["password", "sign-up", "setup"]);

/**
 * Whether whoever brings the token also knows the password: they are in a session that it opened,
 * or bring it. A wrong one leaves the token as it is.
 */
const bringsPassword = (call: Verifying, userId: string) =>
  Effect.gen(function* () {
    const session = sessionOf(call.caller)?.session;
    const opened = session !== undefined && BY_PASSWORD.has(session.method);
    if (isOwn(call, userId) && (opened || session?.elevatedAt !== undefined)) return true;
    const { password } = call.body;
    if (password === undefined) return false;
    // Whoever has the link must not find out the password with it.
    yield* chargeSignIn(call, `elevate ${userId}`);
    const { verified } = yield* verifyPassword(userId, password);
    if (!verified) return yield* refuse(403, "invalid_credentials");
    yield* forgiveSignIn(call, `elevate ${userId}`);
    return true;
  });
