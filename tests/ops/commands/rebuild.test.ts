import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReadModels } from "../../../adapters/ports/read-models.ts";
import { UserSearch } from "../../../adapters/ports/user-search.ts";
import { layer as readModelsLayer } from "../../../adapters/sql/read-models.ts";
import { NAME_COLUMNS } from "../../../ops/name-columns.ts";
import { type ReadModel, readModels } from "../../../projections/catalogue.ts";
import { eventually } from "../../support/faults-eventually.ts";
import { makeHistory, type People, settled } from "./history.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { onEachStore, type Place, place } from "./on-each-store.ts";

onEachStore("rebuild", (store) => {
  let where: Place;
  let at: Installation;
  let people: People;

  beforeAll(async () => {
    where = await place(store);
    at = await openInstallation(where.folder, where.variables, "server");
    people = await makeHistory(at.ask);
    await settled(at);
  });
  afterAll(async () => {
    await at?.close();
    await where?.remove();
  });

  const names = [...readModels.map(({ name }) => name), "user_search"];

  const tablesOf = async (model: string) => {
    const rows = await at.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname ~ '^${model}_[0-9]+'`,
    );
    return rows.map(({ name }) => name).toSorted();
  };
  const ofBuild = (build: number) =>
    ["", "_events", "_lists", "_snapshots"].map((suffix) => `users_${build}${suffix}`);
  const rowOf = async (key: string) => {
    const [found] = await at.sql<{ row: unknown }>(
      `SELECT row FROM authledger.users WHERE key = '${key}'`,
    );
    return found?.row;
  };

  test("the search index is made anew when it is named, and finds whom it found", async () => {
    const terms = async () =>
      (
        await at.sql<{ count: number }>("SELECT count(*)::INT FROM authledger.user_search_terms")
      )[0];
    const before = await terms();
    await at.sql("DELETE FROM authledger.user_search_terms");
    const { status, out } = await at.run("rebuild", "user_search");
    expect([status, out]).toEqual([0, [expect.stringMatching(/^user_search made anew from \d+/)]]);
    expect(await terms()).toEqual(before);
  });

  test("what a rebuild that died half-way left is made by whoever keeps the index", async () => {
    const [head] = await at.sql<{ position: number }>(
      "SELECT position::INT AS position FROM authledger.heads WHERE ledger = 'identity'",
    );
    await at.use(Effect.flatMap(Effect.service(UserSearch), ({ reset }) => reset));
    const asked = { cookie: people.ada.cookie };
    const found = await at.ask(`GET /v1/users?q=bob&at_least=${head?.position}`, asked);
    expect(found.body.items).toMatchObject([{ id: people.bob.id }]);
  });

  test("all models come out as they were, in tables of their own", async () => {
    const before = await rowOf(people.bob.id);
    const { status, out, err } = await at.run("rebuild");
    expect({ status, err }).toEqual({ status: 0, err: [] });
    expect(out).toHaveLength(readModels.length);
    for (const line of out) {
      expect(line).toMatch(/^\w+ +v\d+ {2}\d+ events, [\d,]+\/s, digest \w+ as before$/);
    }
    expect(await rowOf(people.bob.id)).toEqual(before);
    expect(await tablesOf("users")).toEqual(ofBuild(2));
    const [json] = (await at.run("rebuild", "roles", "--json")).out;
    expect(JSON.parse(json ?? "")).toMatchObject({ model: "roles", comparable: true, parked: 0 });
  });

  test("a model that is not there is one line", async () => {
    expect(await at.run("rebuild", "user")).toEqual({
      status: 2,
      out: [],
      err: [`Cannot rebuild "user": expected ${names.join(", ")}`],
    });
  });

  test("a row that drifted from its events is mended and said", async () => {
    await at.script(`UPDATE authledger.users SET row = row || '{"roles":["architect"]}'
      WHERE key = '${people.eve.id}'`);
    expect((await at.run("verify")).status).toBe(1);
    const { status, out } = await at.run("rebuild", "users");
    expect({ status, lines: out.length }).toEqual({ status: 1, lines: 1 });
    expect(out[0]).toMatch(/IT HAD DRIFTED/);
    expect(await rowOf(people.eve.id)).toMatchObject({ roles: ["user"] });
    expect((await at.run("verify")).status).toBe(0);
  });

  test("it goes on folding afterwards, and is ready", async () => {
    await at.run("rebuild", "users");
    const { cookie } = people.bob;
    const patched = await at.ask("PATCH /v1/me", { cookie, body: { name: "Robert" } });
    expect(patched.status).toBe(200);
    const read = await at.ask(
      `GET /v1/users/${people.bob.id}?at_least=${patched.position}`,
      people.ada,
    );
    expect(read).toMatchObject({ status: 200, body: { user: { name: "Robert" } } });
    expect((await at.ask("GET /readyz")).status).toBe(200);
  });

  test("what a rebuild that died left is cleared away by the next", async () => {
    await at.script(`
      SELECT authledger.create_build('users', 40);
      INSERT INTO authledger.cursors (ledger, name, build, version, active)
        VALUES ('identity', 'users', 40, 1, FALSE);
      SELECT authledger.create_build('users', 39);
      INSERT INTO authledger.cursors (ledger, name, build, version, active)
        VALUES ('identity', 'retired:users', 39, 1, FALSE)`);
    expect((await at.run("rebuild", "users")).status).toBe(0);
    expect(await tablesOf("users")).toEqual(ofBuild(41));
    expect(await at.sql("SELECT name, build FROM authledger.cursors WHERE name ~ 'users'")).toEqual(
      [{ name: "users", build: 41 }],
    );
  });

  test("of two at once one wins and the other says so, or they take turns", async () => {
    const both = await Promise.all([at.run("rebuild", "users"), at.run("rebuild", "users")]);
    expect(both.map(({ status }) => status)).toContain(0);
    for (const { status, err } of both) {
      const line = "Cannot finish the rebuild of users: another one began";
      expect(err).toEqual(status === 0 ? [] : [line]);
    }
    expect(await tablesOf("users")).toHaveLength(4);
    expect((await at.run("verify")).status).toBe(0);
  });

  test("a model that is ahead of its ledger, or far behind, is built anew", async () => {
    await at.close();
    at = await openInstallation(where.folder, where.variables, "guest");
    const users = "UPDATE authledger.cursors SET position = position";
    await at.script(`${users} + 70 WHERE name = 'users' AND active`);
    const doctor = await at.run("doctor");
    expect(doctor.status).toBe(1);
    expect(doctor.out.join("\n")).toMatch(/^BAD {3}users .*ahead of this history: rebuild it$/m);
    expect(await at.run("rebuild", "users")).toMatchObject({ status: 0, err: [] });
    expect((await at.run("doctor")).out.join("\n")).toMatch(/^ok {4}users +v1, 0 events behind$/m);
    await at.script(`${users} - 5 WHERE name = 'users' AND active`);
    expect((await at.run("rebuild", "users")).status).toBe(1);
    expect((await at.run("verify")).status).toBe(0);
    await at.close();
    at = await openInstallation(where.folder, where.variables, "server");
  });

  test("a newer version of a model is built beside the old one and switched in", async () => {
    const users = readModels.find(({ name }) => name === "users");
    if (users === undefined) throw new Error("there is a read model users");
    await at.close();
    at = await openInstallation(where.folder, where.variables, "guest");
    const raised: ReadModel = {
      ...users,
      version: users.version + 1,
      evolve: (row, event, key) => {
        const next = users.evolve(row, event, key);
        return next && { ...next, raised: true };
      },
    };
    const layer = readModelsLayer({ run: true, models: [raised] });
    await at.use(
      Effect.scoped(
        Effect.gen(function* () {
          const model = Context.get(yield* Layer.build(layer), ReadModels);
          const [first] = yield* model.status;
          expect(first?.version).toBe(users.version);
          yield* Effect.promise(() =>
            eventually("the newer version is switched in", async () => {
              const [now] = await Effect.runPromise(model.status);
              return now?.version === raised.version && now.problem === undefined
                ? true
                : undefined;
            }),
          );
        }),
      ),
    );
    expect(await rowOf(people.bob.id)).toMatchObject({ raised: true });
    const { status, out } = await at.run("verify");
    expect(status).toBe(0);
    const mine = `this program's is version ${users.version}`;
    const others = `not compared: built as version ${raised.version}, ${mine}`;
    expect(out).toContain(`${"users".padEnd(NAME_COLUMNS)}${others}`);
  });
});
