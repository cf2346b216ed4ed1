import * as Deferred from "effect/Deferred";
import * as Effect from "effect/Effect";
import * as Fiber from "effect/Fiber";
import { expect, test } from "vitest";
import { together } from "../../../adapters/sql/together.ts";

/** A load that answers when told to, and says what it was asked. */
const held = Effect.gen(function* () {
  const asked: Array<ReadonlyArray<string>> = [];
  const gates: Array<Deferred.Deferred<ReadonlyMap<string, number>, string>> = [];
  const look = yield* together((keys: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<ReadonlyMap<string, number>, string>();
      asked.push(keys);
      gates.push(gate);
      return yield* Deferred.await(gate);
    }),
  );
  const until = (count: number) =>
    Effect.yieldNow.pipe(Effect.repeat({ until: () => gates.length >= count }));
  const answer = (which: number, found: ReadonlyMap<string, number>) =>
    Effect.suspend(() => {
      const gate = gates[which];
      return gate === undefined ? Effect.die("not asked yet") : Deferred.succeed(gate, found);
    });
  const fail = (which: number) =>
    Effect.suspend(() => {
      const gate = gates[which];
      return gate === undefined ? Effect.die("not asked yet") : Deferred.fail(gate, "down");
    });
  return { asked, look, until, answer, fail };
});

const run = <A, E>(effect: Effect.Effect<A, E, never>) => Effect.runPromise(effect);

test("look-ups of one turn share a statement, each key asked once and each answered its own", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { asked, look, until, answer } = yield* held;
        const all = yield* Effect.forkChild(
          Effect.all([look("a"), look("b"), look("a"), look("none")], { concurrency: "unbounded" }),
        );
        yield* until(1);
        expect(asked).toEqual([["a", "b", "none"]]);
        yield* answer(
          0,
          new Map([
            ["a", 1],
            ["b", 2],
          ]),
        );
        expect(yield* Fiber.join(all)).toEqual([1, 2, 1, undefined]);
      }),
    ),
  ));

test("a look-up is never answered from a statement that was sent before it was asked", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { asked, look, until, answer } = yield* held;
        const before = yield* Effect.forkChild(look("a"));
        yield* until(1);
        const after = yield* Effect.forkChild(look("a"));
        yield* Effect.yieldNow;
        yield* answer(0, new Map([["a", 1]]));
        expect(yield* Fiber.join(before)).toBe(1);
        yield* until(2);
        yield* answer(1, new Map([["a", 2]]));
        expect(yield* Fiber.join(after)).toBe(2);
        expect(asked).toEqual([["a"], ["a"]]);
      }),
    ),
  ));

test("while a statement runs the rest waits and goes together; a failure is everybody's", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { asked, look, until, answer, fail } = yield* held;
        const first = yield* Effect.forkChild(look("a"));
        yield* until(1);
        const second = yield* Effect.forkChild(Effect.flip(look("b")));
        const third = yield* Effect.forkChild(Effect.flip(look("c")));
        yield* Effect.yieldNow;
        expect(asked).toEqual([["a"]]);
        yield* answer(0, new Map([["a", 1]]));
        expect(yield* Fiber.join(first)).toBe(1);
        yield* until(2);
        expect(asked[1]).toEqual(["b", "c"]);
        yield* fail(1);
        expect(yield* Fiber.join(second)).toBe("down");
        expect(yield* Fiber.join(third)).toBe("down");
        const fourth = yield* Effect.forkChild(look("d"));
        yield* until(3);
        yield* answer(2, new Map());
        expect(yield* Fiber.join(fourth)).toBe(undefined);
      }),
    ),
  ));
