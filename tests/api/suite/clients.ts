import { randomUUID } from "node:crypto";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import { beforeAll, expect, test } from "vitest";
import { Answers } from "../../../adapters/ports/answers.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { Vault } from "../../../adapters/ports/vault.ts";
import type { Stage } from "../suite.ts";
import type { Backing } from "../world.ts";

type Somebody = { readonly id: string; readonly cookie: string };

const web = {
  name: "Shop",
  type: "web",
  redirectUris: ["https://shop.example.com/callback"],
} as const;
const spa = { ...web, name: "Page", type: "spa" } as const;

export function clientTests({ here, fresh }: Stage): void {
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
    const nonceAndTag = 12 + 16;
    expect(row?.ciphertext.byteLength).toBe(nonceAndTag + 32);
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
    expect((await here().ask("DELETE", `${path}/${first.id}`, admin)).status).toBe(204);
    expect((await here().ask("DELETE", `${path}/${clientId}`, admin)).status).toBe(404);
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
  });

  test("a preview has an end, in ninety days at most", async () => {
    const uri = "https://p7.example.com/cb";
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const previewed = (expiresAt: string) =>
      register({ ...web, previewRedirectUris: [{ uri, expiresAt }] });
    const end = inDays(89);
    const { json } = await previewed(end.replace("Z", "+00:00"));
    expect((await shown(json.clientId)).previewRedirectUris).toEqual([{ uri, expiresAt: end }]);
    for (const far of [inDays(-1), inDays(91), "9999-12-31T23:59:59-01:00"]) {
      expect((await previewed(far)).json).toMatchObject({
        status: 400,
        field: "previewRedirectUris",
      });
    }
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
    // Nor does whoever administers take the trust that is there for themselves.
    expect((await here().ask("POST", `/v1/clients/${id}/secrets`, admin)).status).toBe(403);
    const own = { tokenEndpointAuthMethod: "private_key_jwt", jwksUri: "https://evil.example/" };
    expect((await revise(id, own)).status).toBe(403);
    expect((await revise(id, { disabled: true })).status).toBe(200);
    expect((await revise(id, { disabled: false })).status).toBe(403);
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
    ["name", { name: "Auth\u200bledger\u202e" }],
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

  test("a repeat under one key registers once and shows the same secret, kept or not", async () => {
    const w = await fresh({}, forgetful);
    const { cookie } = await w.architect();
    const twice = async (path: string, body?: object) => {
      const asked = { cookie, ...(body && { body }), headers: { "idempotency-key": randomUUID() } };
      const [one, two] = [await w.ask("POST", path, asked), await w.ask("POST", path, asked)];
      expect([two.status, two.json]).toEqual([201, one.json]);
      return one.json;
    };
    const { clientId } = await twice("/v1/clients", web);
    const { id } = await twice(`/v1/clients/${clientId}/secrets`);
    const { client } = (await w.ask("GET", `/v1/clients/${clientId}`, { cookie })).json;
    expect(client.secrets).toHaveLength(2);
    expect(client.secrets[1].id).toBe(id);
    expect((await w.ask("GET", "/v1/clients", { cookie })).json.items).toHaveLength(1);
  });
}

/** A store that keeps no answers, as if each request had died before its answer was kept. */
function forgetful(services: Backing["services"]): Backing["services"] {
  const answers = Context.get(services, Answers);
  const keep = (scope: string) => answers.forget(scope);
  return Context.add(services, Answers, { ...answers, keep });
}
