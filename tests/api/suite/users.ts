import { beforeAll, expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

type Somebody = { readonly id: string; readonly cookie: string; readonly email: string };

export function userTests({ here }: Stage): void {
  let architect: Somebody;
  let admin: Somebody;
  let auditor: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    admin = await here().withRole("admin", architect);
    auditor = await here().withRole("auditor", architect);
  });
  const session = async (cookie: string) =>
    (await here().ask("GET", "/v1/session", { cookie })).status;

  test("users are listed by role and status in pages that lead on", async () => {
    const { cookie } = admin;
    const found: Array<string> = [];
    let cursor = "";
    do {
      const query = `limit=2${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await here().ask("GET", `/v1/users?${query}`, { cookie });
      found.push(...page.json.items.map(({ id }: Somebody) => id));
      cursor = page.json.nextCursor ?? "";
    } while (cursor !== "");
    expect(found).toEqual(expect.arrayContaining([architect.id, admin.id, auditor.id]));
    expect(new Set(found).size).toBe(found.length);
    const only = await here().ask("GET", "/v1/users?role=auditor&status=active", { cookie });
    expect(only.json.items.map(({ id }: Somebody) => id)).toEqual([auditor.id]);
    expect((await here().ask("GET", "/v1/users?limit=201", { cookie })).status).toBe(400);
    const json = (place: unknown) => Buffer.from(JSON.stringify(place)).toString("base64url");
    const places = [
      json(["a"]),
      json({ a: 1 }),
      json(["a", null]),
      json([1, 2]),
      json(["\0", "a"]),
    ];
    for (const cursor of ["garbage", "!!", "0", "-5", ...places]) {
      const path = `/v1/users?cursor=${encodeURIComponent(cursor)}`;
      const heard = await here().ask("GET", path, { cookie });
      expect(heard.json, cursor).toMatchObject({ code: "invalid_field", field: "cursor" });
    }
  });

  test("roles change at once, for the very next request", async () => {
    const bob = await here().person("bob");
    const list = async () => (await here().ask("GET", "/v1/users", { cookie: bob.cookie })).status;
    expect(await list()).toBe(403);
    const path = `/v1/users/${bob.id}/roles`;
    const { cookie } = architect;
    const put = await here().ask("PUT", path, { cookie, body: { roles: ["user", "admin"] } });
    expect(put.json.user.roles).toEqual(["user", "admin"]);
    expect(await list()).toBe(200);
    expect((await here().ask("DELETE", `${path}/admin`, { cookie })).json.user.roles).toEqual([
      "user",
    ]);
    expect(await list()).toBe(403);
  });

  test.each([
    ["admin", "own_roles", 403],
    ["architect", "use_architects", 400],
    ["no_such_role", "unknown_role", 400],
  ])("granting oneself %s is refused as %s", async (role, code, status) => {
    const path = `/v1/users/${admin.id}/roles/${role}`;
    const heard = await here().ask("POST", path, { cookie: admin.cookie });
    expect([heard.status, heard.json.code]).toEqual([status, code]);
  });

  test("an admin never touches an architect, a gate's role, or an erasure", async () => {
    const bob = await here().person("bob");
    const { cookie } = admin;
    const attempts: ReadonlyArray<readonly [string, string, unknown?]> = [
      ["POST", `/v1/users/${bob.id}/roles/admin`],
      ["POST", `/v1/users/${bob.id}/roles/auditor`],
      ["PUT", `/v1/users/${bob.id}/roles`, { roles: ["user", "admin"] }],
      ["DELETE", `/v1/users/${auditor.id}/roles/auditor`],
      ["PUT", `/v1/users/${architect.id}/roles`, { roles: ["user"] }],
      ["POST", `/v1/users/${architect.id}/block`, {}],
      ["POST", `/v1/users/${architect.id}/unblock`],
      ["DELETE", `/v1/users/${bob.id}`],
      ["GET", "/v1/architects"],
      ["POST", "/v1/architects", { userId: bob.id }],
      ["DELETE", `/v1/architects/${architect.id}`],
      ["POST", "/v1/stores", { name: "Mine" }],
    ];
    const before = await here().heads();
    for (const [method, path, body] of attempts) {
      const heard = await here().ask(method, path, { cookie, body });
      expect(heard.json, `${method} ${path}`).toMatchObject({ status: 403, requires: "architect" });
    }
    const ledger = await here().ask("GET", "/v1/ledger/events", { cookie });
    expect(ledger.json).toMatchObject({ status: 403, requires: "auditor" });
    expect(await here().heads()).toEqual(before);
  });

  test("an auditor reads the past, changes nothing, and sees users sealed", async () => {
    const bob = await here().person("bob");
    const { cookie } = auditor;
    const path = `/v1/users/${bob.id}`;
    expect((await here().ask("GET", path, { cookie })).json.user.email).toEqual({ sealed: true });
    expect((await here().ask("GET", path, { cookie: admin.cookie })).json.user.email).toBe(
      bob.email,
    );
    const history = await here().ask("GET", `${path}/history`, { cookie });
    expect(history.json.items.at(-1).data.email).toBe(bob.email);
    const [head] = await here().heads();
    expect((await here().ask("GET", `${path}?as_of=${head}`, { cookie })).status).toBe(200);
    const then = await here().ask("GET", `${path}?as_of=${head}`, { cookie: admin.cookie });
    expect([then.status, then.json.requires]).toEqual([403, "auditor"]);
    expect((await here().ask("GET", `${path}/history`, { cookie: admin.cookie })).status).toBe(403);
    for (const [method, rest] of [
      ["POST", "/block"],
      ["POST", "/roles/buyer"],
      ["DELETE", ""],
    ]) {
      expect((await here().ask(method ?? "", `${path}${rest}`, { cookie })).status).toBe(403);
    }
  });

  test("the past of a list is the list of the past", async () => {
    const bob = await here().person("bob");
    const { cookie } = architect;
    const granted = await here().ask("POST", `/v1/users/${bob.id}/roles/buyer`, { cookie });
    await here().ask("DELETE", `/v1/users/${bob.id}/roles/buyer`, { cookie });
    const ids = async (query: string) =>
      (await here().ask("GET", `/v1/users?role=buyer&${query}`, { cookie })).json.items.map(
        ({ id }: Somebody) => id,
      );
    expect(await ids(`as_of=${granted.position}`)).toEqual([bob.id]);
    expect(await ids(`as_of=${granted.position - 1}`)).toEqual([]);
    expect(await ids("limit=200")).toEqual([]);
  });

  test("a blocked user's session and password are refused on the next request", async () => {
    const bob = await here().person("bob");
    const path = `/v1/users/${bob.id}`;
    const { cookie } = admin;
    const body = { reason: "spam" };
    const blocked = await here().ask("POST", `${path}/block`, { cookie, body });
    expect(blocked.json.user.status).toBe("blocked");
    expect(await session(bob.cookie)).toBe(401);
    const signIn = (password: string) =>
      here().ask("POST", "/v1/sign-in", { body: { identifier: bob.email, password } });
    expect((await signIn("not the password")).json.code).toBe("invalid_credentials");
    const right = await signIn(PASSWORD);
    expect([right.status, right.json.code]).toEqual([403, "blocked"]);
    expect((await here().ask("POST", `${path}/unblock`, { cookie })).json.user.status).toBe(
      "active",
    );
    expect((await signIn(PASSWORD)).status).toBe(200);
    const past = await here().ask("POST", `${path}/block`, {
      cookie,
      body: { until: "2001-01-01T00:00:00Z" },
    });
    expect(past.json).toMatchObject({ code: "invalid_field", field: "until" });
  });

  test("nobody blocks themselves; an architect is dismissed before a block", async () => {
    const own = await here().ask("POST", `/v1/users/${admin.id}/block`, { cookie: admin.cookie });
    expect([own.status, own.json.code]).toEqual([403, "oneself"]);
    const { cookie } = architect;
    const other = await here().person("second");
    const body = { userId: other.id };
    expect((await here().ask("POST", "/v1/architects", { cookie, body })).status).toBe(201);
    for (const [method, path] of [
      ["POST", "/block"],
      ["DELETE", ""],
    ] as const) {
      const heard = await here().ask(method, `/v1/users/${other.id}${path}`, { cookie });
      expect([heard.status, heard.json.code]).toEqual([409, "architect"]);
    }
    const me = await here().ask("DELETE", "/v1/me", { cookie: other.cookie });
    expect([me.status, me.json.code]).toEqual([409, "architect"]);
    const path = `/v1/architects/${other.id}`;
    expect((await here().ask("DELETE", path, { cookie })).status).toBe(204);
    expect((await here().ask("GET", "/v1/architects", { cookie: other.cookie })).status).toBe(403);
  });

  test("two architects who dismiss each other at once leave exactly one", async () => {
    const { cookie } = architect;
    for (let round = 0; round < 3; round++) {
      const other = await here().person("rival");
      await here().ask("POST", "/v1/architects", { cookie, body: { userId: other.id } });
      const heard = await Promise.all([
        here().ask("DELETE", `/v1/architects/${other.id}`, { cookie }),
        here().ask("DELETE", `/v1/architects/${architect.id}`, { cookie: other.cookie }),
      ]);
      expect(heard.map(({ status }) => status).toSorted()).toEqual([204, 403]);
      if (heard[1]?.status === 204) [architect] = [other];
      const list = await here().ask("GET", "/v1/architects", { cookie: architect.cookie });
      expect(list.json.items).toEqual([{ userId: architect.id }]);
      if (architect.id === other.id) return;
    }
  });

  test("a guest, an erased user and nobody cannot become an architect", async () => {
    const { cookie } = architect;
    const guest = await here().ask("POST", "/v1/guest");
    const appoint = async (userId: string) =>
      (await here().ask("POST", "/v1/architects", { cookie, body: { userId } })).status;
    expect(await appoint(guest.json.user.id)).toBe(409);
    expect(await appoint(crypto.randomUUID())).toBe(404);
    const own = await here().ask("DELETE", `/v1/architects/${architect.id}`, { cookie });
    expect([own.status, own.json.code]).toEqual([403, "not_oneself"]);
  });

  test("an unknown or malformed id is not found", async () => {
    for (const id of [crypto.randomUUID(), "nobody", "..%2f", "%00"]) {
      const heard = await here().ask("GET", `/v1/users/${id}`, { cookie: architect.cookie });
      expect([heard.status, heard.json.code], id).toEqual([404, "not_found"]);
    }
  });
}
