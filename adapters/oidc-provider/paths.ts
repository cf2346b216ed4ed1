import type { IncomingMessage, ServerResponse } from "node:http";

/** OpenID Connect and OAuth 2 as a listener of node:http, for the paths that it handles. */
export type OpenidProvider = {
  readonly handles: (path: string) => boolean;
  readonly listener: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;
};

const HANDLED = new Set([
  "/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
  "/device",
]);
/** The JWK Set is ours: it has keys that sign no more, and those that do not sign yet. */
const OURS = "/oauth2/jwks";
/** What clients are registered as is decided by our commands, and stands in the ledger. */
const REGISTRATION = "/oauth2/register";

/** Whether a path, without its query, is one of the protocol's. */
export function handles(path: string): boolean {
  if (HANDLED.has(path)) return true;
  if (path.startsWith("/device/")) return true;
  if (path === REGISTRATION || path.startsWith(`${REGISTRATION}/`)) return false;
  return path.startsWith("/oauth2/") && path !== OURS;
}
