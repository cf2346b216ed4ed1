import { randomUUID } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Outbox, type OutboxRow, type Queued } from "../../adapters/ports/outbox.ts";
import { frozenClock } from "../support/movable-clock.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Every outbox runs this suite. */
export function outboxContract<E>(name: string, make: () => Layer.Layer<Outbox, E>): void {
  describe(`Outbox contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Outbox, E>;
    const { clock, forward } = frozenClock();
    beforeAll(async () => {
      runtime = ManagedRuntime.make(make());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());
    // Nothing of the test before is due any more.
    beforeEach(async () => {
      forward(2 * MINUTE_MS);
      for (const row of await claim(200)) await settle(row, { state: "sent" });
    });
    const use = <A, F>(ask: (outbox: Outbox["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(
        Effect.provideService(Effect.flatMap(Effect.service(Outbox), ask), Clock.Clock, clock),
      );
    const inMs = (ms: number) => new Date(clock.currentTimeMillisUnsafe() + ms).toISOString();
    const queued = (): Queued => ({
      id: randomUUID(),
      ledger: "activity",
      position: 3,
      eventId: randomUUID(),
      template: "reset",
      recipient: randomUUID(),
      queuedAt: inMs(0),
      expiresAt: inMs(DAY_MS),
    });
    const put = (...rows: ReadonlyArray<Queued>) => use((outbox) => outbox.put(rows));
    const claim = (limit = 10) => use((outbox) => outbox.claim({ limit, leaseMs: 2 * MINUTE_MS }));
    const settle = (row: OutboxRow, settlement: Parameters<Outbox["Service"]["settle"]>[1]) =>
      use((outbox) => outbox.settle(row, settlement));
    const find = async (id: string) =>
      (await use((outbox) => outbox.list({ limit: 200 }))).items.find((row) => row.id === id);

    test("what is put is due at once, and stays as it is when it is put again", async () => {
      const row = queued();
      await put(row, row);
      await put({ ...row, template: "verification" });
      const waiting = { ...row, state: "waiting", attempts: 0, nextAt: row.queuedAt };
      expect(await find(row.id)).toStrictEqual(waiting);
      expect(await claim()).toStrictEqual([
        { ...waiting, attempts: 1, nextAt: inMs(2 * MINUTE_MS) },
      ]);
    });

    test("a claimed row is nobody else's until its claimant is given up", async () => {
      await put(queued());
      const [first] = await claim();
      expect(await claim()).toEqual([]);
      forward(MINUTE_MS);
      expect(await claim()).toEqual([]);
      forward(MINUTE_MS + 1);
      const [second] = await claim();
      expect(second).toMatchObject({ id: first?.id, attempts: 2 });
    });

    test("of many who claim at once, each row goes to one", async () => {
      const rows = Array.from({ length: 20 }, queued);
      await put(...rows);
      const claimed = await Promise.all(Array.from({ length: 10 }, () => claim(4)));
      const more = await claim(20);
      const ids = [...claimed.flat(), ...more].map(({ id }) => id);
      expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    });

    test("what is settled is not due; what failed for now is due when it says", async () => {
      const rows = [queued(), queued(), queued(), queued()];
      await put(...rows);
      const claimed = await claim();
      const row = (at: number) => claimed.find(({ id }) => id === rows[at]?.id) as OutboxRow;
      await settle(row(0), { state: "sent" });
      await settle(row(1), { state: "failed", code: "smtp_550" });
      await settle(row(2), { state: "dropped", code: "erased" });
      await settle(row(3), { state: "waiting", nextAt: inMs(MINUTE_MS), code: "timeout" });
      expect(await find(rows[1]?.id ?? "")).toMatchObject({ state: "failed", code: "smtp_550" });
      expect(await find(rows[0]?.id ?? "")).not.toHaveProperty("code");
      expect(await claim()).toEqual([]);
      forward(MINUTE_MS);
      expect(await claim()).toMatchObject([{ id: rows[3]?.id, attempts: 2, code: "timeout" }]);
    });

    test("what the mail server took stays so for whoever claims it next", async () => {
      await put(queued());
      const [older] = await claim();
      forward(2 * MINUTE_MS + 1);
      const [newer] = await claim();
      expect(newer).not.toHaveProperty("sentAt");
      // Late, and true all the same: it went.
      await use((outbox) => outbox.noteSent(older as OutboxRow));
      const sentAt = inMs(0);
      await settle(newer as OutboxRow, { state: "waiting", nextAt: inMs(1), code: "unrecorded" });
      forward(1_000);
      const [third] = await claim();
      expect(third).toMatchObject({ id: older?.id, attempts: 3, sentAt });
      await use((outbox) => outbox.noteSent(third as OutboxRow));
      await settle(third as OutboxRow, { state: "sent" });
      expect(await find(older?.id ?? "")).toMatchObject({ state: "sent", sentAt });
    });

    test("whoever comes late with what an older attempt came to changes nothing", async () => {
      await put(queued());
      const [older] = await claim();
      forward(2 * MINUTE_MS + 1);
      const [newer] = await claim();
      await settle(older as OutboxRow, { state: "failed", code: "timeout" });
      expect(await find(older?.id ?? "")).toMatchObject({ state: "waiting", attempts: 2 });
      await settle(newer as OutboxRow, { state: "sent" });
      await settle(newer as OutboxRow, { state: "failed", code: "timeout" });
      expect(await find(older?.id ?? "")).toMatchObject({ state: "sent" });
    });

    test("it says how many wait, went and failed", async () => {
      const before = await use(({ counts }) => counts);
      const [sent, refused, waiting] = [queued(), queued(), queued()];
      await put(sent, refused);
      for (const row of await claim()) {
        if (row.id === sent.id) await settle(row, { state: "sent" });
        else await settle(row, { state: "failed", code: "smtp_550" });
      }
      await put(waiting);
      expect(await use(({ counts }) => counts)).toEqual({
        ...{ dropped: before.dropped, waiting: before.waiting + 1 },
        ...{ sent: before.sent + 1, failed: before.failed + 1 },
      });
    });

    test("a running sender does not hide that its mails are not taken", async () => {
      const status = () => use((outbox) => outbox.status);
      expect(await status()).toEqual({ waiting: 0, failing: 0 });
      await put(queued(), queued());
      for (const failing of [0, 1]) {
        for (const row of await claim(1)) {
          await settle(row, { state: "waiting", nextAt: inMs(MINUTE_MS), code: "timeout" });
        }
        await claim();
        expect((await status()).failing).toBe(failing);
        forward(MINUTE_MS);
      }
    });

    test("a claim that nothing comes of does not make a mail younger", async () => {
      const [old, young] = [queued(), queued()];
      await put(old);
      forward(1_000);
      await put({ ...young, queuedAt: inMs(0) });
      for (let died = 0; died < 3; died++) {
        expect(await claim()).toHaveLength(2);
        forward(2 * MINUTE_MS + 1);
      }
      const untriedSince = old.queuedAt;
      expect(await use(({ status }) => status)).toEqual({ waiting: 2, failing: 0, untriedSince });
    });

    test("a mail that went and is to be put on record is not one that is not taken", async () => {
      await put(queued());
      for (let attempt = 0; attempt < 3; attempt++) {
        for (const row of await claim()) {
          await use((outbox) => outbox.noteSent(row));
          await settle(row, { state: "waiting", nextAt: inMs(0), code: "unrecorded" });
        }
      }
      expect(await use(({ status }) => status)).toEqual({ waiting: 1, failing: 0 });
    });

    test("it is listed newest first, in pages, by state", async () => {
      const rows = [];
      for (let count = 0; count < 5; count++) {
        forward(1_000);
        const row = queued();
        rows.unshift(row.id);
        await put(row);
      }
      const seen: Array<string> = [];
      let cursor: string | undefined;
      do {
        const page = await use((outbox) =>
          outbox.list({ state: "waiting", limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
        );
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(rows);
    });

    test("mails to one recipient are listed alone, in pages", async () => {
      const recipient = randomUUID();
      const mine = [queued(), queued(), queued()].map((row) => ({ ...row, recipient }));
      await put(queued(), ...mine, queued());
      const first = await use((outbox) => outbox.list({ recipient, limit: 2 }));
      const cursor = first.nextCursor ?? "";
      const second = await use((outbox) => outbox.list({ recipient, limit: 2, cursor }));
      expect(second.nextCursor).toBeUndefined();
      const ids = [...first.items, ...second.items].map(({ id }) => id);
      expect(ids.toSorted()).toEqual(mine.map(({ id }) => id).toSorted());
    });

    test("a sweep forgets what was settled long ago, never what waits", async () => {
      const [settled, waiting] = [queued(), queued()];
      await put(settled);
      const [claimed] = await claim();
      await settle(claimed as OutboxRow, { state: "sent" });
      await put({ ...waiting, expiresAt: inMs(99 * DAY_MS) });
      forward(29 * DAY_MS);
      await use(({ sweep }) => sweep);
      expect(await find(settled.id)).toBeDefined();
      forward(2 * DAY_MS);
      expect(await use(({ sweep }) => sweep)).toBeGreaterThan(0);
      expect(await find(settled.id)).toBeUndefined();
      expect(await find(waiting.id)).toMatchObject({ state: "waiting" });
    });

    test("a sweep gives up what waits past its end and nobody takes", async () => {
      const [unsent, sent] = [queued(), queued()];
      await put(sent);
      for (const row of await claim()) await use((outbox) => outbox.noteSent(row));
      await put(unsent);
      forward(DAY_MS + MINUTE_MS);
      // Whoever sends still does it themselves.
      await use(({ sweep }) => sweep);
      expect(await find(unsent.id)).toMatchObject({ state: "waiting" });
      forward(10 * MINUTE_MS);
      await use(({ sweep }) => sweep);
      expect(await find(unsent.id)).toMatchObject({ state: "failed", code: "expired" });
      expect(await find(sent.id)).toMatchObject({ state: "waiting" });
      forward(2 * DAY_MS);
      await use(({ sweep }) => sweep);
      expect(await find(sent.id)).toMatchObject({ state: "failed", code: "unrecorded" });
    });
  });
}
