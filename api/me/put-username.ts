import * as Effect from "effect/Effect";
import { z } from "zod";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { withdrawLinks } from "../mail/withdraw-links.ts";
import { requireElevated } from "../session/elevated.ts";
import { keepSession } from "../session/exchange-credential.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { usernameClaim } from "../sign-up/claims.ts";
import { normaliseUsername, Username } from "../sign-up/username.ts";
import { commandUser } from "../users/command-user.ts";
import { dataKeyOf } from "../users/data-key.ts";
import { settled } from "../users/settled.ts";
import { showUser } from "../users/show-user.ts";
import { userNow } from "../users/user-now.ts";
import { UserAnswer } from "../users/user-view.ts";

export const putUsername = route({
  method: "PUT",
  path: "/v1/me/username",
  summary: "Choose a name to sign in with; every other session ends",
  auth: "session",
  ownPersonOnly: true,
  handsOutSession: true,
  body: z.strictObject({ username: Username }),
  responses: { 200: { description: "The user as they are now", schema: UserAnswer } },
  problems: { 403: ["elevation_required"], 409: ["username_taken", "guest"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { userId, sessionId, user } = call.caller;
      const { username } = call.body;
      const normal = normaliseUsername(username);
      if (normal === undefined) return yield* refuse(400, "invalid_field", { field: "username" });
      if (user.guest) return yield* refuse(409, "guest");
      yield* requireElevated(call);
      if ((yield* usernameOf(userId)) === username) {
        return { status: 200, body: { user: yield* showUser(userId, undefined) } };
      }
      const claim = yield* usernameClaim(normal);
      const { key, create } = yield* dataKeyOf(userId);
      const { outcome, position } = yield* commandUser(call, {
        userId,
        command: {
          type: "ChooseUsername",
          username: key.seal("identity", "user.username", username),
          session: sessionId,
        },
        along: () => ({
          claims: {
            release: [{ kind: "username", owner: userId }],
            take: [{ ...claim, owner: userId }],
          },
          dataKeys: { create },
        }),
      }).pipe(Effect.catchTag("ClaimTaken", () => refuse(409, "username_taken")));
      yield* settled(outcome);
      if (position !== undefined) yield* reachAll(["users"], position);
      yield* withdrawLinks(userId);
      const ending = { userId, reason: "username-chosen", except: sessionId } as const;
      yield* endSessionsOf(call, `user:${userId}`, ending);
      const cookies = yield* keepSession(call, "username-chosen");
      const body = { user: yield* showUser(userId, position) };
      return { status: 200, body, position, cookies };
    }),
});

/** As it was typed; sealing the same text twice gives other bytes. */
const usernameOf = (userId: string) =>
  Effect.gen(function* () {
    const { username: sealed } = (yield* userNow(userId)).state;
    if (sealed === undefined) return undefined;
    const value = { ledger: "identity", field: "user.username", sealed } as const;
    const [username] = yield* (yield* Sealer).open([value]);
    return username;
  });
