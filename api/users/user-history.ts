import * as Effect from "effect/Effect";
import { route } from "../http/route.ts";
import { ById, PAGE_DEFAULT } from "../http/schemas.ts";
import { HistoryPage, HistoryQuery, historyOf } from "../ledger/history.ts";
import { AUDITOR, hasAnyRole } from "../session/gate.ts";
import { userRow } from "./show-user.ts";

export const userHistory = route({
  method: "GET",
  path: "/v1/users/:id/history",
  summary: "Everything that made somebody who they are, newest first",
  auth: AUDITOR,
  params: ById,
  query: HistoryQuery,
  reads: ["users"],
  responses: { 200: { description: "A page of events", schema: HistoryPage } },
  handler: ({ params, query, caller }) =>
    Effect.gen(function* () {
      yield* userRow(params.id);
      // Auditors see people sealed.
      const names = hasAnyRole(caller, ["architect"]);
      const { limit = PAGE_DEFAULT, cursor } = query;
      const body = yield* historyOf(params.id, { limit, before: cursor, names });
      return { status: 200, body };
    }),
});
