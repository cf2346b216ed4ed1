import type * as Context from "effect/Context";
import * as Metric from "effect/Metric";
import type { Method, Route } from "./route.ts";

/** Seconds, from a session read to the longest wait for a read model. */
const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MS_PER_SECOND = 1_000;

/** What a request is called that no route took: its path and method may be anything. */
const NO_ROUTE = { method: "none", route: "none" } as const;

type Labels = { readonly method: Method | "none"; readonly route: string };

/**
 * Counts requests in the registry of the context, by route pattern: never by a path's values, and
 * by status class, so that there are few series. A recording is two look-ups in maps.
 */
export type RequestMeter = {
  readonly began: () => void;
  /** Once for each `began`; `route` undefined when none took the request. */
  readonly answered: (route: Route | undefined, status: number, ms: number) => void;
  readonly refused: (route: Route, code: string) => void;
};

export function requestMeter(context: Context.Context<never>): RequestMeter {
  const inFlight = Metric.gauge("authledger_http_requests_in_flight", {
    description: "Requests that are being answered",
  });
  const durations = new Map<Route | undefined, Map<number, Metric.Histogram<number>>>();
  const problems = new Map<Route, Map<string, Metric.Counter<number>>>();
  return {
    began: () => inFlight.modifyUnsafe(1, context),
    answered: (route, status, ms) => {
      inFlight.modifyUnsafe(-1, context);
      const statusClass = Math.floor(status / 100);
      const duration = among(durations, route, statusClass, () =>
        Metric.histogram("authledger_http_request_duration_seconds", {
          description: "Requests by route pattern, and the time until their answer began",
          boundaries: SECONDS,
          attributes: { ...labelsOf(route), status: `${statusClass}xx` },
        }),
      );
      duration.updateUnsafe(ms / MS_PER_SECOND, context);
    },
    refused: (route, code) =>
      among(problems, route, code, () =>
        Metric.counter("authledger_http_problems_total", {
          description: "Refusals by the code that their answer names",
          attributes: { ...labelsOf(route), code },
        }),
      ).updateUnsafe(1, context),
  };
}

function labelsOf(route: Route | undefined): Labels {
  return route === undefined ? NO_ROUTE : { method: route.method, route: route.path };
}

function among<A, B, M>(kept: Map<A, Map<B, M>>, first: A, second: B, make: () => M): M {
  const inner = kept.get(first) ?? new Map<B, M>();
  if (inner.size === 0) kept.set(first, inner);
  const made = inner.get(second) ?? make();
  if (!inner.has(second)) inner.set(second, made);
  return made;
}
