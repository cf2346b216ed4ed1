import * as Deferred from "effect/Deferred";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import * as Stream from "effect/Stream";
import { TestClock } from "effect/testing";
import { expect, test } from "vitest";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { inMemoryModel, STALENESS_MS_MAX } from "../../../adapters/fold/in-memory-model.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import {
  type Append,
  type Ledger,
  Ledgers,
  LedgerUnavailable,
} from "../../../adapters/ports/ledger.ts";
import { Parked, ReadModels } from "../../../adapters/ports/read-models.ts";
import type { ReadModel } from "../../../projections/catalogue.ts";
import { roles } from "../../../projections/roles.ts";
import { until } from "../../support/until.ts";

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

const run = <A, E>(body: Effect.Effect<A, E, Ledgers | ReadModels>) =>
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

test("without waiting it answers within the bound alone, and is confirmed before that ends", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { ledgers, state } = yield* breakable;
        yield* ledgers.identity.append(grant("buyer", 1));
        const model = yield* Effect.provideService(inMemoryModel(roles), Ledgers, ledgers);
        const key = `${user}:buyer`;
        expect(model.fresh(0)).toBeUndefined();
        yield* model.get(key);
        const asked = state.asked;
        expect(model.fresh(STALENESS_MS_MAX / 2)?.get(key)).toMatchObject({ role: "buyer" });
        expect(state.asked).toBe(asked);
        // A clock that was set back says nothing about how old the rows are.
        expect(model.fresh(-1)).toBeUndefined();
        expect(model.fresh(STALENESS_MS_MAX + 1)).toBeUndefined();
        expect(model.fresh(STALENESS_MS_MAX)?.all().size).toBe(1);
        yield* Effect.promise(() =>
          until(async () => model.fresh(STALENESS_MS_MAX + 1) !== undefined),
        );
        expect(state.asked).toBe(asked + 1);
        state.broken = true;
        expect(model.fresh(2 * STALENESS_MS_MAX)).toBeDefined();
        expect(model.fresh(2 * STALENESS_MS_MAX + 1)).toBeUndefined();
      }),
    ).pipe(Effect.provide(TestClock.layer())),
  ));

/** A ledger that says from where it is followed. */
const watched = Effect.gen(function* () {
  const ledgers = yield* Ledgers;
  const from: Array<number> = [];
  const follow: Ledger["follow"] = (cursor) => {
    from.push(cursor.position);
    return ledgers.identity.follow(cursor);
  };
  return { ledgers: { ...ledgers, identity: { ...ledgers.identity, follow } }, from };
});

test("it begins with the stored rows, and follows the ledger from there", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { ledgers, from } = yield* watched;
        yield* ledgers.identity.append(grant("buyer", 1));
        yield* ledgers.identity.append(grant("seller", 2));
        const model = yield* Effect.provideService(inMemoryModel(roles), Ledgers, ledgers);
        yield* model.rows;
        const { position } = yield* ledgers.identity.append(grant("manager", 3));
        yield* model.reach(position);
        const rows = [...(yield* model.rows).values()].map(({ role }) => role);
        expect(rows.toSorted()).toEqual(["buyer", "manager", "seller"]);
        expect(from).toHaveLength(1);
        expect(from[0]).toBeGreaterThanOrEqual(2);
      }),
    ),
  ));

test("where a stored row is parked, or of another version, it begins with the first event", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { ledgers, from } = yield* watched;
        yield* ledgers.identity.append(grant("buyer", 1));
        const models = yield* ReadModels;
        const parked = new Parked({ model: "roles", key: `${user}:seller`, position: 1 });
        const list = () => Effect.fail(parked);
        const begun = (model: ReadModel) =>
          inMemoryModel(model).pipe(
            Effect.provideService(Ledgers, ledgers),
            Effect.provideService(ReadModels, { ...models, list }),
          );
        const model = yield* begun(roles);
        expect(yield* model.get(`${user}:buyer`)).toMatchObject({ role: "buyer" });
        const next = yield* begun({ ...(roles as ReadModel), version: roles.version + 1 });
        expect(yield* next.get(`${user}:buyer`)).toMatchObject({ role: "buyer" });
        expect(from).toEqual([0, 0]);
      }),
    ),
  ));

test("a fold that is begun anew is confirmed anew, however fresh the one before was", () =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const { ledgers, state } = yield* breakable;
        const cut = yield* Deferred.make<never, LedgerUnavailable>();
        let follows = 0;
        const follow: Ledger["follow"] = (cursor) =>
          ++follows === 1
            ? Stream.merge(ledgers.identity.follow(cursor), Stream.fromEffect(Deferred.await(cut)))
            : ledgers.identity.follow(cursor);
        const identity = { ...ledgers.identity, follow };
        const model = yield* Effect.provideService(inMemoryModel(roles), Ledgers, {
          ...ledgers,
          identity,
        });
        yield* model.rows;
        const asked = state.asked;
        yield* Deferred.fail(cut, new LedgerUnavailable({ cause: "cut" }));
        yield* TestClock.adjust(STALENESS_MS_MAX / 2);
        expect(follows).toBe(2);
        yield* model.rows;
        expect(state.asked).toBe(asked + 1);
      }),
    ).pipe(Effect.provide(TestClock.layer())),
  ));
