import { createHash, timingSafeEqual } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Redacted from "effect/Redacted";
import { refuse } from "../http/problem.ts";
import type { Settings } from "../http/settings.ts";

/**
 * With `AUTHLEDGER_METRICS_TOKEN` who sends it as Bearer operates this server, nobody else. Without
 * one everybody does on localhost, and nobody on a public URL: there a request from loopback proves
 * nothing, since a proxy on the same machine stands in front of everybody.
 *
 * Errors: 401 unauthenticated, 403 metrics_closed.
 */
export const mayOperate = (
  { metricsToken, publicMode }: Pick<Settings, "metricsToken" | "publicMode">,
  authorization: string | null,
) => {
  if (metricsToken === undefined) {
    return publicMode ? refuse(403, "metrics_closed") : Effect.void;
  }
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  const fits = given !== undefined && sameText(given, Redacted.value(metricsToken));
  return fits ? Effect.void : refuse(401, "unauthenticated");
};

/** Compares digests: neither length nor first difference shows in the time it takes. */
function sameText(left: string, right: string): boolean {
  const digest = (value: string) => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(left), digest(right));
}
