import * as Cause from "effect/Cause";
import * as ConfigProvider from "effect/ConfigProvider";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as FetchHttpClient from "effect/http/FetchHttpClient";
import * as Layer from "effect/Layer";
import * as OtlpExporter from "effect/observability/OtlpExporter";
import * as OtlpSerialization from "effect/observability/OtlpSerialization";
import * as OtlpTracer from "effect/observability/OtlpTracer";
import * as Tracer from "effect/Tracer";
import { packageVersion } from "./package-version.ts";

/** Source: OpenTelemetry protocol exporter, "Endpoint URLs for OTLP/HTTP". */
const TRACES_PATH = "/v1/traces";
/** A failure that the client is told about as its own is no error of this server. */
const SERVER_ERROR = 500;

/**
 * Sends the spans of this process by OTLP over HTTP, as JSON, every 5 s and at the end.
 *
 * Of a failure only the name goes out: messages and causes may quote what somebody sent.
 */
export const layer = (endpoint: string): Layer.Layer<never> =>
  Layer.effect(
    Tracer.Tracer,
    Effect.map(
      OtlpTracer.make({
        url: `${endpoint.replace(/\/+$/, "")}${TRACES_PATH}`,
        resource: { serviceName: "authledger", serviceVersion: packageVersion() },
      }),
      withoutTexts,
    ),
  ).pipe(
    Layer.provide(OtlpExporter.layerFlusher),
    Layer.provide(OtlpSerialization.layerJson),
    Layer.provide(FetchHttpClient.layer),
    // The environment is read once, by our own configuration.
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({}))),
  );

function withoutTexts(tracer: Tracer.Tracer): Tracer.Tracer {
  return {
    ...tracer,
    span: (options) => {
      const span = tracer.span(options);
      const end = span.end.bind(span);
      span.end = (time, exit) => end(time, nameOnly(exit));
      return span;
    },
  };
}

class Named extends Error {
  override readonly name: string;
  override readonly stack = "";
  constructor(name: string) {
    super(name);
    this.name = name;
  }
}

function nameOnly(exit: Exit.Exit<unknown, unknown>): Exit.Exit<unknown, unknown> {
  if (Exit.isSuccess(exit)) return Exit.void;
  if (Cause.hasInterruptsOnly(exit.cause)) return Exit.interrupt();
  const error = Cause.squash(exit.cause);
  if (typeof error !== "object" || error === null) return Exit.fail(new Named("unknown"));
  if ("status" in error && typeof error.status === "number" && error.status < SERVER_ERROR) {
    return Exit.void;
  }
  const name =
    "_tag" in error ? String(error._tag) : error instanceof Error ? error.name : "unknown";
  return Exit.fail(new Named(name));
}
