import * as Cause from "effect/Cause";
import type * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Option from "effect/Option";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { parseForm } from "../pages/form-body.ts";
import { authenticate } from "../session/authenticate.ts";
import { authenticateToken, bringsToken } from "../session/authenticate-token.ts";
import { type Caller, sessionOf } from "../session/caller.ts";
import { requireElevated } from "../session/elevated.ts";
import { passGate } from "../session/gate.ts";
import { isSlideDue, slide } from "../session/slide.ts";
import { parseBody, readBytes } from "./body.ts";
import type { Answer, RequestContext } from "./call.ts";
import { readPresented } from "./cookies.ts";
import { type Failure, problemOf } from "./failure.ts";
import { answerOnce, scopeOf } from "./idempotency.ts";
import { queryOf, repeatedIn } from "./input.ts";
import { oauthErrorResponse } from "./oauth-error.ts";
import type { Outage } from "./outage.ts";
import { parseAsOf, parsePosition, reachAll } from "./positions.ts";
import { Problem, problemResponse, refuse } from "./problem.ts";
import type { RequestMeter } from "./request-meter.ts";
import type { RequestTracing } from "./request-tracing.ts";
import { asProblem, type RawInput, type Route } from "./route.ts";
import type { Services } from "./services.ts";
import type { Settings } from "./settings.ts";
import { chargeRequest } from "./throttle.ts";

/** What the listener knows of the connection. */
export type Peer = {
  /** Of the socket: a proxy's, where one stands before us. */
  readonly remoteAddress?: string | undefined;
  /** Aborts when the server stops: an answer without an end ends then. */
  readonly stopping?: AbortSignal;
};

export type Kernel = {
  readonly services: Context.Context<Services>;
  readonly settings: Settings;
  readonly addressOf: (socket: string | undefined, forwarded: string | null) => string | undefined;
  readonly outage: Outage;
  readonly meter: RequestMeter;
  readonly tracing: RequestTracing;
};

export type Incoming = {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly peer: Peer;
  readonly checkOrigin: (usesCookie: boolean) => void;
};

/** Runs one route for one request; whatever happens, there is an answer. */
export async function answerRequest(
  kernel: Kernel,
  route: Route,
  incoming: Incoming,
): Promise<Response> {
  const { request, requestId } = incoming;
  const { remoteAddress } = incoming.peer;
  const traceable = { requestId, headers: request.headers, remoteAddress };
  const effect = kernel.tracing(route, traceable, answered(kernel, route, incoming));
  // A reader that went away stops the work; a write is finished once it has begun.
  const options = !route.writes ? { signal: request.signal } : {};
  const exit = await Effect.runPromiseExitWith(kernel.services)(effect, options);
  if (Exit.isSuccess(exit)) {
    if (route.writes) kernel.outage.wrote();
    return responseOf(exit.value, request.method);
  }
  const failure = Option.getOrUndefined(Cause.findErrorOption(exit.cause));
  if (failure !== undefined) kernel.outage.failed(failure);
  const problem =
    failure === undefined ? new Problem({ status: 500, code: "internal" }) : problemOf(failure);
  kernel.meter.refused(route, problem.code);
  if (problem.status === 500 && !request.signal.aborted) {
    // The message of a defect may quote input, so only its kind and place are logged.
    const defect: unknown = Cause.squash(exit.cause);
    const error = defect instanceof Error ? defect.name : typeof defect;
    const place = defect instanceof Error ? placeOf(defect) : undefined;
    const where = `${route.method} ${route.path}`;
    kernel.settings.log({
      level: "error",
      message: "Cannot answer",
      requestId,
      route: where,
      error: failure?._tag ?? error,
      ...(place === undefined ? {} : { place }),
    });
  }
  if (route.oauth === true) return oauthErrorResponse(problem);
  const response = problemResponse(problem, requestId);
  if (bringsToken(request.headers)) challenge(response, problem);
  return response;
}

/** Tells a program what its token lacks. Source: RFC 6750, section 3; RFC 9449, section 7.1. */
function challenge(response: Response, { status, code, requires }: Problem): void {
  if (status === 401) {
    response.headers.set("www-authenticate", 'Bearer realm="authledger", error="invalid_token"');
  } else if (code === "insufficient_scope") {
    const which = requires === "any" ? "" : `, scope="${requires}"`;
    const error = `Bearer realm="authledger", error="insufficient_scope"${which}`;
    response.headers.set("www-authenticate", error);
  }
}

const answered = (
  { settings, addressOf }: Kernel,
  route: Route,
  { request, params, requestId, peer, checkOrigin }: Incoming,
): Effect.Effect<Answer, Failure, Services> =>
  Effect.gen(function* () {
    const { headers } = request;
    const cookies = headers.get("cookie");
    const presented = readPresented(settings, cookies, route.takesVerifyCookie === true);
    if (route.method !== "GET" && route.protocol !== true) {
      yield* attempt(() => checkOrigin(cookies !== null));
    }
    const byToken = route.scope !== undefined && bringsToken(headers);
    const { pathname: path } = new URL(request.url);
    const caller: Caller | undefined = byToken
      ? yield* authenticateToken(settings, { method: request.method, path, headers })
      : yield* authenticate(presented);
    const address = addressOf(peer.remoteAddress, headers.get("x-forwarded-for"));
    yield* chargeRequest(route, { caller, address });
    if (route.auth !== "public") yield* passGate({ ...route, auth: route.auth }, caller);
    if (route.ownPersonOnly === true && caller?.impersonator !== undefined) {
      return yield* refuse(403, "impersonating");
    }
    if (route.stepUp === true && caller !== undefined) yield* requireElevated({ caller });
    const url = new URL(request.url);
    const { asOf, atLeast, query } = yield* attempt(() => readStance(route, url, headers));
    const bytes = route.method === "GET" ? NO_BYTES : yield* body(request, settings.bodyBytesMax);
    const contentType = headers.get("content-type");
    const input: RawInput = {
      params,
      query,
      body: yield* attempt(() =>
        route.method === "GET" ? undefined : parsed(route, bytes, contentType),
      ),
    };
    if (atLeast !== undefined) yield* reachAll(route.reads ?? [], atLeast);
    const context: RequestContext = {
      settings,
      requestId,
      commandId: requestId,
      caller,
      address,
      headers,
      asOf,
      atLeast,
      presented,
      stopping: peer.stopping,
    };
    const own = sessionOf(caller);
    const due = own !== undefined && presented !== undefined && isSlideDue(own);
    const slid = due ? yield* slide(settings, own, presented) : undefined;
    const key = headers.get("idempotency-key");
    if (!route.idempotent || key === null || caller === undefined) {
      return withCookies(yield* withPosition(route, route.answer(context, input)), slid);
    }
    const target = `${request.method} ${url.pathname}${url.search}`;
    const scope = yield* scopeOf({ key, callerId: caller.userId, target });
    const run = route.answer({ ...context, commandId: scope }, input);
    return withCookies(yield* answerOnce(scope, bytes, withPosition(route, run)), slid);
  });

/** An answer that sets cookies of its own knows better. */
const withCookies = (answer: Answer, slid: ReadonlyArray<string> | undefined): Answer =>
  slid === undefined || answer.cookies !== undefined ? answer : { ...answer, cookies: slid };

/** Takes what says at which position to read off the query, for routes that have it. */
function readStance(route: Route, url: URL, headers: Headers) {
  const { as_of, at_least, ...rest } = queryOf(url, route.repeats);
  const reads = !route.writes && route.reads !== undefined;
  const least = reads ? (at_least ?? headers.get("ledger-at-least") ?? undefined) : undefined;
  const atLeast = least === undefined ? undefined : parsePosition(least);
  if (least !== undefined && atLeast === undefined) {
    throw new Problem({ status: 400, code: "invalid_field", field: "at_least" });
  }
  return {
    atLeast,
    asOf: route.asOf === true && as_of !== undefined ? parseAsOf(as_of) : undefined,
    query: {
      ...rest,
      ...repeatedIn(url, route.repeats ?? []),
      ...(route.asOf !== true && as_of !== undefined ? { as_of } : {}),
      ...(!reads && at_least !== undefined ? { at_least } : {}),
    },
  };
}

/** A write that touched only activity answers identity's head. */
const withPosition = (route: Route, run: Effect.Effect<Answer, Failure, Services>) =>
  Effect.flatMap(run, (answer) =>
    !route.writes || answer.position !== undefined
      ? Effect.succeed(answer)
      : Effect.gen(function* () {
          const { position } = yield* (yield* Ledgers).identity.head;
          return { ...answer, position };
        }),
  );

/** A GET has no body to us: asking for one would make the whole Request of what is lazy. */
const NO_BYTES = new Uint8Array();

const parsed = ({ protocol }: Route, bytes: Uint8Array, contentType: string | null) =>
  protocol === true ? parseForm(bytes, contentType) : parseBody(bytes, contentType);

const attempt = <A>(parse: () => A) => Effect.try({ try: parse, catch: asProblem });

const body = (request: Request, bytesMax: number) =>
  Effect.tryPromise({
    try: () => readBytes(request, bytesMax),
    // A body that breaks off is the client's doing.
    catch: (thrown) =>
      thrown instanceof Problem ? thrown : new Problem({ status: 400, code: "malformed_json" }),
  });

function responseOf(answer: Answer, method: string): Response {
  const { status, body, html, text, redirect, position, cookies = [], events } = answer;
  const headers = new Headers();
  if (position !== undefined) headers.set("ledger-position", String(position));
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name, value);
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  const stream = events ?? answer.document;
  if (stream !== undefined) {
    headers.set("content-type", events === undefined ? "application/json" : "text/event-stream");
    // Nobody reads what answers HEAD, so nobody else would end it.
    if (method === "HEAD") {
      void stream.cancel();
      return new Response(null, { status, headers });
    }
    return new Response(stream, { status, headers });
  }
  if (redirect !== undefined) headers.set("location", redirect);
  if (html !== undefined) {
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(html, { status, headers });
  }
  if (text !== undefined) {
    headers.set("content-type", text.contentType);
    return new Response(text.content, { status, headers });
  }
  if (body === undefined) return new Response(null, { status, headers });
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(body), { status, headers });
}

/** Where it was thrown, or asserted: a file and a line, nothing that a request contained. */
function placeOf(error: Error): string | undefined {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const frame = frames.find((line) => !line.includes("/domain/invariant."));
  return frame?.match(/[^\s(/]+\/[^\s(/]+:\d+:\d+(?=\)?$)/)?.[0];
}
