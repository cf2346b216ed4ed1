import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { whole } from "../http/schemas.ts";
import { AUDITOR } from "../session/gate.ts";
import { EventView, viewEvents } from "./event-view.ts";
import { readUpToHead } from "./up-to-head.ts";

export const getEvent = route({
  method: "GET",
  path: "/v1/ledger/events/:position",
  summary: "The event at a position",
  auth: AUDITOR,
  params: z.strictObject({ position: whole(1) }),
  query: z.strictObject({ ledger: z.enum(["identity", "activity"]).exactOptional() }),
  responses: { 200: { description: "The event", schema: EventView } },
  handler: ({ params, query }) =>
    Effect.gen(function* () {
      const ledger = (yield* Ledgers)[query.ledger ?? "identity"];
      const from = params.position;
      const records = yield* readUpToHead(ledger, { from, limit: 1 });
      const [event] = yield* viewEvents(records.filter(({ position }) => position === from));
      return event === undefined ? yield* refuse(404, "not_found") : { status: 200, body: event };
    }),
});
