import * as openid from "openid-client";
import { expect, test } from "vitest";
import { CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { configOf, post, tokensOf } from "./flow.ts";
import { SHOP, selfRegistration } from "./self-registration.ts";

const first = (members: object) => Object.keys(members)[0] ?? "";

export function registrationTests(here: () => OpenidWorld) {
  const { issue, tell, register, registered, listed, eventsOf } = selfRegistration(here);

  test("a client of the field registers itself and lets somebody sign in", async () => {
    const w = here();
    const { token } = await issue();
    const config = await openid.dynamicClientRegistration(
      new URL(w.url),
      { ...SHOP, grant_types: ["authorization_code", "refresh_token"] },
      undefined,
      { initialAccessToken: token, execute: [openid.allowInsecureRequests] },
    );
    const { client_id: clientId, client_secret: clientSecret } = config.clientMetadata();
    const ada = await w.person("ada");
    const app = { clientId, clientSecret: String(clientSecret) };
    const { tokens } = await tokensOf(w, app, { person: ada });
    expect(tokens.claims()).toMatchObject({ sub: ada.id, aud: clientId });
    expect((await configOf(w, app)).serverMetadata().registration_endpoint).toBe(
      `${w.url}/oauth2/register`,
    );
  });

  test("is told what is registered, its secret this once, and where to manage it", async () => {
    const w = here();
    const heard = await register((await issue()).token, {
      ...SHOP,
      logo_uri: "https://app.example.org/logo.svg",
      "client_name#de": "Laden",
      contacts: ["ada@example.org"],
      scope: "users:read ledger:read",
      skipConsent: true,
      skip_consent: true,
      software_version: "7",
      tos_uri: null,
    });
    expect(heard.status).toBe(201);
    expect(heard.headers.get("cache-control")).toBe("no-store");
    expect(heard.json).toEqual({
      client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_id_issued_at: expect.any(Number),
      client_secret: expect.stringMatching(/^als_[\w-]{43}$/),
      client_secret_expires_at: 0,
      registration_access_token: expect.stringMatching(/^alm_[\w-]{43}$/),
      registration_client_uri: `${w.url}/oauth2/register/${heard.json.client_id}`,
      client_name: "Shop",
      application_type: "web",
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: ["authorization_code"],
      response_types: ["code"],
      redirect_uris: [CALLBACK],
      post_logout_redirect_uris: [],
      subject_type: "public",
      id_token_signed_response_alg: "RS256",
      scope: "openid profile email phone address offline_access",
      logo_uri: "https://app.example.org/logo.svg",
    });
    const { json } = await w.ask("GET", `/v1/clients/${heard.json.client_id}`, w.owner);
    expect(json.client).toMatchObject({ scopes: [], skipConsent: false, accessPolicy: "all" });
  });

  test.each([
    ["a page of a browser", { token_endpoint_auth_method: "none" }, "spa"],
    ["an app", { application_type: "native", redirect_uris: ["com.example.app:/cb"] }, "native"],
    ["a machine", { grant_types: ["client_credentials"], redirect_uris: undefined }, "machine"],
    [
      "a server",
      { jwks_uri: "https://a.example/jwks", token_endpoint_auth_method: "private_key_jwt" },
      "web",
    ],
  ])("%s is registered as one, with a secret only where it keeps one", async (_, more, type) => {
    const told = await registered({ ...SHOP, ...more });
    const { json } = await here().ask("GET", `/v1/clients/${told.client_id}`, here().owner);
    expect(json.client.type).toBe(type);
    expect("client_secret" in told).toBe(type === "machine");
    expect("client_secret_expires_at" in told).toBe(type === "machine");
  });

  test("open registration: without a token, or with another, nothing is registered", async () => {
    const w = here();
    const machine = await w.machine();
    const basic = await post(w, "/oauth2/token", {
      app: machine,
      grant_type: "client_credentials",
    });
    const { registration_access_token: managing } = await registered();
    const { token } = await issue();
    const [id = "", rest = ""] = token.slice("alr_".length).split(".");
    const before = await w.heads();
    for (const wrong of [
      undefined,
      "",
      "x",
      basic.json.access_token,
      managing,
      `alr_${id}.${"A".repeat(43)}`,
      `alr_${crypto.randomUUID()}.${rest}`,
      token.toUpperCase(),
      `${token}A`,
    ]) {
      const heard = await register(wrong);
      expect([heard.status, heard.json.error], String(wrong)).toEqual([401, "invalid_token"]);
      expect(heard.headers.get("www-authenticate")).toMatch(/^Bearer realm="authledger"/);
      expect(heard.headers.get("content-type")).toBe("application/json");
    }
    expect(await w.heads()).toEqual(before);
    expect((await register(token)).status).toBe(201);
  });

  test("of N uses exactly N pass, however many ask at once", async () => {
    const { id, token } = await issue({ uses: 3 });
    const all = await Promise.all(Array.from({ length: 8 }, () => register(token)));
    expect(all.map(({ status }) => status).toSorted()).toEqual([
      201, 201, 201, 401, 401, 401, 401, 401,
    ]);
    expect(await listed(id)).toMatchObject({ status: "spent", uses: 3, used: 3 });
    const types = (await eventsOf(`registration-token-${id}`)).map(({ type }) => type);
    expect(types).toEqual(["RegistrationTokenIssued", ...Array(3).fill("RegistrationTokenUsed")]);
  });

  test("a revoked token, and one of who may issue none any more, register nothing", async () => {
    const w = here();
    const revoked = await issue({ uses: 5 });
    const gone = await w.ask("DELETE", `/v1/registration-tokens/${revoked.id}`, w.owner);
    expect(gone.status).toBe(204);
    expect((await register(revoked.token)).status).toBe(401);
    expect(await listed(revoked.id)).toMatchObject({ status: "revoked", used: 0 });
    const admin = await w.withRole("admin", w.owner);
    const [kept, lost] = [await issue({}, admin), await issue({}, admin)];
    expect((await register(kept.token)).status).toBe(201);
    const dismissed = await w.ask("DELETE", `/v1/users/${admin.id}/roles/admin`, w.owner);
    expect(dismissed.status).toBe(200);
    expect((await register(lost.token)).status).toBe(401);
  });

  test("a token is shown once and is nowhere in the ledger; who did it is", async () => {
    const w = here();
    const { id, token } = await issue();
    const told = (await register(token)).json;
    expect(JSON.stringify(await listed(id))).not.toContain("alr_");
    const events = [
      ...(await eventsOf(`registration-token-${id}`)),
      ...(await eventsOf(`client-${told.client_id}`)),
    ];
    const text = JSON.stringify([events, w.lines]);
    for (const secret of [token, told.client_secret, told.registration_access_token]) {
      expect(text).not.toContain(secret.slice(-20));
    }
    expect(events.map(({ type }) => type)).toEqual([
      "RegistrationTokenIssued",
      "RegistrationTokenUsed",
      "ClientRegistered",
      "ClientSecretIssued",
    ]);
    expect(new Set(events.map(({ meta }) => meta.actor))).toEqual(new Set([`user:${w.owner.id}`]));
    const [, used, client] = events.map(({ meta }) => meta.correlation);
    expect(used).toBe(client);
  });

  test("only administrators issue tokens, with an end within a year", async () => {
    const w = here();
    const ada = await w.person("ada");
    const path = "/v1/registration-tokens";
    expect((await w.ask("GET", path, ada)).status).toBe(403);
    expect((await w.ask("POST", path, { cookie: ada.cookie, body: {} })).status).toBe(403);
    for (const body of [
      { uses: 0 },
      { uses: 1001 },
      { uses: 1.5 },
      { expiresAt: "2020-01-01T00:00:00Z" },
      { expiresAt: "2999-01-01T00:00:00Z" },
    ]) {
      const heard = await w.ask("POST", path, { cookie: w.owner.cookie, body });
      expect(heard.status, JSON.stringify(body)).toBe(400);
    }
    const gone = `${path}/${crypto.randomUUID()}`;
    expect((await w.ask("DELETE", gone, w.owner)).status).toBe(404);
  });

  test.each([
    ["a wildcard", { redirect_uris: ["https://*.example.org/cb"] }, "invalid_redirect_uri"],
    ["a fragment", { redirect_uris: [`${CALLBACK}#x`] }, "invalid_redirect_uri"],
    ["HTTP on a network", { redirect_uris: ["http://app.example.org/cb"] }, "invalid_redirect_uri"],
    ["script", { redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["no address", { redirect_uris: [] }, "invalid_redirect_uri"],
    ["no list", { redirect_uris: CALLBACK }, "invalid_redirect_uri"],
    ["an app's scheme from a server", { redirect_uris: ["com.a.b:/cb"] }, "invalid_redirect_uri"],
    ["implicit", { grant_types: ["implicit"] }, "invalid_client_metadata"],
    ["password", { grant_types: ["password"] }, "invalid_client_metadata"],
    ["tokens from the page", { response_types: ["token"] }, "invalid_client_metadata"],
    ["HS256", { id_token_signed_response_alg: "HS256" }, "invalid_client_metadata"],
    ["alg none", { id_token_signed_response_alg: "none" }, "invalid_client_metadata"],
    [
      "a secret by JWT",
      { token_endpoint_auth_method: "client_secret_jwt" },
      "invalid_client_metadata",
    ],
    [
      "keys that are nowhere",
      { token_endpoint_auth_method: "private_key_jwt" },
      "invalid_client_metadata",
    ],
    ["keys by value", { jwks: { keys: [] } }, "invalid_client_metadata"],
    ["pairwise subjects", { subject_type: "pairwise" }, "invalid_client_metadata"],
    ["a logo by script", { logo_uri: "javascript:alert(1)" }, "invalid_client_metadata"],
    ["a name of two lines", { client_name: "a\nb" }, "invalid_client_metadata"],
    ["a number", { client_name: 7 }, "invalid_client_metadata"],
  ])("%s is refused, and takes no use", async (_, wrong, error) => {
    const { id, token } = await issue();
    const heard = await register(token, { ...SHOP, ...wrong });
    expect([heard.status, heard.json.error]).toEqual([400, error]);
    // Who has no keys is told where they are wanted.
    const named = "token_endpoint_auth_method" in wrong ? /auth_method|jwks_uri/ : first(wrong);
    expect(heard.json.error_description).toMatch(named);
    expect(await listed(id)).toMatchObject({ status: "open", used: 0 });
  });

  test.each([
    ["half of it", '{"a":', 400],
    ["a list", "[]", 400],
    ["twice", '{"client_name":"a","client_name":"b"}', 400],
    ["a prototype", '{"__proto__":{}}', 400],
    ["too much", `{"client_name":"${"x".repeat(70_000)}"}`, 413],
  ])("a body that is %s is refused in OAuth's shape", async (_, raw, status) => {
    const { token } = await issue();
    const heard = await tell("POST", "/oauth2/register", { token, raw });
    expect([heard.status, heard.json.error]).toEqual([status, "invalid_request"]);
  });
}

/** Sets the clock of the world on, so it comes last. */
export function registrationLapseTests(here: () => OpenidWorld) {
  test("a registration token is worth nothing from its end on", async () => {
    const w = here();
    const path = "/v1/registration-tokens";
    const issue = async (body: object) =>
      (await w.ask("POST", path, { cookie: w.owner.cookie, body })).json;
    // A week from the clock of this world is what is said by default.
    const nowMs = Date.parse((await issue({})).expiresAt) - 7 * 24 * 60 * 60 * 1000;
    const { id, token } = await issue({ expiresAt: new Date(nowMs + 60_000).toISOString() });
    w.forward(120_000);
    const response = await fetch(new URL("/oauth2/register", w.url), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(SHOP),
    });
    expect([response.status, await response.json()]).toEqual([401, { error: "invalid_token" }]);
    const { json } = await w.ask("GET", `${path}?limit=200`, w.owner);
    const [listed] = json.items.filter((item: { id: string }) => item.id === id);
    expect(listed).toMatchObject({ status: "expired", used: 0 });
  });
}
