import { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";

/** Seconds a browser may remember a preflight answer: a day, what browsers cap it at or above. */
const PREFLIGHT_SECONDS = 86_400;

const METHODS = "GET, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS = "content-type, idempotency-key, ledger-at-least, last-event-id";
const EXPOSED_HEADERS = "ledger-position, request-id, retry-after";

/** Origins whose pages may act for the person who is signed in. */
export type Origins = ReadonlySet<string>;

export function originsOf(settings: Pick<Settings, "url" | "origins">): Origins {
  return new Set([new URL(settings.url).origin, ...settings.origins]);
}

/**
 * Refuses a state-changing request that a foreign page makes a browser send.
 *
 * A request with neither header is not from a browser of this decade; it carries no cookie that
 * somebody else could abuse.
 * Errors: throws `Problem` 403 origin_refused.
 */
export function checkOrigin(origins: Origins, request: Request, usesCookie: boolean): void {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  // Signing somebody in under a stranger's account needs no cookie: a foreign page may not either.
  const foreign = site === "cross-site" || (usesCookie && site === "same-site");
  const refused = origin === null ? foreign : !origins.has(origin);
  if (refused) throw new Problem({ status: 403, code: "origin_refused" });
}

/** CORS answer headers for a listed origin; none for another. */
export function corsHeaders(origins: Origins, request: Request): Readonly<Record<string, string>> {
  const origin = request.headers.get("origin");
  if (origin === null || !origins.has(origin)) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": EXPOSED_HEADERS,
  };
}

/** The answer to a browser's question before it sends; 403 for an origin that is not listed. */
export function preflight(origins: Origins, request: Request): Response | undefined {
  if (request.method !== "OPTIONS") return undefined;
  if (!request.headers.has("access-control-request-method")) return undefined;
  if (!origins.has(request.headers.get("origin") ?? "")) return undefined;
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": REQUEST_HEADERS,
      "access-control-max-age": String(PREFLIGHT_SECONDS),
    },
  });
}
