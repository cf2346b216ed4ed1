import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Tracer from "effect/Tracer";
import { Traced } from "../../adapters/ports/traced.ts";
import type { Answer } from "./call.ts";
import { trustedProxies } from "./client-address.ts";
import { type Failure, problemOf } from "./failure.ts";
import type { Route } from "./route.ts";

/** Source: W3C Trace Context, 3.2: version, trace id, parent id, flags; `ff` is no version. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
const SAMPLED = 1;

type Traceable = {
  readonly requestId: string;
  readonly headers: Headers;
  /** Of the socket. */
  readonly remoteAddress: string | undefined;
};

export type RequestTracing = <R>(
  route: Route,
  request: Traceable,
  work: Effect.Effect<Answer, Failure, R>,
) => Effect.Effect<Answer, Failure, R>;

/**
 * A span a request, named by its route pattern; nothing of its path, query, headers or body.
 *
 * A trace that the caller names is gone on with where a trusted proxy sends it, sampled or not as
 * it says; anybody else's is a link: a stranger neither writes into our traces nor switches them
 * off.
 */
export function requestTracing(
  context: Context.Context<never>,
  trustProxy: ReadonlyArray<string>,
): RequestTracing {
  if (!Context.get(context, Traced)) return (_route, _request, work) => work;
  const trusts = trustedProxies(trustProxy);
  return (route, { requestId, headers, remoteAddress }, work) => {
    const caller = callerOf(headers.get("traceparent"));
    const parent = remoteAddress !== undefined && trusts(remoteAddress) ? caller : undefined;
    const linked = parent === undefined && caller !== undefined;
    const told = Effect.onExit(work, (exit) =>
      Effect.annotateCurrentSpan("http.response.status_code", statusOf(exit)),
    );
    return Effect.withSpan(told, `${route.method} ${route.path}`, {
      kind: "server",
      ...(parent === undefined ? { root: true } : { parent }),
      links: linked ? [{ span: caller, attributes: {} }] : [],
      attributes: {
        "http.request.method": route.method,
        "http.route": route.path,
        "authledger.correlation": requestId,
      },
    });
  };
}

function callerOf(traceparent: string | null): Tracer.ExternalSpan | undefined {
  const [, traceId, spanId, flags = "00"] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  const sampled = (Number.parseInt(flags, 16) & SAMPLED) !== 0;
  return Tracer.externalSpan({ traceId, spanId, sampled });
}

function statusOf(exit: Exit.Exit<Answer, Failure>): number {
  if (Exit.isSuccess(exit)) return exit.value.status;
  const failed = exit.cause.reasons.find((reason) => reason._tag === "Fail");
  return failed === undefined ? 500 : problemOf(failed.error).status;
}
