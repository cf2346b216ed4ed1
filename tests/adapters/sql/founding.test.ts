import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Keyring } from "../../../adapters/ports/keyring.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { foundingOf } from "../../../adapters/sql/founding.ts";
import { migrate, migrations, schemaVersion } from "../../../adapters/sql/migrate.ts";
import { States } from "../../../adapters/transact.ts";
import { found } from "../../../ops/found.ts";
import { checkIssuer } from "../../../ops/issuer.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

const URL = "https://id.example.org";

founding("pglite", emptyPglite);
describe("on a server", onPostgres, () => founding("postgres", emptyPostgres));

/** What `serve` does at its start, as a process that remembers no state and has this secret. */
const start = (secretId: string, options: { url?: string; adoptUrl?: boolean } = {}) =>
  Effect.gen(function* () {
    const keyring = yield* Keyring;
    const { url = URL, adoptUrl = false } = options;
    const given = Context.make(Keyring, { ...keyring, secretId }).pipe(
      Context.add(States, { kept: new Map(), turns: new Map() }),
    );
    yield* Effect.provide(found({ url }, { adoptUrl }), given);
  });

function founding(name: string, database: DatabaseLayer): void {
  describe(`Founding: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<
      Layer.Success<ReturnType<typeof ledgersOn>>,
      unknown
    >;
    const on = <A, E>(effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof ledgersOn>>>) =>
      runtime.runPromise(effect);
    beforeAll(() => {
      runtime = ManagedRuntime.make(ledgersOn(database));
    });
    afterAll(() => runtime.dispose());
    const history = Effect.flatMap(Effect.service(Ledgers), ({ identity }) =>
      Effect.map(identity.read({}), (records) => records.map(({ type }) => type)),
    );
    const atOnce = (count: number, one: ReturnType<typeof start>) =>
      Effect.all(
        Array.from({ length: count }, () => one),
        { concurrency: "unbounded" },
      );

    test("servers that start at once found one ledger", async () => {
      expect(await on(foundingOf)).toBeUndefined();
      await on(atOnce(6, start("00000000000000aa")));
      expect(await on(history)).toEqual(["LedgerFounded"]);
      const founded = await on(foundingOf);
      expect(founded).toMatchObject({
        issuer: URL,
        origin: "id.example.org/tlog",
        secretId: "00000000000000aa",
      });
      await on(start("00000000000000aa"));
      expect(await on(history)).toHaveLength(1);
    });

    test("a new secret is noted once, a new issuer where it was asked for", async () => {
      await on(atOnce(4, start("00000000000000bb")));
      expect(await on(history)).toEqual(["LedgerFounded", "SecretRotated"]);
      await on(start("00000000000000bb", { url: "https://new.example.org" }));
      expect(await on(history)).toHaveLength(2);
      await on(
        atOnce(3, start("00000000000000bb", { url: "https://new.example.org", adoptUrl: true })),
      );
      expect(await on(history)).toEqual(["LedgerFounded", "SecretRotated", "IssuerAdopted"]);
      expect(await on(foundingOf)).toMatchObject({
        issuer: "https://new.example.org",
        origin: "id.example.org/tlog",
        secretId: "00000000000000bb",
      });
    });
  });

  describe(`Migrations: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Database, unknown>;
    const on = <A, E>(effect: Effect.Effect<A, E, Database>) => runtime.runPromise(effect);
    beforeAll(() => {
      runtime = ManagedRuntime.make(database);
    });
    afterAll(() => runtime.dispose());
    const query = (statement: string) =>
      Effect.flatMap(Effect.service(Database), (open) =>
        open.query<Record<string, unknown>>(statement),
      );
    const applied = query("SELECT version, name FROM authledger.migrations ORDER BY version");

    test("looking for a version changes nothing", async () => {
      expect(await on(schemaVersion)).toBe(0);
      expect(await on(query("SELECT 1 FROM pg_namespace WHERE nspname = 'authledger'"))).toEqual(
        [],
      );
    });

    test("processes that start at once migrate once", async () => {
      const all = migrations();
      expect(all.map(({ version }) => version)).toEqual(all.map((_, index) => index + 1));
      await on(Effect.all([migrate, migrate, migrate, migrate], { concurrency: "unbounded" }));
      expect(await on(applied)).toEqual(all.map(({ version, name }) => ({ version, name })));
      expect(await on(schemaVersion)).toBe(all.length);
      const heads = "SELECT ledger, position FROM authledger.heads ORDER BY ledger";
      expect(await on(query(heads))).toEqual([
        { ledger: "activity", position: 0 },
        { ledger: "identity", position: 0 },
      ]);
    });

    test("a database of a newer program is refused and left as it is", async () => {
      const known = migrations().length;
      await on(
        query(`INSERT INTO authledger.migrations (version, name) VALUES (${known + 1}, 'new')`),
      );
      const before = await on(applied);
      const error = await on(Effect.flip(migrate));
      expect(error).toMatchObject({ _tag: "DatabaseNewer", found: known + 1, known });
      expect(await on(applied)).toEqual(before);
    });
  });
}

test.each([
  [undefined, URL, false, true],
  [URL, URL, false, true],
  ["https://other.example.org", URL, false, false],
  ["http://localhost:4000", "http://localhost:5000", true, true],
  ["http://localhost:4000", "http://localhost:5000", false, false],
  [URL, "http://localhost:4000", true, false],
  ["http://localhost.example.org", "http://localhost:4000", true, false],
])("a ledger of %s served as %s (a default: %s) may: %s", (founded, url, defaultUrl, may) => {
  const refused = checkIssuer({ url, defaultUrl }, founded);
  expect(refused === undefined).toBe(may);
  if (refused !== undefined) expect(refused.message).toContain(String(founded));
});
