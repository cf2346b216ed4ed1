import { randomUUID } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEVICE_KEPT_MS, DEVICES_MAX, KnownDevices } from "../../adapters/ports/known-devices.ts";
import { frozenClock } from "../support/movable-clock.ts";

/** Every store of known devices runs this suite; `dump` is all that it keeps. */
export function knownDevicesContract<R, E>(
  name: string,
  make: () => Layer.Layer<KnownDevices | R, E>,
  dump?: Effect.Effect<string, unknown, R>,
): void {
  describe(`Known devices contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<KnownDevices | R, E>;
    const { clock, forward } = frozenClock();
    beforeAll(async () => {
      runtime = ManagedRuntime.make(make());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());
    const use = <A, F>(ask: (devices: KnownDevices["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(
        Effect.provideService(
          Effect.flatMap(Effect.service(KnownDevices), ask),
          Clock.Clock,
          clock,
        ),
      );
    const look = (userId: string, ...marks: ReadonlyArray<string>) =>
      use((devices) => devices.recognise(userId, marks));
    /** As a sign-in does it. */
    const recognise = async (userId: string, ...marks: ReadonlyArray<string>) => {
      const found = await look(userId, ...marks);
      await use((devices) => devices.remember(userId, marks));
      return found;
    };

    test("the first device is the first, then known, and another one is new, once", async () => {
      const ada = randomUUID();
      expect(await recognise(ada, "cookie:1", "kind:a")).toBe("first");
      expect(await recognise(ada, "cookie:1", "kind:b")).toBe("known");
      expect(await recognise(ada, "cookie:2", "kind:b")).toBe("known");
      expect(await recognise(ada, "cookie:3", "kind:c")).toBe("new");
      expect(await recognise(ada, "cookie:3")).toBe("known");
      expect(await recognise(randomUUID(), "cookie:1")).toBe("first");
    });

    test("to look remembers nothing", async () => {
      const ada = randomUUID();
      for (let times = 0; times < 2; times++) expect(await look(ada, "cookie:1")).toBe("first");
      await recognise(ada, "cookie:1");
      for (let times = 0; times < 2; times++) expect(await look(ada, "cookie:2")).toBe("new");
    });

    test("who is forgotten has no device", async () => {
      const ada = randomUUID();
      await recognise(ada, "cookie:1");
      await use((devices) => devices.forget(ada));
      expect(await recognise(ada, "cookie:1")).toBe("first");
    });

    test("of many devices of one person the one unused for longest is forgotten", async () => {
      const ada = randomUUID();
      for (let count = 0; count <= DEVICES_MAX; count++) {
        forward(1_000);
        await recognise(ada, `cookie:${count}`);
      }
      expect(await recognise(ada, "cookie:1")).toBe("known");
      expect(await recognise(ada, "cookie:0")).toBe("new");
    });

    test("a device that does not come back is forgotten", async () => {
      const ada = randomUUID();
      await recognise(ada, "cookie:1");
      forward(DEVICE_KEPT_MS - 1_000);
      expect(await recognise(ada, "cookie:1")).toBe("known");
      forward(2_000);
      await use(({ sweep }) => sweep);
      expect(await recognise(ada, "cookie:1")).toBe("known");
      forward(DEVICE_KEPT_MS + 1_000);
      expect(await use(({ sweep }) => sweep)).toBeGreaterThan(0);
      expect(await recognise(ada, "cookie:1")).toBe("first");
    });

    test("what is kept names neither people nor devices", {
      skip: dump === undefined,
      meta: { skipped: "nothing is written down" },
    }, async () => {
      const ada = randomUUID();
      await recognise(ada, "cookie:wonderland");
      const text = dump === undefined ? "" : await runtime.runPromise(dump);
      expect(text.length).toBeGreaterThan(0);
      expect(text).not.toMatch(new RegExp(`${ada}|wonderland`));
    });
  });
}
