import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Answers } from "../../adapters/ports/answers.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Every store of idempotency answers runs this suite. `passes` makes everything kept so far older
 * by that much.
 */
export function answersContract<R, E>(
  name: string,
  makeLayer: () => Layer.Layer<Answers | R, E>,
  passes: (ms: number) => Effect.Effect<unknown, unknown, R>,
): void {
  describe(`Answers contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Answers | R, E>;
    beforeAll(() => {
      runtime = ManagedRuntime.make(makeLayer());
    });
    afterAll(() => runtime.dispose());
    const use = <A, F>(ask: (answers: Answers["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(Effect.flatMap(Effect.service(Answers), ask));
    const begin = async (key: string, body = "body") => {
      const earlier = await use((answers) => answers.begin(key, body));
      return "answer" in earlier ? [...earlier.answer] : earlier.state;
    };
    const keep = (key: string, byte: number) =>
      use((answers) => answers.keep(key, Uint8Array.of(byte)));

    test("an answer is kept for its key and body", async () => {
      const key = randomUUID();
      expect(await begin(key)).toBe("new");
      expect(await begin(key)).toBe("running");
      expect(await begin(key, "other")).toBe("other-body");
      await keep(key, 1);
      expect(await begin(key)).toEqual([1]);
      expect(await begin(key, "other")).toBe("other-body");
      expect(await begin(randomUUID())).toBe("new");
    });

    test("a request that changed nothing is forgotten and new again", async () => {
      const key = randomUUID();
      await begin(key);
      await use((answers) => answers.forget(key));
      expect(await begin(key, "other")).toBe("new");
    });

    test("of many at once exactly one is new", async () => {
      const key = randomUUID();
      const states = await Promise.all(Array.from({ length: 12 }, () => begin(key)));
      expect(states.toSorted()).toEqual(["new", ...Array<string>(11).fill("running")]);
    });

    test("an answer is kept for a day and no longer", async () => {
      const key = randomUUID();
      await begin(key);
      await keep(key, 7);
      await runtime.runPromise(passes(24 * HOUR_MS - MINUTE_MS));
      expect(await begin(key)).toEqual([7]);
      await runtime.runPromise(passes(2 * MINUTE_MS));
      expect(await begin(key)).toBe("new");
    });

    test("a request that died half-way may be tried again after a minute", async () => {
      const key = randomUUID();
      await begin(key);
      await runtime.runPromise(passes(MINUTE_MS - 5_000));
      expect(await begin(key)).toBe("running");
      await runtime.runPromise(passes(10_000));
      expect(await begin(key)).toBe("new");
      expect(await begin(key)).toBe("running");
    });
  });
}
