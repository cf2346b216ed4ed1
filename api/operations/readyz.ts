import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { publicRoute } from "../http/route.ts";
import { health } from "./health.ts";

const Building = z.strictObject({ version: z.int(), position: z.int() });
const count = z.int().min(0);

const Readiness = z.strictObject({
  status: z.enum(["ready", "degraded"]),
  problems: z.array(z.strictObject({ where: z.string(), problem: z.string(), repair: z.string() })),
  ledgers: z.array(
    z.strictObject({ ledger: z.string(), position: count, blockedAt: z.int().exactOptional() }),
  ),
  models: z.array(
    z.strictObject({
      model: z.string(),
      version: z.int(),
      position: count,
      head: count,
      lag: count,
      parked: count,
      problem: z.string().exactOptional(),
      building: Building.exactOptional(),
    }),
  ),
  consumers: z.array(
    z.strictObject({
      name: z.string(),
      ledger: z.string(),
      position: count,
      head: count,
      lag: count,
      problem: z.string().exactOptional(),
      since: z.string().exactOptional(),
      tries: count.exactOptional(),
    }),
  ),
  mail: z.strictObject({
    mode: z.enum(["smtp", "mailbox", "closed"]),
    waiting: count,
    sent: count,
    failed: count,
    dropped: count,
    oldestDueAt: z.string().exactOptional(),
  }),
});

/**
 * 503 only where the store does not answer: then no request can be served. What is degraded hits
 * every process alike, and taking them all out of rotation would take what still works away too.
 */
export const readyz = publicRoute({
  method: "GET",
  path: "/readyz",
  summary: "The store is reachable; what lags, is parked, stands still or blocks appends",
  responses: { 200: { description: "Ready, maybe with problems", schema: Readiness } },
  handler: ({ settings }) =>
    Effect.gen(function* () {
      const now = new Date(yield* Clock.currentTimeMillis);
      const found = yield* health(settings, now);
      const status = found.problems.length === 0 ? "ready" : "degraded";
      return { status: 200, body: { status, ...found } };
    }),
});
