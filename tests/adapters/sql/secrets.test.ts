import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { layer as keyringLayer } from "../../../adapters/crypto/keyring.ts";
import { Keyring } from "../../../adapters/ports/keyring.ts";
import { RootKeys } from "../../../adapters/ports/root-keys.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { migrate } from "../../../adapters/sql/migrate.ts";
import { layer as rootKeys } from "../../../adapters/sql/root-keys.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { secretOf } from "../../support/sql-store.ts";

type Services = Database | RootKeys;

secrets("pglite", emptyPglite);
describe("on a server", onPostgres, () => secrets("postgres", emptyPostgres));

/** A process that starts with these secrets, newest first. */
const startWith = (...bytes: ReadonlyArray<number>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const fresh = Layer.fresh(keyringLayer(bytes.map(secretOf)));
      return yield* Effect.provide(Effect.service(Keyring), yield* Layer.build(fresh));
    }),
  );
const leaf = new Uint8Array(32).fill(5);
const macOf = (keyring: Keyring["Service"]) =>
  Buffer.from(keyring.mac("identity", leaf)).toString("hex");
const stored = Effect.flatMap(Effect.service(RootKeys), ({ all }) => all);

function secrets(name: string, database: DatabaseLayer): void {
  describe(`Root keys: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Services, unknown>;
    const on = <A, E>(effect: Effect.Effect<A, E, Services>) => runtime.runPromise(effect);
    beforeAll(() => {
      const migrated = Layer.effectDiscard(migrate).pipe(Layer.provideMerge(database));
      runtime = ManagedRuntime.make(rootKeys.pipe(Layer.provideMerge(migrated)));
    });
    afterAll(() => runtime.dispose());

    test("processes that start at once have the same keys", async () => {
      const keyrings = await on(
        Effect.all(
          Array.from({ length: 4 }, () => startWith(1)),
          { concurrency: "unbounded" },
        ),
      );
      expect(new Set(keyrings.map(macOf)).size).toBe(1);
      expect(await on(stored)).toHaveLength(5);
    });

    test("a rotated secret wraps every key, changes none, and the old one is refused", async () => {
      const before = await on(startWith(1));
      const sealed = before.wrap("vault", "aad", Buffer.from("kept"));
      const rotated = await on(startWith(2, 1));
      expect(rotated.secretId).not.toBe(before.secretId);
      const rows = await on(stored);
      expect(rows.map(({ secretId }) => secretId)).toEqual(rows.map(() => rotated.secretId));
      const after = await on(startWith(2));
      expect(macOf(after)).toBe(macOf(before));
      expect(after.claimDigest("email", "a@b")).toBe(before.claimDigest("email", "a@b"));
      expect(Buffer.from(after.unwrap("vault", "aad", sealed) ?? []).toString()).toBe("kept");
      const refused = await on(Effect.flip(startWith(1)));
      expect(refused).toMatchObject({ _tag: "WrongSecret", wanted: rotated.secretId });
      expect(await on(stored)).toEqual(rows);
    });

    test("a rotation that fails half-way leaves every key as it was", async () => {
      const before = await on(stored);
      const [last] = before.slice(-1);
      const name = `t${randomUUID().replaceAll("-", "")}`;
      const script = (statements: string) =>
        on(Effect.flatMap(Effect.service(Database), (open) => open.script(statements)));
      await script(`CREATE FUNCTION ${name}() RETURNS TRIGGER LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no'; END $$;
        CREATE TRIGGER ${name} BEFORE UPDATE ON authledger.root_keys FOR EACH ROW
        WHEN (OLD.purpose = '${last?.purpose}') EXECUTE FUNCTION ${name}();`);
      const failed = await on(Effect.flip(startWith(3, 2)));
      expect(failed).toMatchObject({ _tag: "StoreUnavailable" });
      expect(await on(stored)).toEqual(before);
      await script(`DROP TRIGGER ${name} ON authledger.root_keys`);
      await on(startWith(3, 2));
      expect(await on(Effect.flip(startWith(2)))).toMatchObject({ _tag: "WrongSecret" });
      await on(startWith(3));
    });

    test("a key row that was altered or swapped does not open", async () => {
      const swap = `UPDATE authledger.root_keys k SET wrapped = other.wrapped
         FROM authledger.root_keys other WHERE other.purpose = 'index' AND k.purpose = 'mac'`;
      await on(Effect.flatMap(Effect.service(Database), ({ script }) => script(swap)));
      expect(await on(Effect.flip(startWith(3)))).toMatchObject({ _tag: "RootKeyDamaged" });
    });
  });
}
