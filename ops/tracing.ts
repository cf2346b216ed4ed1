import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Traced } from "../adapters/ports/traced.ts";
import type { Config } from "./config.ts";

/** Spans go where the configuration says; without an endpoint nothing of it is even loaded. */
export const tracing = ({ otelEndpoint }: Pick<Config, "otelEndpoint">): Layer.Layer<never> =>
  otelEndpoint === undefined
    ? Layer.empty
    : Layer.merge(
        Layer.succeed(Traced, true),
        Layer.unwrap(
          Effect.map(
            Effect.promise(() => import("./otlp-tracer.ts")),
            ({ layer }) => layer(otelEndpoint),
          ),
        ),
      );
