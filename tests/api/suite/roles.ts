import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { ROLES } from "../../../domain/user/mod.ts";
import type { Stage } from "../suite.ts";

type Somebody = { readonly id: string; readonly cookie: string };

export function roleTests({ here }: Stage): void {
  let architect: Somebody;
  let admin: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    admin = await here().withRole("admin", architect);
  });
  const define = (body: unknown, { cookie } = architect) =>
    here().ask("POST", "/v1/roles", { cookie, body });
  const retire = (name: string, force = "") =>
    here().ask("DELETE", `/v1/roles/${name}${force}`, architect);
  const grant = ({ id }: Somebody, role: string) =>
    here().ask("POST", `/v1/users/${id}/roles/${role}`, admin);
  const named = async () => {
    const { items } = (await here().ask("GET", "/v1/roles", admin)).json;
    return new Map<string, object>(items.map((role: { name: string }) => [role.name, role]));
  };
  const newName = () => `r${randomUUID().replaceAll("-", "").slice(0, 12)}`;

  test("everybody who is signed in sees every role, with what it is for", async () => {
    const bob = await here().person("bob");
    const { items } = (await here().ask("GET", "/v1/roles", bob)).json;
    expect(items.slice(0, Object.keys(ROLES).length)).toEqual(
      Object.entries(ROLES).map(([name, facts]) => ({ name, ...facts, builtIn: true })),
    );
    expect((await here().ask("GET", "/v1/roles")).status).toBe(401);
  });

  test("a role of one's own is granted, asked for and taken back like any other", async () => {
    const name = newName();
    const bob = await here().person("bob");
    expect((await grant(bob, name)).json.code).toBe("unknown_role");
    const body = { name, description: "Looks after the warehouse", groups: ["staff"] };
    const heard = await define(body);
    expect([heard.status, heard.json.role]).toEqual([
      201,
      { ...body, tier: "user", builtIn: false },
    ]);
    expect((await named()).get(name)).toEqual(heard.json.role);
    expect((await grant(bob, name)).json.user.roles).toEqual(["user", name]);
    const asked = (query: string) => here().ask("GET", `/v1/session/verify?${query}`, bob);
    expect((await asked(`role=${name}`)).status).toBe(204);
    expect((await asked("group=staff")).status).toBe(204);
    expect((await asked("group=finance")).status).toBe(403);
    const taken = await here().ask("DELETE", `/v1/users/${bob.id}/roles/${name}`, admin);
    expect(taken.json.user.roles).toEqual(["user"]);
    expect((await asked(`role=${name}`)).status).toBe(403);
  });

  test("the same definition again is the same, another one is refused", async () => {
    const body = { name: newName(), description: "One", groups: ["finance"] };
    expect((await define(body)).status).toBe(201);
    const heads = await here().heads();
    expect((await define(body)).status).toBe(201);
    expect((await define({ ...body, description: "Two" })).json.code).toBe("already_exists");
    expect((await define({ ...body, name: "buyer" })).json.code).toBe("already_exists");
    expect(await here().heads()).toEqual(heads);
  });

  test.each([
    [{ name: "Warehouse", description: "x" }, "name"],
    [{ name: "a".repeat(65), description: "x" }, "name"],
    [{ name: "warehouse" }, "description"],
    [{ name: "warehouse", description: "two\nlines" }, "description"],
    [{ name: "warehouse", description: "x", groups: ["everything"] }, "groups.0"],
    [{ name: "warehouse", description: "x", groups: ["staff", "admin"] }, "groups.1"],
  ])("a role %j is refused", async (body, field) => {
    const heard = await define(body);
    expect([heard.status, heard.json.field]).toEqual([400, field]);
  });

  test("who is no architect defines and retires nothing", async () => {
    const heard = await define({ name: newName(), description: "Mine" }, admin);
    expect(heard.json).toMatchObject({ status: 403, requires: "architect" });
    const retired = await here().ask("DELETE", "/v1/roles/buyer", admin);
    expect(retired.json).toMatchObject({ status: 403, requires: "architect" });
  });

  test("a role that is held is retired by force alone, and then nobody holds it", async () => {
    const name = newName();
    await define({ name, description: "Seasonal" });
    const [ada, bob] = [await here().person("ada"), await here().person("bob")];
    await grant(ada, name);
    const put = await here().ask("PUT", `/v1/users/${bob.id}/roles`, {
      cookie: admin.cookie,
      body: { roles: [name] },
    });
    expect(put.json.user.roles).toEqual([name]);
    await here().ask("GET", `/v1/users?at_least=${put.position}`, admin);
    const refused = await retire(name);
    expect(refused.json).toMatchObject({ status: 409, code: "role_in_use", count: 2 });
    const forced = await retire(name, "?force=true");
    expect(forced.status).toBe(204);
    for (const { cookie } of [ada, bob]) {
      expect((await here().ask("GET", "/v1/me", { cookie })).json.user.roles).toEqual(["user"]);
    }
    expect((await named()).has(name)).toBe(false);
    expect((await grant(ada, name)).json.code).toBe("unknown_role");
    expect((await retire(name)).status).toBe(204);
    expect((await define({ name, description: "Again" })).status).toBe(201);
  });

  test("of 20 grants and a retirement at once, no holder is left", async () => {
    const name = newName();
    await define({ name, description: "Contended" });
    const people = await Promise.all(Array.from({ length: 20 }, () => here().person()));
    await Promise.all([
      ...people.map((person) => grant(person, name)),
      retire(name, "?force=true"),
    ]);
    await expect
      .poll(async () => {
        const { items } = (await here().ask("GET", `/v1/users?role=${name}`, admin)).json;
        return items.length;
      })
      .toBe(0);
  });

  test("a built-in role stays, an unknown one is not found", async () => {
    expect((await retire("buyer")).json.code).toBe("built_in");
    expect((await retire("architect", "?force=true")).json.code).toBe("built_in");
    expect((await retire(newName())).status).toBe(404);
    expect((await retire("buyer", "?force=perhaps")).json.field).toBe("force");
  });
}
