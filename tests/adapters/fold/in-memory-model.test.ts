import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { TestClock } from "effect/testing";
import { expect, test } from "vitest";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { inMemoryModel, STALENESS_MS_MAX } from "../../../adapters/fold/in-memory-model.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { type Append, Ledgers, LedgerUnavailable } from "../../../adapters/ports/ledger.ts";
import { roles } from "../../../projections/roles.ts";

const store = memory().pipe(
  Layer.provideMerge(keyring([Redacted.make(new Uint8Array(32).fill(3))])),
  Layer.provideMerge(rootKeys()),
);

const user = "0190a1b2-0000-4000-8000-000000000001";
const grant = (role: string, n: number): Append => ({
  requestId: `grant-${n}`,
  stream: `user-${user}`,
  expect: "any",
  entries: [{ type: "RoleGranted", schema: 1, data: { role } }],
  meta: { actor: "operator:test", correlation: "0190a1b2-0000-4000-8000-00000000000a" },
});

/** A ledger whose head can be made unreachable. */
const breakable = Effect.gen(function* () {
  const ledgers = yield* Ledgers;
  const state = { broken: false, asked: 0 };
  const head = Effect.suspend(() => {
    state.asked += 1;
    return state.broken
      ? Effect.fail(new LedgerUnavailable({ cause: "broken" }))
      : ledgers.identity.head;
  });
  const identity = { ...ledgers.identity, head };
  return { ledgers: { ...ledgers, identity }, state };
});

const run = <A, E>(body: Effect.Effect<A, E, Ledgers>) =>
  Effect.runPromise(Effect.provide(body, store));

test("a row is read from memory as soon as it was appended, whoever appended it", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const model = yield* inMemoryModel(roles);
        yield* (yield* Ledgers).identity.append(grant("buyer", 1));
        expect(yield* model.get(`${user}:buyer`)).toMatchObject({ role: "buyer" });
        expect(yield* model.get(`${user}:admin`)).toBeUndefined();
      }),
    ),
  ));

test("within the bound the head is not asked for; past it, once", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { ledgers, state } = yield* breakable;
        const model = yield* Effect.provideService(inMemoryModel(roles), Ledgers, ledgers);
        yield* model.rows;
        const asked = state.asked;
        yield* model.rows;
        yield* TestClock.adjust(STALENESS_MS_MAX);
        yield* model.rows;
        expect(state.asked).toBe(asked);
        yield* TestClock.adjust(1);
        yield* model.rows;
        expect(state.asked).toBe(asked + 1);
      }),
    ).pipe(Effect.provide(TestClock.layer())),
  ));

test("past the bound, without a head to confirm, it fails closed, and recovers", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { ledgers, state } = yield* breakable;
        const model = yield* Effect.provideService(inMemoryModel(roles), Ledgers, ledgers);
        yield* model.rows;
        state.broken = true;
        yield* TestClock.adjust(STALENESS_MS_MAX + 1);
        expect(yield* Effect.flip(model.get("anything"))).toMatchObject({ _tag: "StaleModel" });
        state.broken = false;
        expect(yield* model.get("anything")).toBeUndefined();
      }),
    ).pipe(Effect.provide(TestClock.layer())),
  ));
