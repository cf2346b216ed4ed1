import type * as Context from "effect/Context";
import type { Kernel } from "./answer-request.ts";
import { clientAddress } from "./client-address.ts";
import { outage } from "./outage.ts";
import { requestMeter } from "./request-meter.ts";
import { requestTracing } from "./request-tracing.ts";
import type { Services } from "./services.ts";
import type { Settings } from "./settings.ts";

/** What everything that answers requests shares. */
export function kernelOf(services: Context.Context<Services>, settings: Settings): Kernel {
  return {
    services,
    settings,
    addressOf: clientAddress(settings.trustProxy),
    outage: outage(settings.log),
    meter: requestMeter(services),
    tracing: requestTracing(services, settings.trustProxy),
  };
}

/** On every answer that does not say otherwise; `no-store`, for an answer is about somebody. */
export function guardsOf({
  publicMode,
}: Pick<Settings, "publicMode">): ReadonlyArray<readonly [string, string]> {
  return [
    ["cache-control", "no-store"],
    ["content-security-policy", "default-src 'none'; frame-ancestors 'none'"],
    ["referrer-policy", "no-referrer"],
    ["x-content-type-options", "nosniff"],
    ...(publicMode ? [["strict-transport-security", TRANSPORT_SECURITY] as const] : []),
  ];
}

/** RFC 6797: a browser that came once over HTTPS comes so for a year. Of this host alone. */
const TRANSPORT_SECURITY = "max-age=31536000";
