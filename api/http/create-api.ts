import type * as Context from "effect/Context";
import { Hono } from "hono";
import { documents } from "../documents/documents.ts";
import { mountPages } from "../pages/mount.ts";
import { registrationRoutes } from "../registration/routes.ts";
import { routes } from "../routes.ts";
import { answerRequest, type Peer } from "./answer-request.ts";
import { guardsOf, kernelOf } from "./kernel.ts";
import { checkOrigin, corsHeaders, originsOf, preflight } from "./origins.ts";
import { type ProblemFields, problemResponse } from "./problem.ts";
import type { Route } from "./route.ts";
import type { Services } from "./services.ts";
import type { Settings } from "./settings.ts";

/** Answers one request; `peer` is what the listener knows about the socket. */
export type Api = (request: Request, peer?: Peer) => Promise<Response>;

export type Env = { Variables: { requestId: string; route?: Route }; Bindings: { peer: Peer } };

/** The whole HTTP API over some services, on any runtime that has `Request` and `Response`. */
export function createApi(services: Context.Context<Services>, settings: Settings): Api {
  const app = new Hono<Env>({ strict: true });
  const origins = originsOf(settings);
  const guards = guardsOf(settings);
  const kernel = kernelOf(services, settings);

  app.use(async (context, next) => {
    const { req } = context;
    const requestId = crypto.randomUUID();
    context.set("requestId", requestId);
    const begun = performance.now();
    kernel.meter.began();
    const early = preflight(origins, req.raw);
    if (early !== undefined) context.res = early;
    else await next();
    const { headers } = context.res;
    for (const [name, value] of guards) {
      if (!headers.has(name)) headers.set(name, value);
    }
    for (const [name, value] of Object.entries(corsHeaders(origins, req.raw))) {
      headers.set(name, value);
    }
    context.res.headers.append("vary", "Origin");
    context.res.headers.set("request-id", requestId);
    const route = context.get("route");
    const { status } = context.res;
    const durationMs = performance.now() - begun;
    kernel.meter.answered(route, status, durationMs);
    settings.access?.({ requestId, route: nameOf(route), status, durationMs });
  });

  const served = [...routes, ...registrationRoutes];
  for (const route of served) {
    app.on(route.method, route.path, (context) => {
      context.set("route", route);
      return answerRequest(kernel, route, {
        request: context.req.raw,
        params: context.req.param(),
        requestId: context.get("requestId"),
        peer: context.env.peer,
        checkOrigin: (usesCookie) => checkOrigin(origins, context.req.raw, usesCookie),
      });
    });
  }

  for (const { path, headers, content } of documents) {
    // Made when somebody reads it: most servers are never asked.
    let made: string | undefined;
    app.get(path, (context) => {
      made ??= content(routes, settings);
      return context.body(made, 200, headers);
    });
  }

  for (const [path, methods] of methodsByPath(served)) {
    app.all(path, (context) => {
      const response = refused(
        { status: 405, code: "method_not_allowed" },
        context.get("requestId"),
      );
      response.headers.set("allow", methods.join(", "));
      return response;
    });
  }
  const say = mountPages(app, kernel, origins);
  app.notFound((context) => say(context, { status: 404, code: "not_found" }));
  app.onError((error, context) => {
    const requestId = context.get("requestId");
    settings.log({ level: "error", message: "Cannot answer", requestId, error: error.name });
    return say(context, { status: 500, code: "internal" });
  });

  return async (request, peer = {}) => app.fetch(request, { peer });
}

/** What a log calls the request; a path that no route knows may be anything. */
function nameOf(route: Route | undefined): string {
  return route === undefined ? "none" : `${route.method} ${route.path}`;
}

function refused(problem: ProblemFields, requestId: string): Response {
  return problemResponse(problem, requestId);
}

function methodsByPath(table: ReadonlyArray<Route>): ReadonlyMap<string, ReadonlyArray<string>> {
  const read = documents.map(({ path }) => [path, ["GET"]] as const);
  const methods = new Map<string, ReadonlyArray<string>>(read);
  for (const { path, method } of table) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}
