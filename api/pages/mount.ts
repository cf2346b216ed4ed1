import type { Context, Hono } from "hono";
import type { Kernel } from "../http/answer-request.ts";
import type { Env } from "../http/create-api.ts";
import { checkOrigin, type Origins } from "../http/origins.ts";
import { type ProblemFields, problemResponse } from "../http/problem.ts";
import type { Browser } from "./ask.ts";
import { createPages, isOfApi } from "./create-pages.ts";

type Asked = Context<Env>;

/** Says a problem: as a page to a person at a page's address, else as JSON. */
export type Say = (context: Asked, problem: ProblemFields) => Response | Promise<Response>;

/** Puts the pages behind the API's routes, unless they are turned off. */
export function mountPages(app: Hono<Env>, kernel: Kernel, origins: Origins): Say {
  const { settings } = kernel;
  if (settings.pages === undefined) {
    return (context, problem) => problemResponse(problem, context.get("requestId"));
  }
  const served = createPages(kernel, origins, settings.pages);
  const browserOf = (context: Asked): Browser => ({
    request: context.req.raw,
    requestId: context.get("requestId"),
    peer: context.env.peer,
    checkOrigin: (usesCookie) => checkOrigin(origins, context.req.raw, usesCookie),
  });
  const say: Say = (context, problem) =>
    isOfApi(context.req.path)
      ? problemResponse(problem, context.get("requestId"))
      : served.problem(browserOf(context), problem);
  for (const page of served.table) {
    const methods = page.forms === undefined ? ["GET"] : ["GET", "POST"];
    app.on(methods, page.path, (context) =>
      served.answer(page, browserOf(context), context.req.param()),
    );
    app.all(page.path, async (context) => {
      const response = await say(context, { status: 405, code: "method_not_allowed" });
      response.headers.set("allow", methods.join(", "));
      return response;
    });
  }
  app.get("/assets/:name", (context) => served.asset(context.req.path) ?? context.notFound());
  return say;
}
