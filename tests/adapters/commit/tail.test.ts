import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import type * as Scope from "effect/Scope";
import * as Stream from "effect/Stream";
import * as TestClock from "effect/testing/TestClock";
import { expect, test } from "vitest";
import { type Tail, tailOf } from "../../../adapters/commit/tail.ts";
import { LedgerCorrupt, READ_LIMIT_MAX, START } from "../../../adapters/ports/ledger.ts";
import type { LedgerRecord } from "../../../domain/ledger/entry.ts";

const recordAt = (position: number): LedgerRecord => ({
  v: 1,
  ledger: "identity",
  id: randomUUID(),
  stream: "note-1",
  type: "Noted",
  schema: 1,
  at: "2026-11-21T00:00:00.000Z",
  salt: "",
  meta: { actor: "process:test", correlation: randomUUID() },
  data: {},
  position,
  revision: position - 1,
  leaf: `leaf ${position}`,
});

/** A ledger that only a test appends to; `corrupt` is a position whose record cannot be trusted. */
const source = (count: number) => {
  const state = {
    records: Array.from({ length: count }, (_, i) => recordAt(i + 1)),
    pages: 0,
    corrupt: 0,
  };
  const page = (from: number, limit: number = READ_LIMIT_MAX) =>
    Effect.suspend(() => {
      state.pages += 1;
      const found = state.records.filter(({ position }) => position >= from).slice(0, limit);
      const bad = found.some(({ position }) => position === state.corrupt);
      const { corrupt: position } = state;
      return bad
        ? Effect.fail(new LedgerCorrupt({ ledger: "identity", position, problem: "planted" }))
        : Effect.succeed(found);
    });
  const head = Effect.sync(() => ({
    position: state.records.length,
    leaf: state.records.at(-1)?.leaf ?? "",
    epoch: "one",
  }));
  const append = (more: number) => {
    const made = Array.from({ length: more }, (_, i) => recordAt(state.records.length + 1 + i));
    state.records.push(...made);
    return made;
  };
  return { state, append, tail: tailOf({ name: "identity", page, head }) };
};

/** Collects what a follower is given; time stands still unless the test moves it. */
const following = (tail: Tail, cursor = START) =>
  Effect.gen(function* () {
    const seen: Array<number> = [];
    const fiber = yield* tail.follow(cursor).pipe(
      Stream.runForEach((batch) =>
        Effect.sync(() => seen.push(...batch.map(({ position }) => position))),
      ),
      Effect.forkScoped,
    );
    return { seen, fiber };
  });
const settle = Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow, { discard: true });
const run = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>) =>
  Effect.runPromise(Effect.provide(Effect.scoped(effect), TestClock.layer()));

test("a wake-up brings what another process appended, without waiting for the poll", () =>
  run(
    Effect.gen(function* () {
      const { tail: make, append } = source(2);
      const tail = yield* make;
      const { seen } = yield* following(tail);
      yield* settle;
      expect(seen).toEqual([1, 2]);
      append(3);
      yield* settle;
      expect(seen).toEqual([1, 2]);
      tail.wake(5);
      yield* settle;
      expect(seen).toEqual([1, 2, 3, 4, 5]);
    }),
  ));

test("a lost wake-up is made good by the poll", () =>
  run(
    Effect.gen(function* () {
      const { tail: make, append } = source(1);
      const tail = yield* make;
      const { seen } = yield* following(tail);
      yield* settle;
      append(1_200);
      yield* TestClock.adjust("1 second");
      yield* settle;
      expect(seen).toEqual(Array.from({ length: 1_201 }, (_, index) => index + 1));
    }),
  ));

test("what this process appended reaches its followers without any read", () =>
  run(
    Effect.gen(function* () {
      const { tail: make, append, state } = source(0);
      const tail = yield* make;
      const { seen } = yield* following(tail);
      yield* settle;
      tail.feed(append(3));
      tail.wake(3);
      yield* settle;
      expect(seen).toEqual([1, 2, 3]);
      expect(state.pages).toBe(0);
    }),
  ));

test("a feed past a hole is read from the store, in order", () =>
  run(
    Effect.gen(function* () {
      const { tail: make, append } = source(1);
      const tail = yield* make;
      const { seen } = yield* following(tail);
      append(2);
      tail.feed(append(2));
      yield* settle;
      expect(seen).toEqual([1, 2, 3, 4, 5]);
    }),
  ));

test("a corrupt record is never given out, what stands before it is, and it heals", () =>
  run(
    Effect.gen(function* () {
      const { tail: make, append, state } = source(1);
      const tail = yield* make;
      const { seen, fiber } = yield* following(tail);
      yield* settle;
      state.corrupt = 4;
      append(5);
      tail.wake();
      yield* settle;
      expect(seen).toEqual([1, 2, 3]);
      const error = yield* Effect.flip(Fiber.join(fiber));
      expect(error).toMatchObject({ _tag: "LedgerCorrupt", position: 4 });
      const cursor = { position: 3, leaf: "leaf 3", epoch: "one" };
      const late = yield* Effect.flip(Stream.runDrain(tail.follow(cursor)));
      expect(late).toMatchObject({ _tag: "LedgerCorrupt", position: 4 });
      state.corrupt = 0;
      yield* TestClock.adjust("1 second");
      const again = yield* following(tail, cursor);
      yield* settle;
      expect(again.seen).toEqual([4, 5, 6]);
    }),
  ));

test("a hole in the store stops followers with its position", () =>
  run(
    Effect.gen(function* () {
      const { tail: make, append, state } = source(1);
      const tail = yield* make;
      const { seen, fiber } = yield* following(tail);
      yield* settle;
      append(4);
      state.records.splice(2, 1);
      tail.wake();
      yield* settle;
      expect(seen).toEqual([1, 2]);
      const error = yield* Effect.flip(Fiber.join(fiber));
      expect(error).toMatchObject({ _tag: "LedgerCorrupt", position: 3 });
    }),
  ));
