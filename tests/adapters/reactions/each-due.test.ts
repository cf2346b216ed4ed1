import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { expect, test } from "vitest";
import { storeCodec } from "../../../adapters/codec/store.ts";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { eachDue } from "../../../adapters/reactions/each-due.ts";
import type { StoreRow } from "../../../projections/stores.ts";
import { secretOf } from "../../support/sql-store.ts";

const here = memory().pipe(
  Layer.provideMerge(keyring([secretOf(7)])),
  Layer.provideMerge(rootKeys()),
);

/** More than two pages. */
const MANY = 450;

const stores = Effect.gen(function* () {
  const { identity } = yield* Ledgers;
  for (let n = 0; n < MANY; n++) {
    yield* identity.append({
      requestId: randomUUID(),
      stream: `store-${randomUUID()}`,
      expect: "none",
      entries: [storeCodec.encode({ type: "StoreCreated", name: `store ${n}` })],
      meta: { actor: "process:test", correlation: randomUUID() },
    });
  }
});

/** Names that were handled; those that `fails` names are tried and fail. */
const handled = (isDue: (row: StoreRow) => boolean, fails: (row: StoreRow) => boolean) =>
  Effect.gen(function* () {
    const seen: Array<string> = [];
    yield* eachDue({ name: "test", model: "stores", isDue }, (row: StoreRow) =>
      Effect.suspend(() => {
        seen.push(row.name);
        return fails(row) ? Effect.fail("refused") : Effect.void;
      }),
    );
    return seen;
  });

test("whoever is due is handled, however many, whatever becomes of the others", () =>
  Effect.gen(function* () {
    yield* stores;
    const fails = ({ name }: StoreRow) => name === "store 0" || name === "store 201";
    const all = yield* handled(() => true, fails);
    expect(new Set(all).size).toBe(MANY);
    expect(all.length).toBe(MANY);
  }).pipe(Effect.provide(here), Effect.runPromise));

test("nobody is looked at who comes after the first that is not due", () =>
  Effect.gen(function* () {
    yield* stores;
    let asked = 0;
    yield* handled(
      () => {
        asked++;
        return false;
      },
      () => false,
    );
    expect(asked).toBeLessThan(MANY);
  }).pipe(Effect.provide(here), Effect.runPromise));
