import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STAMP_INTERVAL_MS, Stamps } from "../../adapters/ports/stamps.ts";

const NOW = Date.parse("2026-11-21T00:00:00.000Z");

/** Every store of stamps runs this suite. */
export function stampsContract<E>(name: string, makeLayer: () => Layer.Layer<Stamps, E>): void {
  describe(`Stamps contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Stamps, E>;
    beforeAll(() => {
      runtime = ManagedRuntime.make(makeLayer());
    });
    afterAll(() => runtime.dispose());
    const use = <A, F>(ask: (stamps: Stamps["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(Effect.flatMap(Effect.service(Stamps), ask));
    const touch = (kind: "session" | "sign-in", id: string, atMs: number) =>
      use((stamps) => stamps.touch(kind, id, atMs));
    const get = async (kind: "session" | "sign-in", ...ids: ReadonlyArray<string>) =>
      Object.fromEntries(await use((stamps) => stamps.get(kind, ids)));

    test("a stamp is written when the one before is older than the interval", async () => {
      const id = randomUUID();
      const later = NOW + STAMP_INTERVAL_MS.session;
      expect(await touch("session", id, NOW)).toBe(true);
      expect(await touch("session", id, later)).toBe(false);
      expect(await get("session", id)).toEqual({ [id]: NOW });
      expect(await touch("session", id, later + 1)).toBe(true);
      expect(await get("session", id)).toEqual({ [id]: later + 1 });
    });

    test("of 50 at once within the interval one is written", async () => {
      const id = randomUUID();
      const tries = Array.from({ length: 50 }, (_, index) => touch("session", id, NOW + index));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    });

    test("each sign-in counts, and a stamp never goes back", async () => {
      const id = randomUUID();
      await touch("sign-in", id, NOW);
      expect(await touch("sign-in", id, NOW + 1)).toBe(true);
      expect(await touch("sign-in", id, NOW - 1)).toBe(false);
      expect(await get("sign-in", id)).toEqual({ [id]: NOW + 1 });
    });

    test("kinds are apart, and what is forgotten was never there", async () => {
      const [one, two] = [randomUUID(), randomUUID()];
      await touch("session", one, NOW);
      await touch("session", two, NOW);
      expect(await get("sign-in", one, two)).toEqual({});
      await use((stamps) => stamps.forget("session", [one]));
      expect(await get("session", one, two)).toEqual({ [two]: NOW });
      expect(await get("session")).toEqual({});
      expect(await touch("session", one, NOW - 1)).toBe(true);
    });

    test("what is older than a time is forgotten, of that kind", async () => {
      const [old, young] = [randomUUID(), randomUUID()];
      const long = 1_000;
      await touch("session", old, long);
      await touch("sign-in", old, long);
      await touch("session", young, long + 1);
      await use((stamps) => stamps.forgetBefore("session", long + 1));
      expect(await get("session", old, young)).toEqual({ [young]: long + 1 });
      expect(await get("sign-in", old)).toEqual({ [old]: long });
    });
  });
}
