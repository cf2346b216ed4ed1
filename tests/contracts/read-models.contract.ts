import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SNAPSHOT_EVERY } from "../../adapters/fold/fold-batch.ts";
import type { Ledgers } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { LONG, type Note, note } from "./counts.ts";

type Ports = ReadModels | Ledgers;
type On = <A, E>(effect: Effect.Effect<A, E, Ports>) => Promise<A>;

/** A busy machine folds within this. */
const DEADLINE_MS = 10_000;

/** Every implementation of the read models runs this suite, with `counts` as its only model. */
export function readModelsContract<E>(name: string, makeLayer: () => Layer.Layer<Ports, E>): void {
  describe(`Read models contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Ports, E>;
    beforeAll(async () => {
      runtime = ManagedRuntime.make(makeLayer());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());
    const on: On = (effect) => runtime.runPromise(effect);
    rows(on);
    filtered(on);
    pasts(on);
    parking(on);
    lists(on);
    freshness(on);
  });
}

const models = <A, E>(use: (service: ReadModels["Service"]) => Effect.Effect<A, E>) =>
  Effect.flatMap(Effect.service(ReadModels), use);
const get = (key: string) => models(({ get: one }) => one("counts", key));
const asOf = (key: string, position: number) =>
  models((service) => service.asOf("counts", key, position));
const history = (key: string, page: { readonly before?: number; readonly limit: number }) =>
  models((service) => service.history("counts", key, page));
const reach = (position: number, deadlineMs = DEADLINE_MS) =>
  models((service) => service.reach("counts", position, deadlineMs));
/** Appends and waits until it is folded. */
const noted = (key: string, ...notes: ReadonlyArray<Note>) =>
  Effect.tap(note(key, ...notes), (position) => reach(position));

function rows(on: On): void {
  test("a row is there when it is reached, as it was then and before", async () => {
    const key = randomUUID();
    const first = await on(noted(key, "Noted"));
    const last = await on(noted(key, "Noted", "Noted", "Ignored"));
    expect(await on(get(key))).toEqual({ key, row: { count: 3 }, position: last - 1 });
    expect(await on(asOf(key, last))).toEqual({ key, row: { count: 3 }, position: last - 1 });
    expect(await on(asOf(key, first))).toEqual({ key, row: { count: 1 }, position: first });
    expect(await on(asOf(key, first - 1))).toBeUndefined();
    expect(await on(history(key, { limit: 2 }))).toEqual([last - 1, last - 2]);
    expect(await on(history(key, { before: last - 2, limit: 2 }))).toEqual([first]);
  });

  test("a removed row is gone, its history stays, and it may come again", async () => {
    const key = randomUUID();
    const removed = await on(noted(key, "Noted", "Removed"));
    expect(await on(get(key))).toBeUndefined();
    expect(await on(asOf(key, removed))).toBeUndefined();
    expect(await on(asOf(key, removed - 1))).toMatchObject({ row: { count: 1 } });
    const again = await on(noted(key, "Noted"));
    expect(await on(get(key))).toEqual({ key, row: { count: 1 }, position: again });
    expect(await on(asOf(key, removed))).toBeUndefined();
    const all = [again, removed, removed - 1];
    expect(await on(history(key, { limit: 9 }))).toEqual(all);
  });

  test("many() answers the keys that have rows", async () => {
    const [one, two, none] = [randomUUID(), randomUUID(), randomUUID()];
    await on(noted(one, "Noted"));
    await on(noted(two, "Noted"));
    const found = await on(models(({ many }) => many("counts", [two, none, one, two])));
    expect(found.map(({ key }) => key).sort()).toEqual([one, two].sort());
  });
}

function pasts(on: On): void {
  test("as of every position a row is the fold of what came before, snapshots or not", async () => {
    const key = randomUUID();
    const wanted: Array<{ readonly position: number; readonly count: number | undefined }> = [];
    let count: number | undefined;
    // Cut unevenly, so that a snapshot falls inside, at the end and at the start of a batch.
    const batches = [1, SNAPSHOT_EVERY - 2, 3, SNAPSHOT_EVERY - 2, 1, 57, SNAPSHOT_EVERY];
    for (const [index, size] of batches.entries()) {
      const notes = Array.from(
        { length: size },
        (_, step): Note => (index === 5 && step === 3 ? "Removed" : "Noted"),
      );
      const last = await on(noted(key, ...notes));
      for (const [step, what] of notes.entries()) {
        count = what === "Removed" ? undefined : (count ?? 0) + 1;
        wanted.push({ position: last - size + 1 + step, count });
      }
    }
    // Around every snapshot and the removal each one, between them a few.
    const near = [0, 100, 200, 203, 300, wanted.length - 1];
    const asked = wanted.filter(
      (_, index) => index % 23 === 0 || near.some((one) => Math.abs(one - index) < 4),
    );
    for (const { position, count: then } of asked) {
      const row = then === undefined ? undefined : { key, row: { count: then }, position };
      expect(await on(asOf(key, position))).toEqual(row);
    }
  });
}

function parking(on: On): void {
  test.each(["Broken", "Garbled"] as const)(
    "an event that is %s parks its key alone",
    async (what) => {
      const [bad, good] = [randomUUID(), randomUUID()];
      const before = await on(models(({ status }) => status));
      const position = (await on(noted(bad, "Noted", what, "Noted"))) - 1;
      await on(noted(good, "Noted"));
      const parked = { _tag: "Parked", model: "counts", key: bad, position };
      expect(await on(Effect.flip(get(bad)))).toMatchObject(parked);
      const both = models(({ many }) => many("counts", [good, bad]));
      expect(await on(Effect.flip(both))).toMatchObject(parked);
      expect(await on(Effect.flip(asOf(bad, position)))).toMatchObject(parked);
      expect(await on(asOf(bad, position - 1))).toMatchObject({ row: { count: 1 } });
      expect(await on(get(good))).toMatchObject({ row: { count: 1 } });
      // A page that would show it, now or then, cannot be known either.
      const listed = models(({ list }) => list("counts", { tags: ["all"], limit: 200 }));
      expect(await on(Effect.flip(listed))).toMatchObject({ _tag: "Parked" });
      const then = (at: number) =>
        on(Effect.result(models(({ manyAsOf }) => manyAsOf("counts", [good, bad], at))));
      expect(await then(position)).toMatchObject({ failure: parked });
      expect(await then(position - 1)).toMatchObject({
        success: [{ key: bad, row: { count: 1 } }],
      });
      const after = await on(models(({ status }) => status));
      expect(after[0]?.parked).toBe((before[0]?.parked ?? 0) + 1);
      // A second failure of the same key moves nothing.
      await on(noted(bad, what));
      expect(await on(Effect.flip(get(bad)))).toMatchObject(parked);
    },
  );
}

function lists(on: On): void {
  const sevens = async (query: { readonly limit: number; readonly cursor?: string }) =>
    on(models(({ list }) => list("counts", { tags: ["all", "count:7"], ...query })));

  test("list() goes by sort and key, by tags, in pages that writes do not disturb", async () => {
    const keys = Array.from({ length: 5 }, () => randomUUID());
    for (const key of keys) await on(noted(key, ...Array<Note>(7).fill("Noted")));
    const wanted = [...keys].sort();
    const first = await sevens({ limit: 2 });
    const seen = [...first.items];
    await on(noted(randomUUID(), ...Array<Note>(6).fill("Noted")));
    // One that was shown goes, one that would sort before what was shown comes.
    await on(noted(seen[0]?.key ?? "", "Removed"));
    await on(noted("00000000-0000-4000-8000-000000000000", ...Array<Note>(7).fill("Noted")));
    for (let { nextCursor: cursor } = first; cursor !== undefined; ) {
      const page = await sevens({ limit: 2, cursor });
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen.map(({ key }) => key)).toEqual(wanted);
  });

  test("a cursor that no page gave out starts the list from the beginning", async () => {
    const [first] = (await sevens({ limit: 1 })).items;
    const nul = Buffer.from(JSON.stringify(["\0", "a\0"])).toString("base64url");
    for (const cursor of ["", "x", "bnVsbA", "W10", nul]) {
      const [again] = (await sevens({ limit: 1, cursor })).items;
      expect(again).toEqual(first);
    }
  });
}

function filtered(on: On): void {
  const keysOf = async (limit: number, ...tags: ReadonlyArray<string>) => {
    const keys: Array<string> = [];
    let cursor: string | undefined;
    do {
      const query = { tags, limit, ...(cursor === undefined ? {} : { cursor }) };
      const page = await on(models(({ list }) => list("counts", query)));
      keys.push(...page.items.map(({ key }) => key));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return keys;
  };
  const times = (count: number) => Array<Note>(count).fill("Noted");

  test("a row is in the lists of the tags that it has now, and in no other", async () => {
    const key = randomUUID();
    await on(noted(key, ...times(21)));
    expect(await keysOf(2, "count:21")).toEqual([key]);
    await on(noted(key, "Noted"));
    expect(await keysOf(2, "count:21")).toEqual([]);
    expect(await keysOf(2, "all", "count:21")).toEqual([]);
    expect(await keysOf(2, "count:22")).toEqual([key]);
    // The tag that stays has moved with what it is sorted by.
    const pages = [await keysOf(3, "all"), await keysOf(50), await keysOf(50, "all", "all")];
    for (const keys of pages) expect(keys.filter((one) => one === key)).toEqual([key]);
    await on(noted(key, "Removed"));
    for (const tags of [["count:22"], ["all", "count:22"], ["all"], []]) {
      expect(await keysOf(50, ...tags)).not.toContain(key);
    }
    await on(noted(key, "Noted"));
    expect(await keysOf(50, "count:1", "all")).toContain(key);
  });

  test("however small its pages, a filtered list has each row once, in one order", async () => {
    const keys = Array.from({ length: 7 }, () => randomUUID());
    for (const key of keys) await on(noted(key, ...times(31)));
    for (const tags of [["count:31"], ["all", "count:31"], ["count:31", "all"]]) {
      for (const limit of [1, 2, 7, 8]) {
        expect(await keysOf(limit, ...tags)).toEqual(keys.toSorted());
      }
    }
    expect(await keysOf(2, "count:31", "count:32")).toEqual([]);
    expect(await keysOf(2, "count:31", "none")).toEqual([]);
  });

  test("a tag of any length is one of its own", async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    await on(noted(one, ...times(41)));
    await on(noted(two, ...times(42)));
    expect(await keysOf(2, `${LONG}41`)).toEqual([one]);
    expect(await keysOf(2, `${LONG}42`)).toEqual([two]);
  });
}

function freshness(on: On): void {
  test("reach() returns at the head and refuses past it", async () => {
    const head = await on(noted(randomUUID(), "Noted"));
    await on(reach(head, 0));
    const error = await on(Effect.flip(reach(head + 1, 0)));
    expect(error).toMatchObject({ _tag: "PastHead", wanted: head + 1, head });
    const [status] = await on(models((service) => service.status));
    expect(status).toMatchObject({ model: "counts", version: 1, position: head, head });
    expect(status?.problem).toBeUndefined();
  });
}
