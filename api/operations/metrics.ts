import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import { publicRoute } from "../http/route.ts";
import type { Services } from "../http/services.ts";
import { mayOperate } from "./may-operate.ts";
import { PROMETHEUS_TYPE, prometheusText } from "./prometheus-text.ts";
import { storeGauges } from "./store-gauges.ts";

/** Everything that is counted, as Prometheus reads it; for who may operate this server. */
export const metrics = publicRoute({
  method: "GET",
  path: "/metrics",
  summary: "What is counted and measured, for Prometheus; on a public URL with the metrics token",
  responses: { 200: { description: "Prometheus text format", contentType: PROMETHEUS_TYPE } },
  problems: { 401: ["unauthenticated"], 403: ["metrics_closed"] },
  handler: ({ settings, headers }) =>
    Effect.gen(function* () {
      yield* mayOperate(settings, headers.get("authorization"));
      const context = yield* Effect.context<Services>();
      const series = [...Metric.snapshotUnsafe(context), ...(yield* storeGauges(settings))];
      const content = prometheusText(series);
      return { status: 200, text: { contentType: PROMETHEUS_TYPE, content } };
    }),
});
