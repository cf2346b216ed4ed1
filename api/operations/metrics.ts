import { createHash, timingSafeEqual } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";
import * as Redacted from "effect/Redacted";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import type { Services } from "../http/services.ts";
import type { Settings } from "../http/settings.ts";
import { PROMETHEUS_TYPE, prometheusText } from "./prometheus-text.ts";
import { storeGauges } from "./store-gauges.ts";

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
      const series = [...Metric.snapshotUnsafe(context), ...(yield* storeGauges(settings))];
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
