import * as Effect from "effect/Effect";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { mailIsOpen } from "../mail/mail-is-open.ts";
import { keepSession } from "../session/exchange-credential.ts";
import { endSessionsOf } from "../session/lifecycle.ts";
import { commandUser } from "../users/command-user.ts";
import { settled } from "../users/settled.ts";
import { userNow } from "../users/user-now.ts";
import { openProviders } from "./command-provider.ts";
import { claimsOfAccounts, openedAccounts } from "./linked-accounts.ts";

export const unlinkAccount = route({
  method: "DELETE",
  path: "/v1/me/accounts/:id",
  summary: "Unlink an account at a provider; other sessions end, and one way in has to remain",
  auth: "session",
  ownPersonOnly: true,
  stepUp: true,
  handsOutSession: true,
  params: ById,
  responses: { 204: { description: "Unlinked" } },
  problems: { 409: ["last_way_in"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { caller, params, settings } = call;
      const { userId, sessionId } = caller;
      const { state } = yield* userNow(userId);
      const accounts = yield* openedAccounts(state);
      if (!accounts.some(({ accountId }) => accountId === params.id)) {
        return yield* refuse(404, "not_found");
      }
      const others = accounts.filter(({ accountId }) => accountId !== params.id);
      const open = yield* openProviders;
      const take = yield* claimsOfAccounts(userId, others);
      const { outcome, position } = yield* commandUser(call, {
        userId,
        command: {
          type: "UnlinkProvider",
          accountId: params.id,
          doors: { mail: mailIsOpen(settings), providers: open.map(({ id }) => id) },
          seen: accounts.map(({ accountId }) => accountId),
          session: sessionId,
        },
        // A release is of all that somebody holds of a kind; the others are theirs again at once.
        along: () => ({
          claims: { release: [{ kind: "provider", owner: userId }], take },
        }),
      });
      yield* settled(outcome);
      if (position !== undefined) yield* reachAll(["accounts"], position);
      const ending = { userId, reason: "provider-unlinked", except: sessionId } as const;
      yield* endSessionsOf(call, `user:${userId}`, ending);
      return { status: 204, position, cookies: yield* keepSession(call, "provider-unlinked") };
    }),
});
