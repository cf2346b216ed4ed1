import * as Effect from "effect/Effect";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { ADMIN } from "../session/gate.ts";
import { commandInvitation, hasCome } from "./command-invitation.ts";

export const withdrawInvitation = route({
  method: "DELETE",
  path: "/v1/invitations/:id",
  summary: "Take an invitation back; its link opens nothing from the answer on",
  auth: ADMIN,
  params: ById,
  responses: { 204: { description: "Withdrawn" } },
  problems: { 409: ["already_accepted"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const { outcome, position } = yield* commandInvitation(call, {
        id,
        actorId: call.caller.userId,
        command: { type: "WithdrawInvitation", came: yield* hasCome(id) },
      }).pipe(Effect.catchTag("OwnerDestroyed", () => refuse(409, "already_accepted")));
      switch (outcome) {
        case "withdrawn":
        case "lapsed":
          break;
        case "already_accepted":
          return yield* refuse(409, outcome);
        case "unknown_invitation":
          return yield* refuse(404, "not_found");
        case "issued":
        case "accepted":
        case "open":
        case "expired":
        case "unknown_role":
        case "already_issued":
          return yield* refuse(409, "conflict");
        default:
          return outcome satisfies never;
      }
      yield* (yield* OneTimeTokens).withdraw(id);
      if (position !== undefined) yield* reachAll(["invitations"], position);
      return { status: 204, position };
    }),
});
