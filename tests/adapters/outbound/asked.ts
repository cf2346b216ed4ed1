import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Metric from "effect/Metric";
import { expect } from "vitest";
import { layer, type OutboundOptions } from "../../../adapters/outbound/outbound.ts";
import { Outbound, type OutboundInit } from "../../../adapters/ports/outbound.ts";
import { metricRegistry } from "../../../ops/metric-registry.ts";

export type How = OutboundInit & Partial<OutboundOptions>;

/** What an exchange came to, and what the metrics say of it. */
export async function asked(url: string, { allow = [], ca, resolve, ...init }: How = {}) {
  const options = { allow, ...(ca && { ca }), ...(resolve && { resolve }) };
  const work = Effect.gen(function* () {
    const { fetch } = yield* Outbound;
    const outcome = yield* Effect.promise(async () => {
      try {
        const response = await fetch(url, init);
        const { status, headers } = response;
        return { status, headers, text: await response.text() };
      } catch (error) {
        return error as { readonly _tag: string; readonly refusal: string };
      }
    });
    const counts = (yield* Metric.snapshot)
      .filter(({ id }) => id === "authledger_outbound_refusals_total")
      .map(({ attributes, state }) => [
        attributes?.["reason"],
        (state as { readonly count: number }).count,
      ]);
    return { outcome, counts };
  });
  const whole = layer(options).pipe(Layer.provideMerge(Layer.fresh(metricRegistry)));
  return Effect.runPromise(Effect.provide(work, whole));
}

export async function refusalOf(url: string, how: How = {}): Promise<string | undefined> {
  const { outcome, counts } = await asked(url, how);
  if (!("refusal" in outcome)) return undefined;
  expect(outcome).toMatchObject({ _tag: "OutboundError" });
  expect(counts).toEqual([[outcome.refusal, 1]]);
  return outcome.refusal;
}
