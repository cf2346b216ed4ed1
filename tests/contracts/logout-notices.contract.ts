import { randomUUID } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type LogoutNotice,
  LogoutNotices,
  NOTICES_EXPIRED_MAX,
  type QueuedNotice,
} from "../../adapters/ports/logout-notices.ts";
import { frozenClock } from "../support/movable-clock.ts";

const LEASE_MS = 30_000;
const HOUR_MS = 60 * 60 * 1000;

/** What a test of a store can do behind its back; absent where there is nothing behind it. */
export type Behind<S> = {
  readonly dump: Effect.Effect<string, unknown, S>;
  /** Gives a notice to another application. */
  readonly redirect: (id: string, clientId: string) => Effect.Effect<unknown, unknown, S>;
};

/** Every store of notices runs this suite. */
export function logoutNoticesContract<E, S = never>(
  name: string,
  make: () => Layer.Layer<LogoutNotices | S, E>,
  behind?: Behind<S>,
): void {
  describe(`LogoutNotices contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<LogoutNotices | S, E>;
    const { clock, forward } = frozenClock();
    beforeAll(async () => {
      runtime = ManagedRuntime.make(make());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());
    // Nothing of the test before is there any more.
    beforeEach(async () => {
      forward(2 * HOUR_MS);
      await use(({ expire }) => expire);
    });
    const use = <A, F>(ask: (notices: LogoutNotices["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(
        Effect.provideService(
          Effect.flatMap(Effect.service(LogoutNotices), ask),
          Clock.Clock,
          clock,
        ),
      );
    const notice = (clientId: string = randomUUID()): QueuedNotice => ({
      id: randomUUID(),
      clientId,
      userId: randomUUID(),
      sid: randomUUID(),
      expiresAtMs: clock.currentTimeMillisUnsafe() + HOUR_MS,
    });
    const put = (...some: ReadonlyArray<QueuedNotice>) => use((notices) => notices.put(some));
    const claim = (limit = 10, except: ReadonlyArray<string> = []) =>
      use((notices) => notices.claim({ limit, leaseMs: LEASE_MS, except }));
    const postpone = (claimed: LogoutNotice, byMs: number) =>
      use((notices) => notices.postpone(claimed, clock.currentTimeMillisUnsafe() + byMs));
    const remove = (id: string) => use((notices) => notices.remove(id));
    const claimed = ({ expiresAtMs: _, ...rest }: QueuedNotice, attempts = 1): LogoutNotice => ({
      ...rest,
      attempts,
    });

    test("what is put is due at once, and stays as it is when it is put again", async () => {
      const one = notice();
      await put(one, one);
      await put({ ...one, sid: "another" });
      expect(await claim()).toStrictEqual([claimed(one)]);
      expect(await claim()).toEqual([]);
    });

    test("a claim that is not settled is due again when it ends", async () => {
      const one = notice();
      await put(one);
      await claim();
      forward(LEASE_MS - 1);
      expect(await claim()).toEqual([]);
      forward(1);
      expect(await claim()).toStrictEqual([claimed(one, 2)]);
    });

    test("each application gives one at a time, those that wait longest first", async () => {
      const [a, b] = [randomUUID(), randomUUID()];
      const first = notice(a);
      await put(first);
      forward(1);
      const [second, other] = [notice(a), notice(b)];
      await put(second, other);
      expect(await claim(1)).toStrictEqual([claimed(first)]);
      forward(1);
      const both = await claim();
      expect(new Set(both.map(({ id }) => id))).toEqual(new Set([second.id, other.id]));
      expect(await claim()).toEqual([]);
    });

    test("applications that are left alone keep theirs", async () => {
      const [a, b] = [notice(), notice()];
      await put(a, b);
      expect(await claim(10, [a.clientId])).toStrictEqual([claimed(b)]);
      expect(await claim(10, [a.clientId])).toEqual([]);
      expect(await claim()).toStrictEqual([claimed(a)]);
    });

    test("one is claimed by one, however many claim at once", async () => {
      const some = Array.from({ length: 10 }, () => notice());
      await put(...some);
      const all = await Promise.all(Array.from({ length: 8 }, () => claim(3)));
      const ids = all.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      // Whoever lost one claims again.
      while ((await claim()).length > 0);
      forward(LEASE_MS);
      const later = await claim(20);
      expect(new Set(later.map(({ id }) => id))).toEqual(new Set(some.map(({ id }) => id)));
    });

    test("what is put off comes when it is time, unless another attempt began since", async () => {
      const one = notice();
      await put(one);
      const [first] = await claim();
      await postpone(first as LogoutNotice, LEASE_MS / 2);
      forward(LEASE_MS / 2 - 1);
      expect(await claim()).toEqual([]);
      forward(1);
      const [second] = await claim();
      expect(second).toStrictEqual(claimed(one, 2));
      await postpone(first as LogoutNotice, 0);
      expect(await claim()).toEqual([]);
    });

    test("what was removed is gone, and removing it again is nothing", async () => {
      const one = notice();
      await put(one);
      await remove(one.id);
      await remove(one.id);
      expect(await claim()).toEqual([]);
    });

    test("what nobody took in time is given up, some at a time, and named", async () => {
      const client = randomUUID();
      const many = Array.from({ length: NOTICES_EXPIRED_MAX + 1 }, () => notice(client));
      await put(...many);
      expect(await use(({ expire }) => expire)).toEqual([]);
      forward(HOUR_MS);
      const first = await use(({ expire }) => expire);
      expect(first).toEqual(Array(NOTICES_EXPIRED_MAX).fill(client));
      expect(await use(({ expire }) => expire)).toEqual([client]);
      expect(await claim()).toEqual([]);
    });

    const there = { skip: behind === undefined, meta: { skipped: "nothing is behind a Map" } };
    test("a row says nothing of anybody, and altered it is nobody's", there, async () => {
      if (behind === undefined) return;
      const [one, other] = [notice(), notice()];
      await put(one, other);
      const rows = await runtime.runPromise(behind.dump);
      expect(rows).toContain(one.id);
      for (const said of [one.userId, one.sid]) {
        expect(rows).not.toContain(said);
        expect(rows).not.toContain(Buffer.from(said).toString("hex"));
      }
      await runtime.runPromise(behind.redirect(one.id, other.clientId));
      const given = [...(await claim()), ...(await claim())];
      expect(given).toStrictEqual([claimed(other)]);
      expect(await runtime.runPromise(behind.dump)).not.toContain(one.id);
    });
  });
}
