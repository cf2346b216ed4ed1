import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { artefactBatches, type Putting } from "../../../adapters/sql/artefact-batches.ts";
import { type Database, DatabaseError } from "../../../adapters/sql/database.ts";

const putting = (digest: string): Putting => ({
  ...{ kind: "AccessToken", digest, grant: null, userCode: null },
  ...{ keyVersion: 1, ciphertext: new Uint8Array(1), expiresMs: 1 },
});

/** A database that keeps all but what is poison, and fails as told; it says what it was asked. */
function told(sqlstate?: string) {
  const asked: Array<ReadonlyArray<string>> = [];
  const query = (_: string, [, digests]: ReadonlyArray<unknown> = []) =>
    Effect.suspend(() => {
      const all = digests as ReadonlyArray<string>;
      asked.push(all);
      if (!all.includes("poison"))
        return Effect.succeed(all.map((one) => ({ kept: one !== "no" })));
      const state = sqlstate === undefined ? {} : { sqlstate };
      return Effect.fail(new DatabaseError({ ...state, cause: "told" }));
    });
  return { asked, database: { query } as unknown as Database["Service"] };
}

const put = (database: Database["Service"], digests: ReadonlyArray<string>) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const batches = yield* artefactBatches(database);
        return yield* Effect.all(
          digests.map((digest) => Effect.result(batches.put(putting(digest)))),
          { concurrency: "unbounded" },
        );
      }),
    ),
  );

test("who asks at once shares a statement, in one order, and hears its own", async () => {
  const { asked, database } = told();
  const heard = await put(database, ["c", "no", "a"]);
  expect(asked).toEqual([["a", "c", "no"]]);
  expect(heard).toMatchObject([{ success: true }, { success: false }, { success: true }]);
});

test("what is refused together is tried alone, so that nobody fails for another", async () => {
  const { asked, database } = told("40P01");
  const heard = await put(database, ["b", "poison", "a"]);
  expect(asked).toEqual([["a", "b", "poison"], ["b"], ["poison"], ["a"]]);
  expect(heard).toMatchObject([
    { success: true },
    { failure: { sqlstate: "40P01" } },
    { success: true },
  ]);
});

test("a database that is away is asked once", async () => {
  const { asked, database } = told();
  const heard = await put(database, ["poison", "a"]);
  expect(asked).toHaveLength(1);
  expect(heard).toMatchObject([{ _tag: "Failure" }, { _tag: "Failure" }]);
});
