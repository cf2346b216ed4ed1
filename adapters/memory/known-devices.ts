import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { DEVICE_KEPT_MS, DEVICES_MAX, KnownDevices } from "../ports/known-devices.ts";

/** Known devices in a `Map`; nothing survives the process, so nothing is digested. */
export const layer: Layer.Layer<KnownDevices> = Layer.sync(KnownDevices, () => {
  const owners = new Map<string, Map<string, number>>();
  return {
    recognise: (userId, marks) =>
      Effect.sync(() => {
        const devices = owners.get(userId);
        if (devices === undefined || devices.size === 0) return "first";
        return marks.some((mark) => devices.has(mark)) ? "known" : "new";
      }),
    remember: (userId, marks) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const devices = owners.get(userId) ?? new Map<string, number>();
        for (const mark of marks) {
          devices.delete(mark);
          devices.set(mark, now);
        }
        for (const oldest of devices.keys()) {
          if (devices.size <= DEVICES_MAX) break;
          devices.delete(oldest);
        }
        owners.set(userId, devices);
      }),
    forget: (userId) => Effect.sync(() => void owners.delete(userId)),
    sweep: Effect.map(Clock.currentTimeMillis, (now) => {
      let gone = 0;
      for (const [userId, devices] of owners) {
        for (const [device, seenAt] of devices) {
          if (now - seenAt > DEVICE_KEPT_MS && devices.delete(device)) gone++;
        }
        if (devices.size === 0) owners.delete(userId);
      }
      return gone;
    }),
  };
});
