import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Leases } from "../../adapters/ports/leases.ts";
import { until } from "../support/until.ts";

/** Every implementation of leases runs this suite. */
export function leasesContract<E>(name: string, makeLayer: () => Layer.Layer<Leases, E>): void {
  describe(`Leases contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Leases, E>;
    beforeAll(() => {
      runtime = ManagedRuntime.make(makeLayer());
    });
    afterAll(() => runtime.dispose());
    const hold = (lease: string, use: Effect.Effect<unknown, unknown>) =>
      runtime.runFork(Effect.flatMap(Effect.service(Leases), (leases) => leases.hold(lease, use)));

    test("what needs the lease runs, and is stopped with whoever holds it", async () => {
      let running = 0;
      const use = Effect.acquireUseRelease(
        Effect.sync(() => ++running),
        () => Effect.never,
        () => Effect.sync(() => --running),
      );
      const held = hold(randomUUID(), use);
      await until(async () => running === 1);
      await runtime.runPromise(Fiber.interrupt(held));
      expect(running).toBe(0);
    });

    test("work that fails or throws does not end the holder", async () => {
      for (const use of [Effect.fail("no"), Effect.die(new Error("a defect"))]) {
        let begun = 0;
        const held = hold(
          randomUUID(),
          Effect.andThen(
            Effect.sync(() => ++begun),
            use,
          ),
        );
        await until(async () => begun > 0);
        expect(held.pollUnsafe()).toBeUndefined();
        await runtime.runPromise(Fiber.interrupt(held));
      }
    });
  });
}
