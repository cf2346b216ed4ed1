import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as TestClock from "effect/testing/TestClock";
import { expect, test } from "vitest";
import { keyringOf } from "../../../adapters/crypto/keyring.ts";
import { generate, PURPOSES } from "../../../adapters/crypto/root-keys.ts";
import { Keyring } from "../../../adapters/ports/keyring.ts";
import { type Append, Ledgers } from "../../../adapters/ports/ledger.ts";
import { Database, DatabaseError } from "../../../adapters/sql/database.ts";
import { layer } from "../../../adapters/sql/ledger.ts";

const keyring = keyringOf(
  "0123456789abcdef",
  PURPOSES.map((purpose) => generate(purpose, 1)),
);

/** Answers the head, and nothing that would append. */
const withoutAppends = Database.of({
  kind: "postgres",
  query: (statement) =>
    statement.includes("append_")
      ? Effect.fail(new DatabaseError({ cause: "gone" }))
      : Effect.succeed([]),
  script: () => Effect.void,
  transaction: () => Effect.die("no transactions here"),
  listen: () => Effect.void,
});

const request = (): Append => ({
  requestId: randomUUID(),
  stream: "note-1",
  expect: "any",
  entries: [{ type: "Noted", schema: 1, data: {} }],
  meta: { actor: "process:test", correlation: randomUUID() },
});

/** More than four flushes hold. */
const REQUESTS = 1_200;

test("a database that is away is waited for once, not again by each flush behind", async () => {
  const work = Effect.gen(function* () {
    const { identity } = yield* Ledgers;
    const refused: Array<string> = [];
    const append = (one: Append) =>
      Effect.map(Effect.flip(identity.append(one)), ({ _tag }) => refused.push(_tag));
    for (let count = 0; count < REQUESTS; count++) yield* Effect.forkChild(append(request()));
    // All steps together are shorter than waiting twice.
    for (let step = 0; step < 60; step++) {
      yield* TestClock.adjust("250 millis");
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)));
    }
    return refused;
  });
  const stack = layer.pipe(
    Layer.provide(Layer.succeed(Database, withoutAppends)),
    Layer.provide(Layer.succeed(Keyring, keyring)),
    Layer.provideMerge(TestClock.layer()),
  );
  const refused = await Effect.runPromise(Effect.provide(work, stack));
  expect(refused).toEqual(Array.from({ length: REQUESTS }, () => "LedgerUnavailable"));
});
