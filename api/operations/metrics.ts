import { createHash, timingSafeEqual } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import * as Redacted from "effect/Redacted";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import type { Services } from "../http/services.ts";
import type { Settings } from "../http/settings.ts";
import { gauge, PROMETHEUS_TYPE, prometheusText } from "./prometheus-text.ts";

/**
 * Everything that is counted, as Prometheus reads it.
 *
 * With `AUTHLEDGER_METRICS_TOKEN` who sends it as Bearer reads them, nobody else. Without one they
 * are open on localhost and closed on a public URL: there a request from loopback proves nothing,
 * since a proxy on the same machine stands in front of everybody.
 */
export const metrics = publicRoute({
  method: "GET",
  path: "/metrics",
  summary: "What is counted and measured, for Prometheus; on a public URL with the metrics token",
  responses: { 200: { description: "Prometheus text format", contentType: PROMETHEUS_TYPE } },
  problems: { 401: ["unauthenticated"], 403: ["metrics_closed"] },
  handler: ({ settings, headers }) =>
    Effect.gen(function* () {
      yield* mayRead(settings, headers.get("authorization"));
      const context = yield* Effect.context<Services>();
      const series = [...Metric.snapshotUnsafe(context), ...(yield* storeGauges)];
      const content = prometheusText(series);
      return { status: 200, text: { contentType: PROMETHEUS_TYPE, content } };
    }),
});

const mayRead = ({ metricsToken, publicMode }: Settings, authorization: string | null) => {
  if (metricsToken === undefined) {
    return publicMode ? refuse(403, "metrics_closed") : Effect.void;
  }
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  const fits = given !== undefined && sameText(given, Redacted.value(metricsToken));
  return fits ? Effect.void : refuse(401, "unauthenticated");
};

/** Compares digests: neither length nor first difference shows in the time it takes. */
function sameText(left: string, right: string): boolean {
  const digest = (value: string) => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(left), digest(right));
}

type Series = ReturnType<typeof gauge>;

/** Read now, from the store; where it is away, one gauge says so and the others are left out. */
const storeGauges: Effect.Effect<ReadonlyArray<Series>, never, Services> = Effect.gen(function* () {
  const { identity, activity } = yield* Ledgers;
  const heads = yield* Effect.all([identity.head, activity.head]);
  const models = yield* (yield* ReadModels).status;
  return [
    gauge("authledger_store_up", "Whether the store answers", 1),
    ...heads.map(({ position }, at) =>
      gauge("authledger_ledger_position", "Position of the newest event", position, {
        ledger: at === 0 ? "identity" : "activity",
      }),
    ),
    ...models.flatMap(({ model, head, position, parked, problem, building }) => {
      const labels = { model };
      return [
        gauge(
          "authledger_projection_lag_events",
          "Events that a read model has not folded yet",
          Math.max(0, head - position),
          labels,
        ),
        gauge(
          "authledger_projection_parked_keys",
          "Keys of a read model that cannot be known until the program is mended",
          parked,
          labels,
        ),
        gauge(
          "authledger_projection_stands_still",
          "Whether a read model cannot go on",
          problem === undefined ? 0 : 1,
          labels,
        ),
        gauge(
          "authledger_projection_rebuilding",
          "Whether a read model is built anew beside the one in use",
          building === undefined ? 0 : 1,
          labels,
        ),
      ];
    }),
  ];
}).pipe(
  Effect.catch(() =>
    Effect.succeed([gauge("authledger_store_up", "Whether the store answers", 0)]),
  ),
);
