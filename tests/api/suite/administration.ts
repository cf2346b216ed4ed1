import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

type Somebody = { readonly id: string; readonly cookie: string; readonly email: string };

export function administrationTests({ here, fresh }: Stage): void {
  let architect: Somebody;
  let admin: Somebody;
  let auditor: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    admin = await here().withRole("admin", architect);
    auditor = await here().withRole("auditor", architect);
  });
  const create = (body: unknown, { cookie } = admin) =>
    here().ask("POST", "/v1/users", { cookie, body });
  const bulk = async (body: unknown, { cookie } = admin) =>
    (await here().ask("POST", "/v1/users/bulk", { cookie, body })).json.items;

  test("an account is made for somebody, known by address and username at once", async () => {
    const id = randomUUID();
    const body = { id, email: "Grace@Example.ORG", username: "Grace.H", name: "Grace Hopper" };
    const heard = await create({ ...body, roles: ["user", "buyer"] });
    expect(heard.status).toBe(201);
    expect(heard.json.user).toMatchObject({
      id,
      email: "grace@example.org",
      username: "Grace.H",
      name: "Grace Hopper",
      emailVerified: false,
      roles: ["user", "buyer"],
      methods: [],
      status: "active",
    });
    const again = await create({ id, email: "grace-2@example.org" });
    expect([again.status, again.json.code]).toEqual([409, "already_exists"]);
    const email = await create({ email: "grace@example.org" });
    expect([email.status, email.json.code]).toEqual([409, "email_taken"]);
    const username = await create({ username: "grace.h" });
    expect([username.status, username.json.code]).toEqual([409, "username_taken"]);
    const signUp = { email: "grace@example.org", password: PASSWORD };
    expect((await here().ask("POST", "/v1/sign-up", { body: signUp })).json.code).toBe(
      "email_taken",
    );
  });

  test.each([
    [{}, 400, "email"],
    [{ name: "Nobody" }, 400, "email"],
    [{ email: "nobody" }, 400, "email"],
    [{ username: "a b" }, 400, "username"],
    [{ username: "alone", invite: true }, 400, "invite"],
    [{ email: "x@example.org", id: "not-an-id" }, 400, "id"],
    [{ email: "x@example.org", roles: [] }, 400, "roles"],
    [{ email: "x@example.org", password: PASSWORD }, 400, "password"],
  ])("an account %j is refused", async (body, status, field) => {
    const before = await here().heads();
    const heard = await create(body);
    expect([heard.status, heard.json.field]).toEqual([status, field]);
    expect(await here().heads()).toEqual(before);
  });

  test("an admin makes no admin, vouches for no address, and revives nobody", async () => {
    const email = `${randomUUID()}@example.org`;
    for (const [body, code] of [
      [{ email, roles: ["user", "admin"] }, "forbidden"],
      [{ email, emailVerified: true }, "forbidden"],
      [{ email, roles: ["architect"] }, "use_architects"],
      [{ email, roles: ["pirate"] }, "unknown_role"],
      [{ email, roles: ["guest"] }, "not_a_guest"],
    ] as const) {
      expect((await create(body)).json.code, code).toBe(code);
    }
    const vouched = await create({ email, emailVerified: true, roles: ["admin"] }, architect);
    expect(vouched.json.user).toMatchObject({ emailVerified: true, roles: ["admin"] });
    const gone = vouched.json.user.id;
    await here().ask("DELETE", `/v1/users/${gone}`, { cookie: architect.cookie });
    expect((await create({ id: gone, email })).json.code).toBe("erased");
    expect((await create({ email })).status).toBe(201);
  });

  test("of 50 accounts with one address made at once exactly one stands", async () => {
    const body = { email: `${randomUUID()}@example.org`, username: `u${randomUUID().slice(0, 8)}` };
    const heard = await Promise.all(Array.from({ length: 50 }, () => create(body)));
    expect(heard.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(heard.filter(({ status }) => status === 409)).toHaveLength(49);
  });

  test("an admin revises profiles, but never an architect's", async () => {
    const bob = await here().person("bob");
    const body = { name: "Bob", bio: null };
    const { cookie } = admin;
    const heard = await here().ask("PATCH", `/v1/users/${bob.id}`, { cookie, body });
    expect(heard.json.user.name).toBe("Bob");
    const history = await here().ask("GET", `/v1/users/${bob.id}/history`, auditor);
    expect(history.json.items[0]).toMatchObject({
      type: "ProfileRevised",
      actor: `user:${admin.id}`,
    });
    const refused = await here().ask("PATCH", `/v1/users/${architect.id}`, { cookie, body });
    expect(refused.json).toMatchObject({ status: 403, requires: "architect" });
    const nobody = await here().ask("PATCH", `/v1/users/${randomUUID()}`, { cookie, body });
    expect(nobody.status).toBe(404);
  });

  test("an admin changes an architect's e-mail, roles, password or sessions", async () => {
    const { cookie } = admin;
    const path = `/v1/users/${architect.id}`;
    const before = await here().heads();
    for (const [method, rest, body] of [
      ["PATCH", "", { name: "Mine" }],
      ["PUT", "/roles", { roles: ["user"] }],
      ["POST", "/roles/buyer", undefined],
      ["DELETE", "/roles/user", undefined],
      ["POST", "/password-mail", undefined],
      ["POST", "/block", {}],
      ["DELETE", "/sessions", undefined],
      ["DELETE", "", undefined],
    ] as const) {
      const heard = await here().ask(method, `${path}${rest}`, { cookie, body });
      expect(heard.json, `${method} ${rest}`).toMatchObject({ status: 403, requires: "architect" });
    }
    for (const action of ["block", "end-sessions", "erase", "password-mail"]) {
      const [item] = await bulk({ action, ids: [architect.id] });
      expect(item, action).toMatchObject({ outcome: "refused", requires: "architect" });
    }
    for (const rest of ["/email", "/password", "/username"]) {
      const heard = await here().ask("PUT", `${path}${rest}`, { cookie, body: {} });
      expect(heard.status, rest).toBe(404);
    }
    expect(await here().heads()).toEqual(before);
    expect((await here().ask("GET", "/v1/session", architect)).status).toBe(200);
  });

  test("a password mail goes to the person, who alone chooses the password", async () => {
    const bob = await here().person("bob");
    const heard = await here().ask("POST", `/v1/users/${bob.id}/password-mail`, admin);
    expect(heard.status).toBe(202);
    expect(heard.json).toBeUndefined();
    const nameless = (await create({ username: `n${randomUUID().slice(0, 8)}` })).json.user.id;
    const path = `/v1/users/${nameless}/password-mail`;
    expect((await here().ask("POST", path, admin)).json.code).toBe("no_email");
    expect((await here().ask("POST", path, bob)).status).toBe(403);
    const closed = await fresh({ mail: "closed" });
    const owner = await closed.architect();
    const mail = await closed.ask("POST", `/v1/users/${owner.id}/password-mail`, owner);
    expect(mail.json.code).toBe("mail_closed");
    const invited = { email: "late@example.org", invite: true };
    const made = await closed.ask("POST", "/v1/users", { cookie: owner.cookie, body: invited });
    expect(made.json.code).toBe("mail_closed");
  });

  test("50 roles granted at once are all held", async () => {
    const bob = await here().person("bob");
    const names = Array.from({ length: 50 }, (_, n) => `own_${n}_${randomUUID().slice(0, 8)}`);
    for (const name of names) {
      const body = { name, description: "One of many" };
      await here().ask("POST", "/v1/roles", { cookie: architect.cookie, body });
    }
    const path = `/v1/users/${bob.id}`;
    const granted = await Promise.all(
      names.map((name) => here().ask("POST", `${path}/roles/${name}`, admin)),
    );
    expect(granted.map(({ status }) => status)).toEqual(names.map(() => 200));
    const at = Math.max(...granted.map(({ position }) => position));
    const { roles } = (await here().ask("GET", `${path}?at_least=${at}`, admin)).json.user;
    expect(new Set(roles)).toEqual(new Set(["user", ...names]));
  });

  test("a bulk does to each what one request would, once under one key", async () => {
    const people = [await here().person(), await here().person(), await here().person()];
    const ids = people.map(({ id }) => id);
    const nobody = randomUUID();
    const body = { action: "grant-role", role: "buyer", ids: [...ids, admin.id, nobody, ids[0]] };
    const ask = () =>
      here().ask("POST", "/v1/users/bulk", {
        cookie: admin.cookie,
        body,
        headers: { "idempotency-key": `bulk-${nobody}` },
      });
    const first = await ask();
    expect(first.json.items).toEqual([
      ...ids.map((id) => ({ id, outcome: "done" })),
      { id: admin.id, outcome: "refused", code: "own_roles" },
      { id: nobody, outcome: "refused", code: "not_found" },
    ]);
    const heads = await here().heads();
    expect((await ask()).json).toEqual(first.json);
    expect(await here().heads()).toEqual(heads);
    for (const { cookie } of people) {
      expect((await here().ask("GET", "/v1/me", { cookie })).json.user.roles).toContain("buyer");
    }
    await bulk({ action: "block", ids, reason: "spam", until: "2099-01-01T00:00:00Z" });
    const statuses = () =>
      Promise.all(
        people.map(
          async ({ cookie }) => (await here().ask("GET", "/v1/session", { cookie })).status,
        ),
      );
    expect(await statuses()).toEqual([401, 401, 401]);
    await bulk({ action: "unblock", ids });
    expect(
      (await bulk({ action: "erase", ids })).map(({ code }: { code: string }) => code),
    ).toEqual(["forbidden", "forbidden", "forbidden"]);
    const erased = await bulk({ action: "erase", ids }, architect);
    expect(erased).toEqual(ids.map((id) => ({ id, outcome: "done" })));
    const gone = await here().ask("GET", `/v1/users/${ids[1]}`, admin);
    expect(gone.json.user.status).toBe("erased");
  });

  test("a bulk signs people out and writes to them", async () => {
    const bob = await here().person("bob");
    expect(await bulk({ action: "password-mail", ids: [bob.id] })).toEqual([
      { id: bob.id, outcome: "done" },
    ]);
    await bulk({ action: "end-sessions", ids: [bob.id] });
    expect((await here().ask("GET", "/v1/session", bob)).status).toBe(401);
  });

  test.each([
    [{ action: "promote", ids: [randomUUID()] }, "action"],
    [{ action: "block", ids: [] }, "ids"],
    [{ action: "block", ids: Array.from({ length: 201 }, () => randomUUID()) }, "ids"],
    [{ action: "grant-role", ids: [randomUUID()] }, "role"],
    [{ action: "block", role: "buyer", ids: [randomUUID()] }, "role"],
    [{ action: "erase", reason: "spam", ids: [randomUUID()] }, "reason"],
  ])("a bulk %# that makes no sense is refused whole", async (body, field) => {
    const heard = await here().ask("POST", "/v1/users/bulk", { cookie: admin.cookie, body });
    expect([heard.status, heard.json.field]).toEqual([400, field]);
  });

  test("a screen left open erases, appoints, acts and signs out for nobody", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    const { id } = await w.person("prey");
    w.forward(11 * 60 * 1000);
    const tries: ReadonlyArray<readonly [string, string, object?]> = [
      ["DELETE", `/v1/users/${id}`],
      ["POST", "/v1/users/bulk", { action: "erase", ids: [id] }],
      ["POST", "/v1/architects", { userId: id }],
      ["DELETE", `/v1/architects/${id}`],
      ["POST", `/v1/users/${id}/roles/admin`],
      ["PUT", `/v1/users/${id}/roles`, { roles: ["user", "auditor"] }],
      ["POST", `/v1/users/${id}/impersonate`],
      ["DELETE", "/v1/sessions"],
      ["DELETE", "/v1/me"],
    ];
    const before = await w.heads();
    for (const [method, path, body] of tries) {
      const heard = await w.ask(method, path, { cookie, body });
      expect([heard.status, heard.json.code], path).toEqual([403, "elevation_required"]);
    }
    expect(await w.heads()).toEqual(before);
  });
}
