import * as Effect from "effect/Effect";
import type { Call } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { ById } from "../http/schemas.ts";
import { requestMail } from "../mail/request-mail.ts";
import { addressOf } from "../mail/written-to.ts";
import { ADMIN } from "../session/gate.ts";
import { chargeMail } from "../throttles/charge-mail.ts";
import { administration } from "./standing.ts";
import { userNow } from "./user-now.ts";

export const passwordMail = scopedRoute({
  method: "POST",
  path: "/v1/users/:id/password-mail",
  summary: "Send somebody a link by which they set a password; nobody chooses it for them",
  auth: ADMIN,
  scope: "users:write",
  ownPersonOnly: true,
  params: ById,
  responses: { 202: { description: "Asked for; it goes out behind the answer" } },
  problems: { 409: ["erased", "guest", "mail_closed", "no_email"] },
  handler: (call) => Effect.as(sendPasswordMail(call, call.params.id), { status: 202 }),
});

/** Asks for a set-password mail to the address that one person has. */
export const sendPasswordMail = (call: Call<unknown, unknown, unknown>, userId: string) =>
  Effect.gen(function* () {
    const { state } = yield* userNow(userId);
    if (!state.exists) return yield* refuse(404, "not_found");
    if (state.status === "erased") return yield* refuse(409, "erased");
    if (state.guest) return yield* refuse(409, "guest");
    const { by, target } = yield* administration(call.caller, userId);
    if (target.architect && by.rank !== "architect") {
      return yield* refuse(403, "forbidden", { requires: "architect" });
    }
    const address = yield* addressOf(state);
    if (address === undefined) return yield* refuse(409, "no_email");
    yield* chargeMail(call, address);
    yield* requestMail(call, { purpose: "set-password", userId });
  });
