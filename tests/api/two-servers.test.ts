import * as Layer from "effect/Layer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OwnPostgres, ownPostgres } from "../support/databases.ts";
import { onPostgres } from "../support/postgres.ts";
import { sqlServices } from "./sql-services.ts";
import { PASSWORD, type World, world } from "./world.ts";

/** Of each server: both are open at once, beside other suites. */
const CONNECTIONS_MAX = 5;

describe("two servers on one Postgres", onPostgres, () => {
  let database: OwnPostgres;
  let left: World;
  let right: World;
  let architect: { readonly id: string; readonly cookie: string };
  beforeAll(async () => {
    database = await ownPostgres();
    const server = () => world(() => sqlServices(Layer.fresh(database.connect(CONNECTIONS_MAX))));
    left = await server();
    right = await server();
    architect = await left.architect();
  });
  afterAll(async () => {
    await left.close();
    await right.close();
    await database.drop();
  });
  const statusAt = async (w: World, cookie: string | undefined, path = "/v1/session") =>
    (await w.ask("GET", path, { cookie })).status;

  /** What the left server answered is so at the right one on the very next request. */
  const endings: ReadonlyArray<
    readonly [string, (id: string, cookie: string) => Promise<{ readonly status: number }>]
  > = [
    ["a block", (id) => left.ask("POST", `/v1/users/${id}/block`, { cookie: architect.cookie })],
    ["an erasure", (id) => left.ask("DELETE", `/v1/users/${id}`, { cookie: architect.cookie })],
    ["signing out", (_, cookie) => left.ask("POST", "/v1/sign-out", { cookie })],
    [
      "an elevation",
      (_, cookie) =>
        left.ask("POST", "/v1/session/elevate", { cookie, body: { password: PASSWORD } }),
    ],
    [
      "ending all sessions of somebody",
      (id) => left.ask("DELETE", `/v1/users/${id}/sessions`, { cookie: architect.cookie }),
    ],
    [
      "ending everybody's sessions",
      () => left.ask("DELETE", "/v1/sessions", { cookie: architect.cookie }),
    ],
  ];

  test.each(endings)("after %s the old cookie is refused by the other server", async (_, end) => {
    const person = await left.person("seen");
    for (let n = 0; n < 5; n++) expect(await statusAt(right, person.cookie)).toBe(200);
    expect((await end(person.id, person.cookie)).status).toBeLessThan(300);
    const next = await Promise.all(
      Array.from({ length: 20 }, () => statusAt(right, person.cookie)),
    );
    expect(new Set(next)).toEqual(new Set([401]));
  });

  test("after a new password another server refuses the other sessions", async () => {
    const person = await left.person("changing");
    const body = { identifier: person.email, password: PASSWORD };
    const other = (await right.ask("POST", "/v1/sign-in", { body })).cookie;
    const changed = await left.ask("PUT", "/v1/me/password", {
      cookie: person.cookie,
      body: { current: PASSWORD, password: "another good passphrase" },
    });
    expect(changed.status).toBe(204);
    expect(await statusAt(right, other)).toBe(401);
    expect(await statusAt(right, String(changed.cookie))).toBe(200);
    expect(await statusAt(right, person.cookie)).toBe(401);
  });

  test("a role given or taken counts at the other server, in the same session", async () => {
    const person = await left.person("rising");
    const path = `/v1/users/${person.id}/roles/admin`;
    const by = { cookie: architect.cookie };
    expect((await left.ask("POST", path, by)).status).toBe(200);
    expect(await statusAt(right, person.cookie, "/v1/users")).toBe(200);
    expect((await left.ask("DELETE", path, by)).status).toBe(200);
    expect(await statusAt(right, person.cookie, "/v1/users")).toBe(403);
    expect(await statusAt(right, person.cookie)).toBe(200);
  });

  test("of a registration token's uses as many pass as it has, at both together", async () => {
    const uses = 5;
    const heard = await left.ask("POST", "/v1/registration-tokens", {
      cookie: architect.cookie,
      body: { uses },
    });
    const headers = { authorization: `Bearer ${heard.json.token}` };
    const body = { client_name: "Shop", redirect_uris: ["https://shop.example.com/callback"] };
    const register = (w: World) => w.send("POST", "/oauth2/register", { headers, body });
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, n) => register(n % 2 === 0 ? left : right)),
    );
    const passed = all.filter(({ status }) => status === 201);
    expect(passed).toHaveLength(uses);
    expect(all.filter(({ status }) => status === 401)).toHaveLength(all.length - uses);
  });

  test("an impersonation ends at the other server with the session behind it", async () => {
    const admin = await left.withRole("admin", architect);
    const person = await left.person("customer");
    const path = `/v1/users/${person.id}/impersonate`;
    const begun = await left.ask("POST", path, { cookie: admin.cookie });
    expect(await statusAt(right, begun.cookie)).toBe(200);
    expect((await left.ask("POST", "/v1/sign-out", { cookie: admin.cookie })).status).toBe(204);
    expect(await statusAt(right, begun.cookie)).toBe(401);
  });

  test("one old cookie, 50 elevations at two servers: one passes", async () => {
    const person = await left.person("contended");
    const asked = { cookie: person.cookie, body: { password: PASSWORD } };
    const tries = Array.from({ length: 50 }, (_, n) =>
      (n % 2 ? left : right).ask("POST", "/v1/session/elevate", asked),
    );
    const passed = (await Promise.all(tries)).filter(({ status }) => status === 204);
    expect(passed).toHaveLength(1);
    expect(await statusAt(right, person.cookie)).toBe(401);
    expect(await statusAt(left, passed[0]?.cookie)).toBe(200);
  });
});
