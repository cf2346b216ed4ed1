import { randomBytes } from "node:crypto";
import * as Effect from "effect/Effect";
import { DEVICE_KEPT_MS, KnownDevices } from "../../adapters/ports/known-devices.ts";
import type { RequestContext } from "../http/call.ts";
import { deviceCookie, readDeviceCookie } from "../http/cookies.ts";
import { deviceName } from "../mail/device-name.ts";
import { neighbourhoodOf } from "../throttles/network-of.ts";

/** 128 random bits: two browsers never share one. */
const MARK_BYTES = 16;
const MARK = /^[A-Za-z0-9_-]{22}$/;

/**
 * Whether the person has signed in from here before, and the cookie by which it is known next time.
 * Without a cookie it is the kind of browser in the network it came from. The first device of an
 * account is no news, and a store that cannot say keeps nobody out: `device` is then absent. It is
 * known from `remember` on.
 */
export const recogniseDevice = (context: RequestContext, userId: string) =>
  Effect.gen(function* () {
    const { settings, headers } = context;
    const presented = readDeviceCookie(settings, headers.get("cookie"));
    const own = presented !== undefined && MARK.test(presented) ? presented : undefined;
    const mark = own ?? randomBytes(MARK_BYTES).toString("base64url");
    const kind = kindOf(context);
    const marks = [`cookie:${mark}`, ...(kind === undefined ? [] : [`kind:${kind}`])];
    const devices = yield* KnownDevices;
    const found = yield* devices
      .recognise(userId, marks)
      .pipe(Effect.catchTag("StoreUnavailable", () => Effect.succeed("first" as const)));
    const cookies = [deviceCookie(settings, mark, DEVICE_KEPT_MS / 1000)];
    // What is forgotten is told once too often: no reason to keep anybody out.
    const remember = Effect.ignore(devices.remember(userId, marks));
    return { cookies, remember, ...(found === "first" ? {} : { device: found }) };
  });

/** Browser, system and network; undefined when one of them is not known. */
function kindOf({ headers, address }: RequestContext): string | undefined {
  const name = deviceName(headers.get("user-agent") ?? undefined);
  return name === undefined || address === undefined
    ? undefined
    : `${name} ${neighbourhoodOf(address)}`;
}
