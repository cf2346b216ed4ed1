import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { ORIGIN } from "../world.ts";

type Somebody = { readonly id: string; readonly cookie: string };

const PATH = "/v1/resource-servers";

export function resourceServerTests({ here }: Stage): void {
  let architect: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
  });
  const newAudience = () => `https://${randomUUID()}.example.com`;
  const orders = (audience = newAudience()) => ({
    audience,
    name: "Orders",
    scopes: [{ name: "orders:read", description: "See your orders" }],
  });
  const register = (body: object, { cookie } = architect) =>
    here().ask("POST", PATH, { cookie, body });
  const registered = async (body: object = orders()): Promise<{ id: string }> => {
    const heard = await register(body);
    expect(heard.status, JSON.stringify(heard.json)).toBe(201);
    return heard.json.resourceServer;
  };
  const revise = (id: string, body: object) =>
    here().ask("PATCH", `${PATH}/${id}`, { cookie: architect.cookie, body });

  test("is registered, revised where something changes, listed and removed", async () => {
    const body = orders();
    const made = await registered(body);
    expect(made).toMatchObject(body);
    const { json } = await revise(made.id, { name: "Orders API" });
    expect(json.resourceServer).toMatchObject({ ...body, name: "Orders API" });
    const signed = { name: "Orders API", signingAlgorithm: "RS256" };
    const now = (await revise(made.id, signed)).json.resourceServer;
    expect(now).toMatchObject({ ...body, ...signed });
    const wrong = await revise(made.id, { signingAlgorithm: "none" });
    expect([wrong.status, wrong.json.field]).toEqual([400, "signingAlgorithm"]);
    const heads = await here().heads();
    expect((await revise(made.id, { name: "Orders API" })).status).toBe(200);
    expect(await here().heads()).toEqual(heads);
    const listed = await here().ask("GET", `${PATH}?limit=200`, architect);
    expect(listed.json.items).toContainEqual(now);
    expect((await here().ask("DELETE", `${PATH}/${made.id}`, architect)).status).toBe(204);
    expect((await here().ask("DELETE", `${PATH}/${made.id}`, architect)).status).toBe(204);
    expect((await revise(made.id, { name: "Again" })).status).toBe(404);
    expect((await revise(randomUUID(), { name: "Nobody" })).status).toBe(404);
  });

  test("of twenty with one audience at once exactly one passes", async () => {
    const body = orders();
    const heard = await Promise.all(Array.from({ length: 20 }, () => register(body)));
    expect(heard.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(heard.map(({ json }) => json.code))).toEqual(
      new Set([undefined, "audience_taken"]),
    );
  });

  test("an audience is one API's in each spelling, while a token can name it", async () => {
    const audience = newAudience();
    const { id } = await registered(orders(audience));
    const taken = async (other: string) => (await register(orders(other))).json.code;
    expect(await taken(`${audience}/`)).toBe("audience_taken");
    expect((await here().ask("DELETE", `${PATH}/${id}`, architect)).status).toBe(204);
    expect(await taken(audience)).toBe("audience_taken");
    expect(await taken(ORIGIN)).toBe("audience_taken");
    expect(await taken(`${ORIGIN}/`)).toBe("audience_taken");
  });

  test("a repeat under one key registers once", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const asked = { cookie: architect.cookie, body: orders(), headers };
    const [one, two] = [
      await here().ask("POST", PATH, asked),
      await here().ask("POST", PATH, asked),
    ];
    expect([two.status, two.json]).toEqual([201, one.json]);
  });

  test.each([
    ["audience", { audience: "orders" }],
    ["audience", { audience: "https://orders.example.com/#x" }],
    ["audience", { audience: "https://user@orders.example.com/" }],
    ["audience", { audience: "https://*.example.com/" }],
    ["audience", { audience: "javascript:alert(1)" }],
    ["audience", { audience: "URN:example:orders" }],
    ["audience", { audience: "https://ORDERS.example.com/" }],
    ["scopes", { scopes: [{ name: "openid", description: "Who you are" }] }],
    ["scopes", { scopes: [{ name: "two words", description: "Both" }] }],
    ["scopes", { scopes: [1, 2].map(() => ({ name: "twice", description: "Again" })) }],
    ["scopes.0.description", { scopes: [{ name: "silent", description: "" }] }],
    ["name", { name: "" }],
  ])("is refused by its %s: %j", async (field, changed) => {
    const heads = await here().heads();
    const heard = await register({ ...orders(), ...changed });
    expect([heard.status, heard.json]).toMatchObject([400, { code: "invalid_field", field }]);
    expect(await here().heads()).toEqual(heads);
  });

  test("architects alone register them, admins see them", async () => {
    const admin = await here().withRole("admin", architect);
    const auditor = await here().withRole("auditor", architect);
    const { id } = await registered();
    const asked = async ({ cookie }: Partial<Somebody>) => [
      (await here().ask("GET", PATH, { cookie })).status,
      (await here().ask("POST", PATH, { cookie, body: orders() })).status,
      (await here().ask("PATCH", `${PATH}/${id}`, { cookie, body: {} })).status,
      (await here().ask("DELETE", `${PATH}/${id}`, { cookie })).status,
    ];
    expect(await asked({})).toEqual([401, 401, 401, 401]);
    expect(await asked(auditor)).toEqual([403, 403, 403, 403]);
    expect(await asked(admin)).toEqual([200, 403, 403, 403]);
  });
}
