import * as Effect from "effect/Effect";
import { route } from "../http/route.ts";
import { PAGE_DEFAULT } from "../http/schemas.ts";
import { HistoryPage, HistoryQuery, historyOf } from "../ledger/history.ts";

export const myHistory = route({
  method: "GET",
  path: "/v1/me/history",
  summary: "Everything that made one who one is, newest first",
  auth: "session",
  ownPersonOnly: true,
  query: HistoryQuery,
  reads: ["users"],
  responses: { 200: { description: "A page of events", schema: HistoryPage } },
  handler: ({ caller, query }) => {
    const { limit = PAGE_DEFAULT, cursor } = query;
    return Effect.map(
      historyOf(caller.userId, { limit, before: cursor, names: false }),
      (body) => ({
        status: 200,
        body,
      }),
    );
  },
});
