import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EVICTED_MAX, GuestBook, LEAVING_MS_MAX } from "../../adapters/ports/guest-book.ts";

const NOW = Date.parse("2026-11-21T00:00:00.000Z");

/** Every store of the guest book runs this suite; each test begins with an empty one. */
export function guestBookContract<E>(
  name: string,
  makeLayer: () => Layer.Layer<GuestBook, E>,
): void {
  describe(`GuestBook contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<GuestBook, E>;
    const written: Array<string> = [];
    beforeEach(() => {
      runtime = ManagedRuntime.make(makeLayer());
    });
    afterEach(async () => {
      await Promise.all(written.splice(0).map((userId) => use(({ leave }) => leave(userId))));
      await runtime.dispose();
    });
    const use = <A, F>(ask: (book: GuestBook["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(Effect.flatMap(Effect.service(GuestBook), ask));
    const newGuest = () => {
      const userId = randomUUID();
      written.push(userId);
      return userId;
    };
    const admit = (nowMs: number, max: number, userId: string = newGuest()) =>
      use((book) => book.admit({ userId, nowMs, max }));
    const enter = async (seenMs: number) => {
      const userId = newGuest();
      await use((book) => book.enter(userId, seenMs));
      return userId;
    };

    test("past the maximum, and not before, the one unseen for longest makes room", async () => {
      const [first, second] = [await enter(NOW - 3), await enter(NOW - 2)];
      expect(await admit(NOW, 3)).toEqual([]);
      await use(({ seen }) => seen(first, NOW));
      await use(({ seen }) => seen(first, NOW - 9));
      expect(await admit(NOW, 3)).toEqual([second]);
    });

    test("of 50 who come at once no more make room than are too many, each once", async () => {
      const old = await Promise.all(Array.from({ length: 10 }, (_, at) => enter(NOW - 99 + at)));
      const answers = await Promise.all(Array.from({ length: 50 }, () => admit(NOW, 12)));
      const evicted = answers.flat();
      expect(evicted).toHaveLength(48);
      expect(new Set(evicted).size).toBe(48);
      expect(evicted).toEqual(expect.arrayContaining(old));
    });

    test("the newcomer stays, and a maximum that was lowered is reached in steps", async () => {
      await Promise.all(Array.from({ length: EVICTED_MAX + 5 }, (_, at) => enter(NOW - 99 + at)));
      const newcomer = newGuest();
      expect(await admit(NOW - 100, 1, newcomer)).toHaveLength(EVICTED_MAX);
      const rest = await admit(NOW, 1);
      expect(rest).toHaveLength(6);
      expect(rest).toContain(newcomer);
    });

    test("who was to make room and is still here is asked again after a while", async () => {
      const stuck = await enter(NOW - 1);
      expect(await admit(NOW, 1)).toEqual([stuck]);
      expect(await admit(NOW + LEAVING_MS_MAX, 9)).toEqual([]);
      expect(await admit(NOW + LEAVING_MS_MAX + 1, 9)).toEqual([stuck]);
      await use(({ leave }) => leave(stuck));
      expect(await admit(NOW + 3 * LEAVING_MS_MAX, 9)).toEqual([]);
    });

    test("who is to make room stays so, though their beginning is told again", async () => {
      const leaving = await enter(NOW - 1);
      await admit(NOW, 1);
      await use(({ enter: again }) => again(leaving, NOW));
      expect(await admit(NOW + 1, 2)).toEqual([]);
    });
  });
}
