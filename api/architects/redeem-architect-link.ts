import * as Effect from "effect/Effect";
import { z } from "zod";
import { architectsCodec } from "../../adapters/codec/architects.ts";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { transact } from "../../adapters/transact.ts";
import { architects } from "../../domain/architects/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { OneTimeToken } from "../mail/one-time-token.ts";
import { choosePassword } from "../passwords/choose-password.ts";
import { ChosenPassword } from "../passwords/password.ts";
import { endSessionsOf, startSession } from "../session/lifecycle.ts";
import { showUser } from "../users/show-user.ts";
import { ARCHITECTS } from "../users/standing.ts";
import { userNow } from "../users/user-now.ts";
import { UserAnswer } from "../users/user-view.ts";

/** The link was printed on the host: whoever holds it is trusted to be the person it names. */
export const redeemArchitectLink = publicRoute({
  method: "POST",
  path: "/v1/architects/redeem",
  summary: "Become an architect by the link that `appoint-architect` printed on the host, once",
  ownPersonOnly: true,
  body: z.strictObject({ token: OneTimeToken, password: ChosenPassword.exactOptional() }),
  responses: { 200: { description: "Appointed and signed in", schema: UserAnswer } },
  problems: { 403: ["invalid_token", "blocked"], 409: ["not_set_up"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { token, password } = call.body;
      const tokens = yield* OneTimeTokens;
      const userId = (yield* tokens.peek("appoint-architect", token))?.subject;
      if (userId === undefined) return yield* refuse(403, "invalid_token");
      const { state, blocked } = yield* userNow(userId);
      if (!state.exists || state.status === "erased" || state.guest) {
        return yield* refuse(403, "invalid_token");
      }
      if (blocked) return yield* refuse(403, "blocked");
      // Of many at once one gets on.
      if ((yield* tokens.spend("appoint-architect", token)) === undefined) {
        return yield* refuse(403, "invalid_token");
      }
      const chosen =
        password === undefined ? undefined : yield* choosePassword(call, { userId, password });
      // Whoever shut them out holds no other link any more, and no session that becomes an
      // architect's, with or without a new password.
      if (chosen !== undefined) yield* tokens.withdraw(userId);
      const reason = chosen === undefined ? "revoked" : "password-replaced";
      yield* endSessionsOf(call, `user:${userId}`, { userId, reason });
      const position = (yield* appointed(call, userId)) ?? chosen;
      const user = yield* showUser(userId, position);
      const cookies = yield* startSession(call, { userId, method: "magic-link" });
      return { status: 200, body: { user }, position, cookies };
    }),
});

/** By whoever operates the host, past every architect. */
const appointed = (call: RequestContext, userId: string) =>
  Effect.gen(function* () {
    const { outcome, position } = yield* transact({
      decider: architects,
      codec: architectsCodec,
      id: ARCHITECTS,
      requestId: `${call.commandId}/architects`,
      command: { type: "AppointByOperator", userId },
      meta: yield* metaOf(call, "operator:appoint-architect"),
    });
    if (outcome !== "appointed") return yield* refuse(409, "not_set_up");
    if (position !== undefined) yield* reachAll(["users"], position);
    return position;
  });
