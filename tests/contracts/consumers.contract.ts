import { randomUUID } from "node:crypto";
import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Consumer, Consumers } from "../../adapters/ports/consumers.ts";
import type { Ledgers } from "../../adapters/ports/ledger.ts";
import { until } from "../support/until.ts";
import { append, drafts } from "./ledger-requests.ts";

type Ports = Consumers | Ledgers;

class Refused extends Data.TaggedError("Refused") {}

/** Every implementation of durable followers runs this suite. */
export function consumersContract<E>(name: string, makeLayer: () => Layer.Layer<Ports, E>): void {
  describe(`Consumers contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Ports, E>;
    beforeAll(async () => {
      runtime = ManagedRuntime.make(makeLayer());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());

    /** Runs a consumer of a type of its own, whose handling is given; answers how to stop it. */
    const consume = (
      type: string,
      handle: Consumer<Refused, never>["handle"],
      many: Pick<Consumer<Refused, never>, "handleMany"> = {},
    ) => {
      const consumer = {
        name: `test-${type}`,
        ledger: "identity",
        handles: [type],
        handle,
        ...many,
      } as const;
      const running = runtime.runFork(
        Effect.flatMap(Effect.service(Consumers), ({ run }) => run(consumer)),
      );
      return () => runtime.runPromise(Fiber.interrupt(running));
    };
    const happen = async (type: string, count: number) => {
      const entries = drafts(count).map((draft) => ({ ...draft, type }));
      const { position } = await runtime.runPromise(append({ entries }));
      return Array.from({ length: count }, (_, index) => position - count + 1 + index);
    };

    test("a consumer gets what concerns it in order, from before it began and after", async () => {
      const type = `Noted${randomUUID()}`;
      const wanted = await happen(type, 3);
      await happen("Ignored", 2);
      const seen: Array<number> = [];
      const stop = consume(type, ({ position }) => Effect.sync(() => seen.push(position)));
      await until(async () => seen.length === 3);
      wanted.push(...(await happen(type, 2)));
      await until(async () => seen.length === 5);
      expect(seen).toEqual(wanted);
      await stop();
    });

    test("many at once come in order too, again when they fail, and none is left out", async () => {
      const type = `Noted${randomUUID()}`;
      const wanted = await happen(type, 3);
      await happen("Ignored", 1);
      const seen: Array<number> = [];
      let refusals = 1;
      const note = (positions: ReadonlyArray<number>) =>
        Effect.suspend(() => {
          if (refusals-- > 0) return Effect.fail(new Refused());
          seen.push(...positions);
          return Effect.void;
        });
      const stop = consume(type, ({ position }) => note([position]), {
        handleMany: (records) => note(records.map(({ position }) => position)),
      });
      await until(async () => seen.length >= 3);
      wanted.push(...(await happen(type, 1)));
      await until(async () => seen.length >= 4);
      expect(seen).toEqual(wanted);
      await stop();
    });

    test.each(["fails", "throws"])(
      "a handling that %s is tried again and holds up the next",
      async (how) => {
        const type = `Noted${randomUUID()}`;
        const wanted = await happen(type, 3);
        const tried: Array<number> = [];
        let refusals = 2;
        const stop = consume(type, ({ position }) =>
          Effect.suspend(() => {
            tried.push(position);
            if (position !== wanted[1] || refusals-- <= 0) return Effect.void;
            return how === "fails" ? Effect.fail(new Refused()) : Effect.die(new Error("a defect"));
          }),
        );
        await until(async () => tried.includes(wanted[2] ?? 0));
        const [first, second, third] = wanted;
        expect(tried).toEqual([first, second, second, second, third]);
        await stop();
      },
    );

    test("a follower that cannot go on says why and since when; once it can, no more", async () => {
      const type = `Noted${randomUUID()}`;
      const [position = 0] = await happen(type, 1);
      const standing = () =>
        runtime
          .runPromise(Effect.flatMap(Effect.service(Consumers), ({ status }) => status))
          .then((all) => all.find(({ name }) => name === `test-${type}`));
      let refuses = true;
      const stop = consume(type, () => (refuses ? Effect.fail(new Refused()) : Effect.void));
      const troubled = await until(async () => {
        const found = await standing();
        return found?.problem === undefined ? undefined : found;
      });
      expect(troubled).toMatchObject({ ledger: "identity", problem: "Refused" });
      expect(troubled.position).toBeLessThan(position);
      expect(troubled.head).toBeGreaterThanOrEqual(position);
      expect(new Date(troubled.since ?? "").toISOString()).toBe(troubled.since);
      refuses = false;
      const mended = await until(async () => {
        const found = await standing();
        return found?.problem === undefined ? found : undefined;
      });
      expect(mended).toEqual({
        name: `test-${type}`,
        ledger: "identity",
        position: expect.any(Number),
        head: mended.head,
      });
      expect(mended.position).toBeGreaterThanOrEqual(position);
      await stop();
    });
  });
}
