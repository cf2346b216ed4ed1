import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { whole } from "../http/schemas.ts";
import { AUDITOR } from "../session/gate.ts";
import { EventView } from "./event-view.ts";
import { eventsFor } from "./events-for.ts";
import { readUpToHead } from "./up-to-head.ts";

export const getEvent = scopedRoute({
  method: "GET",
  path: "/v1/ledger/events/:position",
  summary: "The event at a position",
  auth: AUDITOR,
  scope: "ledger:read",
  params: z.strictObject({ position: whole(1) }),
  query: z.strictObject({ ledger: z.enum(["identity", "activity"]).exactOptional() }),
  responses: { 200: { description: "The event", schema: EventView } },
  handler: (call) =>
    Effect.gen(function* () {
      const { params, query } = call;
      const ledger = (yield* Ledgers)[query.ledger ?? "identity"];
      const from = params.position;
      const records = yield* readUpToHead(ledger, { from, limit: 1 });
      const [event] = yield* eventsFor(
        call,
        records.filter(({ position }) => position === from),
      );
      return event === undefined ? yield* refuse(404, "not_found") : { status: 200, body: event };
    }),
});
