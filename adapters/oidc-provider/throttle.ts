import type { KoaContextWithOIDC } from "oidc-provider";
import type { ClientRow } from "../../projections/clients.ts";
import type { OpenidHost } from "../ports/openid-host.ts";
import { errors } from "./engine.ts";
import { type Presence, presenceOf } from "./presence.ts";

/** What a stranger hears who is one too many. */
export const TOO_MANY = "too_many_requests";

/**
 * Counts a request of whom nobody answers for. A client that proves itself is not counted, nor is
 * a browser that only looks.
 *
 * Errors: `too_many_requests` with a status of 429 (RFC 6585, section 4) and `Retry-After`.
 */
export async function admitStranger(host: OpenidHost, ctx: KoaContextWithOIDC): Promise<void> {
  const presence = presenceOf(ctx);
  // The engine looks a client up more than once in a request.
  if (counted.has(presence)) return;
  counted.add(presence);
  const waitMs = await host.admit(presence.request);
  if (waitMs === undefined) return;
  ctx.set("retry-after", String(Math.max(1, Math.ceil(waitMs / 1000))));
  const error = new errors.CustomOIDCProviderError(TOO_MANY, "try again later");
  throw Object.assign(error, { status: 429, statusCode: 429, expose: true });
}

const counted = new WeakSet<Presence>();

/**
 * Whether the client that is looked up makes the request and does not prove to be who it says. Once
 * it is known who asks, only others are looked up: whom a token was issued to.
 */
export function isUnproved(
  { tokenEndpointAuthMethod }: ClientRow,
  ctx: KoaContextWithOIDC,
): boolean {
  const isAsking = ctx.method === "POST" && POSTED.has(ctx.oidc.route);
  return isAsking && ctx.oidc.client === undefined && tokenEndpointAuthMethod === "none";
}

const POSTED = new Set([
  "token",
  "device_authorization",
  "pushed_authorization_request",
  "introspection",
  "revocation",
]);
