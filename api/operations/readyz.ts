import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { publicRoute } from "../http/route.ts";
import { health } from "./health.ts";
import { mayOperate } from "./may-operate.ts";

const Building = z.strictObject({ version: z.int(), position: z.int() });
const count = z.int().min(0);

const Readiness = z.strictObject({
  status: z.enum(["ready", "degraded"]),
  problems: z.array(z.strictObject({ where: z.string(), problem: z.string(), repair: z.string() })),
});

/** Figures that grow with what others do: who reads them sees whether an address has an account. */
const Figures = z.strictObject({
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
    failing: count,
    untriedSince: z.string().exactOptional(),
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
  responses: {
    200: {
      description: "Ready, maybe with problems; figures only for who may read /metrics",
      schema: Readiness.extend(Figures.partial().shape),
    },
  },
  handler: ({ settings, headers }) =>
    Effect.gen(function* () {
      const now = new Date(yield* Clock.currentTimeMillis);
      const { problems, ...figures } = yield* health(settings, now);
      const status = problems.length === 0 ? "ready" : "degraded";
      const operates = mayOperate(settings, headers.get("authorization"));
      const shown = yield* Effect.match(operates, {
        onSuccess: () => figures,
        onFailure: () => ({}),
      });
      return { status: 200, body: { status, problems, ...shown } };
    }),
});
