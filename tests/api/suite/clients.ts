import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import { beforeAll, expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { Vault } from "../../../adapters/ports/vault.ts";
import type { Stage } from "../suite.ts";

type Somebody = { readonly id: string; readonly cookie: string };

const web = {
  name: "Shop",
  type: "web",
  redirectUris: ["https://shop.example.com/callback"],
} as const;
const spa = { ...web, name: "Page", type: "spa" } as const;

export function clientTests({ here }: Stage): void {
  let architect: Somebody;
  let admin: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    admin = await here().withRole("admin", architect);
  });
  const register = (body: object, { cookie } = admin) =>
    here().ask("POST", "/v1/clients", { cookie, body });
  const revise = (id: string, body: object, { cookie } = admin) =>
    here().ask("PATCH", `/v1/clients/${id}`, { cookie, body });
  const shown = async (id: string) =>
    (await here().ask("GET", `/v1/clients/${id}`, admin)).json.client;
  const registered = async (body: object, by = admin): Promise<string> => {
    const heard = await register(body, by);
    expect(heard.status, JSON.stringify(heard.json)).toBe(201);
    return heard.json.clientId;
  };
  const digests = (id: string) =>
    shown(id).then(({ secrets }: { secrets: ReadonlyArray<{ id: string }> }) =>
      here().run(
        Effect.forEach(secrets, (secret) =>
          Effect.flatMap(Vault, ({ get }) => get(`client-secret:${secret.id}`)),
        ),
      ),
    );

  test("is registered with what its type begins with, and shows its secret this once", async () => {
    const { status, json } = await register(web);
    expect([status, json.clientSecret]).toEqual([201, expect.stringMatching(/^als_[\w-]{43}$/)]);
    const client = await shown(json.clientId);
    expect(client).toMatchObject({
      clientId: json.clientId,
      type: "web",
      status: "enabled",
      name: "Shop",
      tokenEndpointAuthMethod: "client_secret_basic",
      grantTypes: ["authorization_code", "refresh_token"],
      redirectUris: web.redirectUris,
      scopes: [],
      skipConsent: false,
      accessPolicy: "all",
      secrets: [{ id: expect.any(String), issuedAt: expect.any(String) }],
    });
    expect(JSON.stringify(client)).not.toMatch(/als_|digest|client-secret:/);
    expect((await register(spa)).json).toEqual({ clientId: expect.any(String) });
  });

  test("a secret is a digest in the vault, and nowhere in the ledger", async () => {
    const { json } = await register(web);
    const [row] = await digests(json.clientId);
    expect(row?.ciphertext.byteLength).toBeGreaterThan(32);
    const records = await here().run(
      Effect.flatMap(Ledgers, ({ identity }) =>
        identity.read({ stream: `client-${json.clientId}` }),
      ),
    );
    expect(records.map(({ type }) => type)).toEqual(["ClientRegistered", "ClientSecretIssued"]);
    expect(JSON.stringify(records)).not.toContain(json.clientSecret.slice(4));
  });

  test("two secrets overlap, no third; a revoked one is gone from the vault", async () => {
    const { clientId } = (await register(web)).json;
    const path = `/v1/clients/${clientId}/secrets`;
    const second = await here().ask("POST", path, admin);
    expect([second.status, second.json.clientSecret]).toEqual([
      201,
      expect.stringMatching(/^als_/),
    ]);
    const third = await here().ask("POST", path, admin);
    expect([third.status, third.json.code]).toEqual([409, "too_many_secrets"]);
    const [first] = (await shown(clientId)).secrets;
    expect((await here().ask("DELETE", `${path}/${first.id}`, admin)).status).toBe(204);
    expect((await shown(clientId)).secrets).toEqual([
      { id: second.json.id, issuedAt: expect.any(String) },
    ]);
    const kept = await here().run(
      Effect.flatMap(Vault, ({ get }) => get(`client-secret:${first.id}`)),
    );
    expect(kept).toBeUndefined();
    expect((await here().ask("DELETE", `${path}/${first.id}`, admin)).status).toBe(404);
    const none = await here().ask("POST", `/v1/clients/${await registered(spa)}/secrets`, admin);
    expect([none.status, none.json.code]).toEqual([409, "keeps_no_secret"]);
  });

  test("only what is named is revised, `null` clears, and the same again is no event", async () => {
    const id = await registered({ ...web, logoUri: "https://shop.example.com/logo.svg" });
    const before = await shown(id);
    const { json } = await revise(id, { name: "Market", logoUri: null });
    const { logoUri: _, ...rest } = before;
    expect(json.client).toEqual({ ...rest, name: "Market", revisedAt: expect.any(String) });
    const heads = await here().heads();
    expect((await revise(id, { name: "Market" })).status).toBe(200);
    expect(await here().heads()).toEqual(heads);
    const preview = { uri: "https://p7.example.com/cb", expiresAt: "2030-01-01T01:00:00+01:00" };
    const previewed = await revise(id, { previewRedirectUris: [preview] });
    expect(previewed.json.client.previewRedirectUris).toEqual([
      { ...preview, expiresAt: "2030-01-01T00:00:00.000Z" },
    ]);
  });

  test("revisions at once lose none of each other's members", async () => {
    const id = await registered(web);
    const changes = [
      { name: "Together" },
      { clientUri: "https://shop.example.com/" },
      { policyUri: "https://shop.example.com/privacy" },
      { accessPolicy: "restricted" },
    ];
    const heard = await Promise.all(changes.map((body) => revise(id, body)));
    expect(heard.map(({ status }) => status)).toEqual(changes.map(() => 200));
    expect(await shown(id)).toMatchObject(Object.assign({}, ...changes));
  });

  test("is disabled and enabled again, and once removed it is not there any more", async () => {
    const id = await registered(web);
    expect((await revise(id, { disabled: true })).json.client.status).toBe("disabled");
    expect((await revise(id, { disabled: false })).json.client.status).toBe("enabled");
    const secrets = await digests(id);
    expect(secrets).toHaveLength(1);
    const path = `/v1/clients/${id}`;
    expect((await here().ask("DELETE", path, admin)).status).toBe(204);
    expect((await here().ask("DELETE", path, admin)).status).toBe(204);
    expect((await here().ask("GET", path, admin)).status).toBe(404);
    expect((await revise(id, { name: "Again" })).status).toBe(404);
    const kept = await here().run(Effect.flatMap(Vault, ({ get }) => get(String(secrets[0]?.id))));
    expect(kept).toBeUndefined();
  });

  test("an architect alone gives scopes of our API and spares people consent", async () => {
    const machine = { name: "Robot", type: "machine", scopes: ["users:read"] };
    const refused = await register(machine);
    expect([refused.status, refused.json]).toMatchObject([403, { requires: "architect" }]);
    expect((await register({ ...web, skipConsent: true })).status).toBe(403);
    const id = await registered(machine, architect);
    expect((await revise(id, { name: "Bot" })).json.client.scopes).toEqual(["users:read"]);
    expect((await revise(id, { scopes: ["users:read", "ledger:read"] })).status).toBe(403);
    expect((await revise(id, { scopes: [] })).json.client.scopes).toEqual([]);
    expect((await register({ ...machine, scopes: ["everything"] }, architect)).json).toMatchObject({
      status: 400,
      field: "scopes.0",
    });
  });

  test.each([
    ["redirectUris", { redirectUris: ["https://*.example.com/"] }],
    ["redirectUris", { redirectUris: ["https://shop.example.com/#x"] }],
    ["redirectUris", { redirectUris: [] }],
    ["redirectUris.0", { redirectUris: ["https://bücher.example/"] }],
    ["redirectUris", { redirectUris: Array.from({ length: 21 }, () => web.redirectUris[0]) }],
    ["tokenEndpointAuthMethod", { tokenEndpointAuthMethod: "none" }],
    ["tokenEndpointAuthMethod", { tokenEndpointAuthMethod: "client_secret_jwt" }],
    ["grantTypes.0", { grantTypes: ["password"] }],
    ["grantTypes.0", { grantTypes: ["implicit"] }],
    ["jwksUri", { tokenEndpointAuthMethod: "private_key_jwt" }],
    ["lifetimes", { lifetimes: { accessToken: 86_400 } }],
    ["logoUri", { logoUri: "javascript:alert(1)" }],
    ["name", { name: " " }],
    ["type", { type: "robot" }],
  ])("is refused by its %s: %j", async (field, changed) => {
    const heads = await here().heads();
    const heard = await register({ ...web, ...changed });
    expect([heard.status, heard.json]).toMatchObject([400, { code: "invalid_field", field }]);
    expect(await here().heads()).toEqual(heads);
  });

  test("whoever may not administer sees and changes none of them", async () => {
    const id = await registered(web);
    const auditor = await here().withRole("auditor", architect);
    const asked = async (who: Partial<Somebody>) => {
      const cookie = who.cookie;
      return [
        (await here().ask("GET", "/v1/clients", { cookie })).status,
        (await here().ask("GET", `/v1/clients/${id}`, { cookie })).status,
        (await here().ask("POST", "/v1/clients", { cookie, body: web })).status,
        (await here().ask("PATCH", `/v1/clients/${id}`, { cookie, body: {} })).status,
        (await here().ask("DELETE", `/v1/clients/${id}`, { cookie })).status,
        (await here().ask("POST", `/v1/clients/${id}/secrets`, { cookie })).status,
        (await here().ask("DELETE", `/v1/clients/${id}/secrets/${id}`, { cookie })).status,
      ];
    };
    expect(await asked({})).toEqual(Array.from({ length: 7 }, () => 401));
    expect(await asked(auditor)).toEqual(Array.from({ length: 7 }, () => 403));
    expect((await here().ask("GET", `/v1/clients/${randomUUID()}`, admin)).status).toBe(404);
  });

  test("all of them are listed, oldest first, a page at a time", async () => {
    const made = [await registered(web), await registered(spa), await registered(web)];
    const seen: Array<string> = [];
    let cursor = "";
    do {
      const query = `limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const { json } = await here().ask("GET", `/v1/clients?${query}`, admin);
      seen.push(...json.items.map(({ clientId }: { clientId: string }) => clientId));
      cursor = json.nextCursor ?? "";
    } while (cursor !== "");
    expect(seen.filter((id) => made.includes(id))).toEqual(made);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("a repeat under one key registers once, and shows the same secret", async () => {
    const asked = { cookie: admin.cookie, body: web, headers: { "idempotency-key": randomUUID() } };
    const [one, two] = [
      await here().ask("POST", "/v1/clients", asked),
      await here().ask("POST", "/v1/clients", asked),
    ];
    expect([two.status, two.json, two.position]).toEqual([201, one.json, one.position]);
  });
}
