import * as Effect from "effect/Effect";
import { route, scopedRoute } from "../http/route.ts";
import { ById, pageOf } from "../http/schemas.ts";
import { opensPeople, USER_READER } from "../session/gate.ts";
import { userRow } from "../users/show-user.ts";
import { AccountView, accountsOf } from "./account-view.ts";

export const listMyAccounts = route({
  method: "GET",
  path: "/v1/me/accounts",
  summary: "How one signs in: a password, accounts at providers",
  auth: "session",
  reads: ["accounts"],
  responses: { 200: { description: "All of them", schema: pageOf(AccountView) } },
  handler: ({ caller }) =>
    Effect.map(accountsOf(caller.userId, { opens: true }), (items) => {
      return { status: 200, body: { items } };
    }),
});

export const listUserAccounts = scopedRoute({
  method: "GET",
  path: "/v1/users/:id/accounts",
  summary: "How somebody signs in: a password, accounts at providers",
  auth: USER_READER,
  scope: "users:read",
  params: ById,
  reads: ["users", "accounts"],
  responses: { 200: { description: "All of them", schema: pageOf(AccountView) } },
  handler: ({ params, caller }) =>
    Effect.gen(function* () {
      yield* userRow(params.id);
      const opens = opensPeople(caller);
      return { status: 200, body: { items: yield* accountsOf(params.id, { opens }) } };
    }),
});
