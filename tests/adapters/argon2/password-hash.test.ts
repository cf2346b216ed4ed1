import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import * as Metric from "effect/Metric";
import { expect, test } from "vitest";
import { CHEAP, type Cost, layer } from "../../../adapters/argon2/password-hash.ts";
import { PasswordHash } from "../../../adapters/ports/password-hash.ts";

const on = <A, E>(
  use: (service: PasswordHash["Service"]) => Effect.Effect<A, E>,
  cost: Cost | undefined = CHEAP,
) =>
  Effect.runPromise(
    Effect.flatMap(Effect.service(PasswordHash), use).pipe(Effect.provide(layer(cost))),
  );

test("hash() answers an argon2id PHC string with the production cost", async () => {
  const phc = await Effect.runPromise(
    Effect.flatMap(Effect.service(PasswordHash), (service) => service.hash("correct horse")).pipe(
      Effect.provide(layer()),
    ),
  );
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test("verify() accepts the password and nothing else", async () => {
  const answers = await on((service) =>
    Effect.gen(function* () {
      const phc = yield* service.hash("correct horse");
      return yield* Effect.all([
        service.verify(phc, "correct horse"),
        service.verify(phc, "correct horsf"),
        service.verify(phc, ""),
        service.verify(undefined, "correct horse"),
      ]);
    }),
  );
  expect(answers).toEqual([true, false, false, false]);
});

test("verify() against no hash does the same work as against one", async () => {
  const heavy: Cost = { memoryKib: 16_384, passes: 2, lanes: 1 };
  const spent = await on(
    (service) =>
      Effect.gen(function* () {
        const phc = yield* service.hash("correct horse");
        const times = { known: [] as Array<number>, unknown: [] as Array<number> };
        for (let round = 0; round < 7; round++) {
          for (const [kind, hash] of [
            ["known", phc],
            ["unknown", undefined],
          ] as const) {
            const start = performance.now();
            yield* service.verify(hash, "wrong");
            times[kind].push(performance.now() - start);
          }
        }
        return { known: Math.min(...times.known), unknown: Math.min(...times.unknown) };
      }),
    heavy,
  );
  // No hash and no work would be a thousand times faster; the machine may be busy.
  expect(spent.unknown).toBeGreaterThan(spent.known / 4);
  expect(spent.known).toBeGreaterThan(spent.unknown / 4);
});

test("past its waiting places the pool answers HashPoolBusy, and then works on", async () => {
  const results = await on((service) =>
    Effect.gen(function* () {
      const flood = Array.from({ length: 500 }, () => Effect.result(service.hash("x")));
      const first = yield* Effect.all(flood, { concurrency: "unbounded" });
      return { first, after: yield* service.hash("x") };
    }),
  );
  const busy = results.first.filter((result) => result._tag === "Failure");
  expect(busy.length).toBeGreaterThan(0);
  expect(busy.length).toBeLessThan(500);
  expect(busy[0]?.failure).toMatchObject({ _tag: "HashPoolBusy", retryAfterMs: 1_000 });
  expect(results.after).toMatch(/^\$argon2id\$/);
});

test("the pool says what runs and what waits, and counts how long", async () => {
  const context = Context.make(Metric.MetricRegistry, new Map());
  const numbers = () =>
    Object.fromEntries(
      Metric.snapshotUnsafe(context).map(({ id, state }) => [
        id,
        "value" in state ? state.value : "count" in state ? state.count : state,
      ]),
    );
  const seen = await Effect.runPromise(
    Effect.gen(function* () {
      const service = yield* PasswordHash;
      const idle = yield* service.status;
      const flood = Array.from({ length: 400 }, () => Effect.result(service.hash("x")));
      const running = yield* Effect.forkChild(Effect.all(flood, { concurrency: "unbounded" }));
      yield* Effect.yieldNow;
      const full = { ...(yield* service.status), metrics: numbers() };
      const results = yield* Fiber.join(running);
      const hashed = results.filter(({ _tag }) => _tag === "Success").length;
      return { idle, full, hashed, after: yield* service.status, metrics: numbers() };
    }).pipe(Effect.provide(layer(CHEAP)), Effect.provideContext(context)),
  );
  const { idle, full, hashed } = seen;
  expect(idle).toMatchObject({ running: 0, waiting: 0 });
  expect(full).toMatchObject({ running: idle.slots, waiting: idle.waitingMax });
  expect(full.metrics).toMatchObject({
    authledger_hash_slots: idle.slots,
    authledger_hash_running: idle.slots,
    authledger_hash_waiting: idle.waitingMax,
    authledger_hash_refused_total: 400 - hashed,
  });
  expect(hashed).toBe(idle.slots + idle.waitingMax);
  expect(seen.after).toEqual(idle);
  expect(seen.metrics["authledger_hash_wait_seconds"]).toBe(hashed);
});

test("who goes away while waiting leaves the place, while hashing not the slot", async () => {
  const seen = await on((service) =>
    Effect.gen(function* () {
      const fibers = yield* Effect.forEach(Array.from({ length: 20 }), () =>
        Effect.forkChild(service.hash("x")),
      );
      yield* Effect.yieldNow;
      const before = yield* service.status;
      yield* Effect.forEach(fibers, (fiber) => Fiber.interrupt(fiber), {
        concurrency: "unbounded",
      });
      return { before, after: yield* service.status, hash: yield* service.hash("x") };
    }),
  );
  expect(seen.before.waiting).toBe(20 - seen.before.slots);
  expect(seen.after).toMatchObject({ running: 0, waiting: 0 });
  expect(seen.hash).toMatch(/^\$argon2id\$/);
});
