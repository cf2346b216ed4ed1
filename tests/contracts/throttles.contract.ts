import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Charge, type ThrottleLimit, Throttles } from "../../adapters/ports/throttles.ts";
import { expected, type Step } from "./throttles-model.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Three a minute, and what grows: three, then 10 s, 20 s, 40 s at most. */
const PLAIN: ThrottleLimit = { max: 3, windowMs: MINUTE };
const GROWING: ThrottleLimit = { max: 3, windowMs: 10 * SECOND, delayMaxMs: 40 * SECOND };

/**
 * Every store of throttles runs this suite. `passes` makes everything counted so far older by that
 * much, so that time goes on in steps; the few milliseconds of the tests themselves count too.
 */
export function throttlesContract<R, E>(
  name: string,
  makeLayer: () => Layer.Layer<Throttles | R, E>,
  passes: (ms: number) => Effect.Effect<unknown, unknown, R>,
): void {
  describe(`Throttles contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Throttles | R, E>;
    beforeAll(() => {
      runtime = ManagedRuntime.make(makeLayer());
    });
    afterAll(() => runtime.dispose());
    const use = <A, F>(ask: (throttles: Throttles["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(Effect.flatMap(Effect.service(Throttles), ask));
    const reserve = (...charges: ReadonlyArray<Charge>) => use((t) => t.reserve(charges));
    const wait = (ms: number) => runtime.runPromise(passes(ms));
    const place = (limit = PLAIN, key: string = randomUUID()) => ({ bucket: "test", key, limit });
    const admits = async (...charges: ReadonlyArray<Charge>) =>
      (await reserve(...charges)).admitted;
    /** Whole seconds, rounded up, as a client would be told. */
    const retrySeconds = async (charge: Charge) => {
      const answer = await reserve(charge);
      return answer.admitted ? 0 : Math.ceil(answer.retryAfterMs / SECOND);
    };

    test("as many pass as may in any span of the window", async () => {
      const charge = place();
      expect(await admits(charge)).toBe(true);
      await wait(20 * SECOND);
      expect(await admits(charge)).toBe(true);
      expect(await admits(charge)).toBe(true);
      expect(await retrySeconds(charge)).toBe(40);
      await wait(39 * SECOND);
      expect(await admits(charge)).toBe(false);
      await wait(2 * SECOND);
      expect(await admits(charge)).toBe(true);
      expect(await admits(charge)).toBe(false);
    });

    test("the delay doubles with each charge until its limit, whatever was refused", async () => {
      const charge = place(GROWING);
      for (let n = 0; n < 3; n++) expect(await admits(charge)).toBe(true);
      for (const delay of [10, 20, 40, 40, 40]) {
        expect(await retrySeconds(charge)).toBe(delay);
        await wait((delay - 1) * SECOND);
        // Refused again and again: that prolongs nothing.
        for (let n = 0; n < 3; n++) expect(await admits(charge)).toBe(false);
        await wait(SECOND);
        expect(await admits(charge)).toBe(true);
      }
    });

    test("one who goes slowly is slowed down all the same", async () => {
      const charge = place(GROWING);
      let passed = 0;
      // Just below the window's limit, ten minutes long: 120 tries.
      for (let n = 0; n < 120; n++) {
        if (await admits(charge)) passed++;
        await wait(5 * SECOND);
      }
      // 3 at once, 10 and 20 s later, then one in 40 s.
      expect(passed).toBeLessThanOrEqual(3 + 2 + 600 / 40 + 1);
      expect(passed).toBeGreaterThan(600 / 40);
    });

    test("strikes are forgotten one by one", async () => {
      const charge = place(GROWING);
      for (let n = 0; n < 3; n++) await reserve(charge);
      await wait(2 * 40 * SECOND + SECOND);
      expect([await admits(charge), await admits(charge)]).toEqual([true, true]);
      expect(await retrySeconds(charge)).toBe(10);
      await wait(10 * 40 * SECOND);
      for (let n = 0; n < 3; n++) expect(await admits(charge)).toBe(true);
      expect(await admits(charge)).toBe(false);
    });

    test("a place that is forgiven is new again, and no other", async () => {
      const [mine, other] = [place(GROWING), place(GROWING)];
      for (const charge of [mine, other]) {
        for (let n = 0; n < 4; n++) await reserve(charge);
      }
      await use((t) => t.forgive(mine.bucket, mine.key));
      expect([await admits(mine), await admits(other)]).toEqual([true, false]);
    });

    test("buckets and keys count apart", async () => {
      const charge = place({ max: 1, windowMs: MINUTE });
      expect(await admits(charge)).toBe(true);
      expect(await admits(charge)).toBe(false);
      expect(await admits({ ...charge, bucket: "other" })).toBe(true);
      expect(await admits({ ...charge, key: `${charge.key}x` })).toBe(true);
    });

    test("the charges of a request are made all or none", async () => {
      const full = place({ max: 1, windowMs: MINUTE });
      const open = place({ max: 1, windowMs: MINUTE });
      await reserve(full);
      const refused = await reserve(open, full);
      expect(refused).toMatchObject({ admitted: false, bucket: "test" });
      expect(await admits(open)).toBe(true);
    });

    test("what waits longest is named", async () => {
      const short = { ...place({ max: 0, windowMs: SECOND }), bucket: "short" };
      const long = { ...place({ max: 0, windowMs: MINUTE }), bucket: "long" };
      expect(await reserve(short, long)).toMatchObject({ bucket: "long", retryAfterMs: MINUTE });
      expect(await reserve(long, short)).toMatchObject({ bucket: "long", retryAfterMs: MINUTE });
    });

    test("only the first refusal is told, once a window", async () => {
      const charge = place({ max: 1, windowMs: MINUTE });
      const told = async () => {
        const answer = await reserve(charge);
        return answer.admitted ? "admitted" : answer.first;
      };
      expect([await told(), await told(), await told()]).toEqual(["admitted", true, false]);
      await wait(MINUTE - SECOND);
      expect(await told()).toBe(false);
      await wait(2 * SECOND);
      expect([await told(), await told(), await told()]).toEqual(["admitted", true, false]);
    });

    test("of 50 at once exactly as many pass as may, and one is the first refused", async () => {
      for (const limit of [PLAIN, GROWING, { max: 20, windowMs: MINUTE }]) {
        const charge = place(limit);
        const answers = await Promise.all(Array.from({ length: 50 }, () => reserve(charge)));
        expect(answers.filter(({ admitted }) => admitted)).toHaveLength(limit.max);
        expect(answers.filter((answer) => !answer.admitted && answer.first)).toHaveLength(1);
      }
    });

    test("requests that name the same places in any order do not wait for each other", async () => {
      const [a, b, c] = [place(), place(), place()];
      const answers = await Promise.all(
        Array.from({ length: 48 }, (_, n) => (n % 2 === 0 ? reserve(a, b, c) : reserve(c, b, a))),
      );
      expect(answers.filter(({ admitted }) => admitted)).toHaveLength(3);
    });

    test("any key is one, however long or strange", async () => {
      const keys = ["", "\u0000", "a\u0000b", "é".repeat(5_000), "'; DROP TABLE x", "🗝️"];
      for (const key of keys) {
        const charge = place({ max: 1, windowMs: MINUTE }, key);
        expect(await admits(charge)).toBe(true);
        expect(await admits(charge)).toBe(false);
      }
    });

    test("any sequence of charges passes as the rule says", async () => {
      const step: fc.Arbitrary<Step> = fc.oneof(
        { weight: 3, arbitrary: fc.record({ type: fc.constant("charge" as const) }) },
        fc.record({ type: fc.constant("forgive" as const) }),
        // Halves of seconds: the time that the test itself takes never decides.
        fc.record({
          type: fc.constant("wait" as const),
          ms: fc.integer({ min: 0, max: 90 }).map((seconds) => seconds * SECOND + SECOND / 2),
        }),
      );
      const limit = fc.constantFrom(PLAIN, GROWING, { max: 1, windowMs: 7 * SECOND });
      await fc.assert(
        fc.asyncProperty(limit, fc.array(step, { maxLength: 12 }), async (chosen, steps) => {
          const charge = place(chosen);
          const passed: Array<boolean> = [];
          for (const each of steps) {
            if (each.type === "wait") await wait(each.ms);
            else if (each.type === "forgive") {
              await use((t) => t.forgive(charge.bucket, charge.key));
            } else passed.push(await admits(charge));
          }
          expect(passed).toEqual(expected(chosen, steps));
        }),
        { numRuns: 60 },
      );
    });
  });
}
