import { beforeAll, expect, test } from "vitest";
import { browserOf, type Seen } from "../pages-world.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

type Somebody = { readonly id: string; readonly cookie: string };

const CALLBACK = "https://shop.example.com/callback";
const HOUR_MS = 3_600_000;
const SECRET = /als_[\w-]{43}/;
const HOSTILE = '<b>Shop</b> & "Söhne"';

export function clientPageTests({ here, fresh }: Stage): void {
  const { look, send } = browserOf(here);
  let architect: Somebody;
  let admin: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    admin = await here().withRole("admin", architect);
  });
  const client = async (path: string) =>
    (await here().ask("GET", path.replace("/admin", "/v1"), architect)).json.client;
  const secretOf = ({ text }: Seen) => text.match(SECRET)?.[0] ?? "";
  const onceOf = ({ text }: Seen) => text.match(/name="once" value="([^"]+)"/)?.[1] ?? "";
  const register = async (fields: Readonly<Record<string, string>> = {}, by = admin) => {
    const shown = await send(
      "/admin/clients/new",
      { form: "register", name: "Shop", type: "web", redirectUris: CALLBACK, ...fields },
      by,
    );
    const path = shown.to?.split("?")[0] ?? shown.text.match(/\/admin\/clients\/[\w-]{36}/)?.[0];
    return { shown, path: path ?? "" };
  };

  test("a new application's secret is in the answer to the form, and nowhere after", async () => {
    const { shown, path } = await register({ name: HOSTILE });
    expect([shown.status, shown.to, shown.cookie]).toEqual([200, null, undefined]);
    expect(shown.headers.get("cache-control")).toBe("no-store");
    expect(secretOf(shown)).toMatch(SECRET);
    expect(shown.text).not.toContain("<b>Shop");
    for (const by of [admin, architect]) {
      for (const where of [path, "/admin/clients", "/admin/clients/new"]) {
        const { status, text } = await look(where, by);
        expect([where, status]).toEqual([where, 200]);
        expect(text).not.toMatch(/als_/);
        expect(text).not.toContain("<b>Shop");
      }
    }
    expect((await client(path)).secrets).toHaveLength(1);
  });

  test("a form sent twice registers once, and one shown anew is another", async () => {
    const count = async () =>
      (await here().ask("GET", "/v1/clients?limit=200", admin)).json.items.length;
    const once = onceOf(await look("/admin/clients/new", admin));
    const before = await count();
    const first = await register({ once });
    const second = await register({ once });
    expect(secretOf(second.shown)).toBe(secretOf(first.shown));
    expect(await count()).toBe(before + 1);
    await register({ once: onceOf(await look("/admin/clients/new", admin)) });
    // What nobody's form has is no name of a sending.
    await register({ once: "漢" });
    expect(await count()).toBe(before + 3);
  });

  test("who keeps no secret is shown none, and what is wrong stands beside its field", async () => {
    const { shown, path } = await register({ type: "spa", origins: "https://shop.example.com" });
    expect(shown.to).toBe(`${path}?done=clientRegistered`);
    expect((await look(path, admin)).text).not.toContain('value="issue-secret"');
    const wrong = (await register({ redirectUris: `${CALLBACK}\r\nhttps://*.example.com/` })).shown;
    expect(wrong.status).toBe(400);
    expect(wrong.text).toMatch(/<textarea[^>]*name="redirectUris"[^>]*aria-invalid="true"/);
    expect(wrong.text).toContain("https://*.example.com/");
    const nowhere = (await register({ redirectUris: "" })).shown;
    expect(nowhere.text).toMatch(/<textarea[^>]*name="redirectUris"[^>]*aria-invalid="true"/);
  });

  test("each form changes its own part", async () => {
    const { path } = await register();
    const before = await client(path);
    const saved = `${path}?done=clientSaved`;
    const looks = { form: "looks", name: "Store", logoUri: "https://shop.example.com/logo.svg" };
    expect((await send(path, looks, admin)).to).toBe(saved);
    const addresses = {
      form: "addresses",
      redirectUris: `${CALLBACK}\r\n\r\n  https://shop.example.com/other `,
      postLogoutRedirectUris: "https://shop.example.com/",
    };
    expect((await send(path, addresses, admin)).to).toBe(saved);
    const tokens = {
      form: "tokens",
      "grant.authorization_code": "yes",
      tokenEndpointAuthMethod: "client_secret_post",
      accessToken: "300",
    };
    expect((await send(path, tokens, admin)).to).toBe(saved);
    const access = { form: "access", accessPolicy: "restricted" };
    expect((await send(path, access, admin)).to).toBe(saved);
    const { revisedAt: _, ...after } = await client(path);
    expect(after).toEqual({
      ...before,
      revisedAt: undefined,
      name: "Store",
      logoUri: "https://shop.example.com/logo.svg",
      redirectUris: [CALLBACK, "https://shop.example.com/other"],
      postLogoutRedirectUris: ["https://shop.example.com/"],
      grantTypes: ["authorization_code"],
      tokenEndpointAuthMethod: "client_secret_post",
      lifetimes: { accessToken: 300 },
      accessPolicy: "restricted",
    });
    expect((await send(path, { form: "looks", name: "Store" }, admin)).to).toBe(saved);
    expect(await client(path)).not.toHaveProperty("logoUri");
  });

  test.each([
    [{ form: "tokens", "grant.authorization_code": "yes", accessToken: "7" }, "accessToken"],
    [{ form: "tokens", "grant.authorization_code": "yes", refreshToken: "soon" }, "refreshToken"],
    [{ form: "tokens", "grant.client_credentials": "yes" }, "grantTypes"],
    [
      {
        form: "tokens",
        "grant.authorization_code": "yes",
        tokenEndpointAuthMethod: "private_key_jwt",
      },
      "jwksUri",
    ],
    [{ form: "looks", name: "Shop", tosUri: "http://shop.example.com" }, "tosUri"],
    [{ form: "addresses", redirectUris: CALLBACK, origins: `${CALLBACK}` }, "origins"],
    [{ form: "add-preview", uri: `${CALLBACK}/2`, until: "2020-01-01T00:00" }, "uri"],
    [{ form: "add-preview", uri: "https://*.example.com/", until: "2126-01-01T00:00" }, "uri"],
    [{ form: "remove", expected: "Shop", confirm: "Shob" }, "confirm"],
  ])("%j is refused beside %s", async (fields, field) => {
    const { path } = await register();
    const refused = await send(path, fields as unknown as Record<string, string>, admin);
    expect(refused.status).toBe(400);
    expect(refused.text).toMatch(
      new RegExp(`id="${fields.form}-${field}"[^>]*aria-(?:invalid|describedby="[^"]*error)`),
    );
  });

  test("previews come and go one by one", async () => {
    const { path } = await register();
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 16);
    for (const name of ["one", "two"]) {
      const preview = { form: "add-preview", uri: `https://${name}.example.com/`, until };
      expect((await send(path, preview, admin)).to).toContain("done=clientSaved");
    }
    const taken = { form: "remove-preview", uri: "https://one.example.com/" };
    expect((await send(path, taken, admin)).to).toContain("done=clientSaved");
    expect((await client(path)).previewRedirectUris).toEqual([
      { uri: "https://two.example.com/", expiresAt: `${until}:00.000Z` },
    ]);
  });

  test("a second secret is shown this once; one of them is revoked", async () => {
    const { shown, path } = await register();
    const issued = await send(path, { form: "issue-secret", name: "Shop" }, admin);
    expect([issued.status, issued.to]).toEqual([200, null]);
    expect(secretOf(issued)).not.toBe(secretOf(shown));
    const after = await look(path, admin);
    expect(after.text).not.toMatch(SECRET);
    expect(after.text).not.toContain('value="issue-secret"');
    const [{ id: secretId }] = (await client(path)).secrets;
    const revoked = await send(path, { form: "revoke-secret", secretId }, admin);
    expect(revoked.to).toBe(`${path}?done=secretRevoked`);
    expect((await client(path)).secrets).toHaveLength(1);
  });

  test("a secret wants a fresh proof", async () => {
    const w = await fresh();
    const { send } = browserOf(() => w);
    const old = await w.withRole("admin", await w.architect());
    const body = { name: "Shop", type: "web", redirectUris: [CALLBACK] };
    const { clientId } = (await w.ask("POST", "/v1/clients", { ...old, body })).json;
    const path = `/admin/clients/${clientId}`;
    w.forward(HOUR_MS);
    const asked = await send(path, { form: "issue-secret", name: "Shop" }, old);
    expect(asked.status).toBe(403);
    expect(asked.text).toContain('name="confirmation"');
  });

  test("a proof that comes with the form changes the cookie, and the secret is shown", async () => {
    const { path } = await register();
    const other = await here().withRole("admin", architect);
    const proof = { form: "issue-secret", name: "Shop", confirmation: PASSWORD };
    const proved = await send(path, proof, other);
    expect(secretOf(proved)).toMatch(SECRET);
    const { cookie } = proved;
    expect((await here().ask("GET", "/v1/session", other)).status).toBe(401);
    expect((await look(path, { cookie })).status).toBe(200);
  });

  test("off, on, and gone", async () => {
    const { path } = await register();
    expect((await send(path, { form: "disable" }, admin)).to).toContain("done=clientDisabled");
    expect((await look(path, admin)).text).toContain('value="enable"');
    expect((await send(path, { form: "enable" }, admin)).to).toContain("done=clientEnabled");
    const remove = { form: "remove", expected: "Shop", confirm: "Shop" };
    expect((await send(path, remove, admin)).to).toBe("/admin/clients?done=clientRemoved");
    expect((await look(path, admin)).status).toBe(404);
  });

  test("trust is shown to architects alone, and what they trust is theirs to change", async () => {
    const { path } = await register({}, architect);
    const trust = /name="(?:skipConsent|scope\.users:read|trust)"/;
    expect((await look(path, admin)).text).not.toMatch(trust);
    expect((await look(path, architect)).text).toMatch(trust);
    const given = { form: "access", trust: "yes", skipConsent: "yes", "scope.users:read": "yes" };
    expect((await send(path, given, admin)).status).toBe(403);
    expect((await send(path, given, architect)).to).toContain("done=clientSaved");
    expect(await client(path)).toMatchObject({ skipConsent: true, scopes: ["users:read"] });
    const seen = await look(path, admin);
    expect(seen.text).toContain("An architect trusts it");
    expect(seen.text).not.toMatch(/value="(?:addresses|tokens|access|add-preview|issue-secret)"/);
    // Who saves another part leaves the trust alone.
    const access = { form: "access", accessPolicy: "restricted" };
    expect((await send(path, access, architect)).to).toContain("done=clientSaved");
    expect(await client(path)).toMatchObject({ skipConsent: true, scopes: ["users:read"] });
  });

  test("APIs are registered, revised and removed by architects, and seen by admins", async () => {
    const audience = `https://${crypto.randomUUID()}.example.com`;
    const scopes = "orders:read See your orders\r\norders:write  Change your orders";
    const fields = { form: "register", name: "Orders", audience, scopes };
    const list = "/admin/resource-servers";
    expect((await send(list, fields, admin)).status).toBe(403);
    const path = (await send(list, fields, architect)).to?.split("?")[0] ?? "";
    const shown = async () =>
      (await here().ask("GET", path.replace("/admin", "/v1"), admin)).json.resourceServer;
    expect(await shown()).toMatchObject({
      audience,
      scopes: [
        { name: "orders:read", description: "See your orders" },
        { name: "orders:write", description: "Change your orders" },
      ],
    });
    const taken = await send(list, fields, architect);
    expect(taken.text).toMatch(/id="register-audience"[^>]*aria-invalid/);
    const wordless = await send(path, { form: "revise", name: "Orders", scopes: "x" }, architect);
    expect(wordless.text).toMatch(/id="revise-scopes"[^>]*aria-invalid/);
    expect((await look(path, admin)).text).not.toMatch(/value="(?:revise|remove)"/);
    const revised = { form: "revise", name: "Shop", scopes: "orders:read Read your orders" };
    expect((await send(path, revised, architect)).to).toBe(`${path}?done=apiSaved`);
    expect(await shown()).toMatchObject({
      name: "Shop",
      scopes: [{ name: "orders:read", description: "Read your orders" }],
    });
    const remove = { form: "remove", expected: "Shop", confirm: "Shop" };
    expect((await send(path, remove, architect)).to).toBe(`${list}?done=apiRemoved`);
    expect((await look(path, admin)).status).toBe(404);
  });

  test("auditors and everybody else see none of it", async () => {
    const auditor = await here().withRole("auditor", architect);
    const person = await here().person("curious");
    for (const by of [auditor, person]) {
      for (const path of ["/admin/clients", "/admin/clients/new", "/admin/resource-servers"]) {
        expect((await look(path, by)).status, path).toBe(403);
      }
    }
  });
}
