import { randomBytes } from "node:crypto";
import { isIPv6 } from "node:net";
import * as Effect from "effect/Effect";
import { DEVICE_KEPT_MS, KnownDevices } from "../../adapters/ports/known-devices.ts";
import type { RequestContext } from "../http/call.ts";
import { deviceCookie, readDeviceCookie } from "../http/cookies.ts";
import { deviceName } from "../mail/device-name.ts";

/** 128 random bits: two browsers never share one. */
const MARK_BYTES = 16;
const MARK = /^[A-Za-z0-9_-]{22}$/;
/** Of an address, what stays the same when a provider gives out another: groups of hex, octets. */
const V6_GROUPS = 3;
const V4_OCTETS = 3;

/**
 * Whether the person has signed in from here before, and the cookie by which it is known next time.
 * Without a cookie it is the kind of browser in the network it came from. The first device of an
 * account is no news, and a store that cannot say keeps nobody out: `device` is then absent.
 */
export const recogniseDevice = (context: RequestContext, userId: string) =>
  Effect.gen(function* () {
    const { settings, headers } = context;
    const presented = readDeviceCookie(settings, headers.get("cookie"));
    const own = presented !== undefined && MARK.test(presented) ? presented : undefined;
    const mark = own ?? randomBytes(MARK_BYTES).toString("base64url");
    const kind = kindOf(context);
    const marks = [`cookie:${mark}`, ...(kind === undefined ? [] : [`kind:${kind}`])];
    const found = yield* (yield* KnownDevices)
      .recognise(userId, marks)
      .pipe(Effect.catchTag("StoreUnavailable", () => Effect.succeed("first" as const)));
    const cookies = [deviceCookie(settings, mark, DEVICE_KEPT_MS / 1000)];
    return found === "first" ? { cookies } : { device: found, cookies };
  });

/** Browser, system and network; undefined when one of them is not known. */
function kindOf({ headers, address }: RequestContext): string | undefined {
  const name = deviceName(headers.get("user-agent") ?? undefined);
  return name === undefined || address === undefined ? undefined : `${name} ${networkOf(address)}`;
}

function networkOf(address: string): string {
  return isIPv6(address)
    ? address.split(":").slice(0, V6_GROUPS).join(":")
    : address.split(".").slice(0, V4_OCTETS).join(".");
}
