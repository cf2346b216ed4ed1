import { decodeJwt, importJWK, type JWK, SignJWT } from "jose";
import * as openid from "openid-client";
import { expect, test } from "vitest";
import type { App, OpenidWorld } from "../openid-world.ts";
import { configOf, post, tokensOf } from "./flow.ts";

export function ownApiTests(here: () => OpenidWorld) {
  const robot = (...scopes: ReadonlyArray<string>) => here().machine({ scopes });
  const tokenFor = async (app: App, scope: string, resource = here().url) => {
    const grant_type = "client_credentials";
    const { json } = await post(here(), "/oauth2/token", { app, grant_type, resource, scope });
    return String(json.access_token);
  };
  const asked = (token: string, method: string, path: string, body?: unknown) =>
    here().ask(method, path, { headers: { authorization: `Bearer ${token}` }, body });

  test("a machine does what its scopes say, and is on record by its own name", async () => {
    const w = here();
    const app = await robot("users:create", "users:read", "roles:write");
    const token = await tokenFor(app, "users:create users:read roles:write");
    const email = `made-${crypto.randomUUID()}@example.org`;
    const made = await asked(token, "POST", "/v1/users", { email });
    expect(made.status).toBe(201);
    const { id } = made.json.user;
    const seen = await asked(token, "GET", `/v1/users/${id}`);
    expect(seen.json).toMatchObject({ user: { id, email } });
    expect((await asked(token, "POST", `/v1/users/${id}/roles/buyer`)).status).toBe(200);
    const history = await w.ask("GET", `/v1/ledger/events?stream=user-${id}`, {
      cookie: w.owner.cookie,
    });
    const actors = history.json.items.map(({ actor }: { actor: string }) => actor);
    expect(new Set(actors)).toEqual(new Set([`client:${app.clientId}`]));
  });

  test("a machine does nothing else: no other scope, no rank, no architect's account", async () => {
    const w = here();
    const app = await robot("users:read", "roles:write");
    const read = await tokenFor(app, "users:read");
    const refused = await asked(read, "POST", "/v1/users", { email: "x@example.org" });
    expect(refused).toMatchObject({ status: 403, json: { code: "insufficient_scope" } });
    expect(refused.headers.get("www-authenticate")).toContain('scope="users:create"');
    // A scope that nobody gave is not in the token, whatever is asked for.
    const wide = await tokenFor(app, "users:read users:write");
    const { id } = w.owner;
    expect((await asked(wide, "PATCH", `/v1/users/${id}`, { name: "X" })).status).toBe(403);
    const roles = await tokenFor(app, "roles:write");
    const ada = await w.person("ada");
    for (const role of ["admin", "architect", "auditor"]) {
      const given = await asked(roles, "POST", `/v1/users/${ada.id}/roles/${role}`);
      expect(given.status, role).toBeGreaterThanOrEqual(400);
    }
    expect((await asked(roles, "PUT", `/v1/users/${id}/roles`, { roles: ["user"] })).status).toBe(
      403,
    );
    // What only people do, with a session, a token does not open.
    expect((await asked(roles, "GET", "/v1/me")).status).toBe(401);
  });

  test.each([
    [
      "another API's token",
      async () => tokenFor(await robot("users:read"), "", await here().orders()),
    ],
    ["an opaque one", async () => "A".repeat(43)],
    ["none", async () => ""],
    ["one of three dots", async () => "a.b.c"],
  ])("%s is no token here", async (_, make) => {
    const heard = await asked(await make(), "GET", "/v1/users");
    expect(heard).toMatchObject({ status: 401, json: { code: "unauthenticated" } });
    expect(heard.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("a person is no machine, though they have the id of one", async () => {
    const w = here();
    const app = await w.web({ scopes: ["users:read"], skipConsent: true });
    const email = `twin-${crypto.randomUUID()}@example.org`;
    const body = { id: app.clientId, email };
    const made = await w.ask("POST", "/v1/users", { cookie: w.owner.cookie, body });
    expect(made).toMatchObject({ status: 409, json: { code: "already_exists" } });
    // One that was there before the client was: signed by hand, as our own engine would.
    const key = (await w.keys()).signing.find(({ algorithm }) => algorithm === "ES256");
    const ada = await w.person("ada");
    const params = { person: ada, scope: "openid users:read", resource: w.url };
    const { tokens } = await tokensOf(w, app, params);
    const claims = decodeJwt(tokens.access_token);
    expect(claims["grant_id"]).toEqual(expect.any(String));
    const token = await new SignJWT({ ...claims, sub: app.clientId })
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: key?.kid ?? "" })
      .sign((await importJWK(key?.jwk as JWK, "ES256")) as CryptoKey);
    expect((await asked(token, "GET", "/v1/users")).status).toBe(401);
  });

  test("an ID token is no access token", async () => {
    const w = here();
    const app = await w.web({ scopes: ["users:read"] });
    const { tokens } = await tokensOf(w, app, { person: w.owner, scope: "openid" });
    expect((await asked(tokens.id_token ?? "", "GET", "/v1/users")).status).toBe(401);
  });

  test("a person's token needs the scope and the role, and ends with them", async () => {
    const w = here();
    const app = await w.web({ scopes: ["users:read"], skipConsent: true });
    const params = { scope: "openid users:read", resource: w.url };
    const { tokens: owners } = await tokensOf(w, app, { person: w.owner, ...params });
    expect((await asked(owners.access_token, "GET", "/v1/users")).status).toBe(200);
    const ada = await w.person("ada");
    const { tokens } = await tokensOf(w, app, { person: ada, ...params });
    expect(await asked(tokens.access_token, "GET", "/v1/users")).toMatchObject({
      status: 403,
      json: { code: "forbidden" },
    });
    const block = { cookie: w.owner.cookie, body: { reason: "out" } };
    await w.ask("POST", `/v1/users/${ada.id}/block`, block);
    expect((await asked(tokens.access_token, "GET", "/v1/users")).status).toBe(401);
  });

  test.each(["consent", "session"])("a person's token ends with the %s", async (what) => {
    const w = here();
    const app = await w.web({ scopes: ["users:read"] });
    const ada = await w.person("ada");
    const scope = "openid users:read";
    const { tokens } = await tokensOf(w, app, { person: ada, scope, resource: w.url });
    const verified = () => asked(tokens.access_token, "GET", "/v1/session/verify");
    expect((await verified()).status).toBe(204);
    const { cookie } = ada;
    const given = (await w.ask("GET", "/v1/me/consents", { cookie })).json.items;
    const ended =
      what === "consent"
        ? await w.ask("DELETE", `/v1/me/consents/${given[0].id}`, { cookie })
        : await w.ask("POST", "/v1/sign-out", { cookie });
    expect(ended.status).toBeLessThan(300);
    expect((await verified()).status).toBe(401);
  });

  test("a proxy asks who somebody is by their token, as by their cookie", async () => {
    const w = here();
    const app = await w.web({ scopes: ["users:read"], skipConsent: true });
    const ada = await w.person("ada");
    const asOf = { person: ada, resource: w.url };
    const { tokens: none } = await tokensOf(w, app, { ...asOf, scope: "openid" });
    const unscoped = await asked(none.access_token, "GET", "/v1/session/verify");
    expect(unscoped).toMatchObject({ status: 403, json: { code: "insufficient_scope" } });
    const { tokens } = await tokensOf(w, app, { ...asOf, scope: "openid users:read" });
    const verified = await asked(tokens.access_token, "GET", "/v1/session/verify?role=user");
    expect(verified.status).toBe(204);
    expect(verified.headers.get("authledger-user")).toBe(ada.id);
    expect(verified.headers.get("authledger-session")).toBeNull();
    const lacking = await asked(tokens.access_token, "GET", "/v1/session/verify?role=admin");
    expect(lacking).toMatchObject({ status: 403, json: { requires: "admin" } });
    const nobody = await asked("a.b.c", "GET", "/v1/session/verify");
    expect(nobody.status).toBe(401);
  });

  test("what a client loses its tokens lose, and a disabled one has none", async () => {
    const w = here();
    const app = await robot("users:read");
    const token = await tokenFor(app, "users:read");
    expect((await asked(token, "GET", "/v1/users")).status).toBe(200);
    const revise = (body: unknown) =>
      w.ask("PATCH", `/v1/clients/${app.clientId}`, { cookie: w.owner.cookie, body });
    await revise({ scopes: [] });
    expect((await asked(token, "GET", "/v1/users")).status).toBe(403);
    await revise({ scopes: ["users:read"], disabled: true });
    expect((await asked(token, "GET", "/v1/users")).status).toBe(401);
  });

  test("events come sealed without the scope for it, and openings are kept", async () => {
    const w = here();
    const ada = await w.person("ada");
    const path = `/v1/ledger/events?stream=user-${ada.id}`;
    const sealed = await tokenFor(await robot("ledger:read"), "ledger:read");
    const [closed] = (await asked(sealed, "GET", path)).json.items;
    expect(closed.data.email).toEqual({ sealed: true });
    const scopes = ["ledger:read", "ledger:read:personal"];
    const app = await robot(...scopes);
    const [opened] = (await asked(await tokenFor(app, scopes.join(" ")), "GET", path)).json.items;
    expect(opened.data.email).toBe(ada.email);
    const kept = await w.ask(
      "GET",
      `/v1/ledger/events?ledger=activity&type=PersonalDataOpened&stream=disclosure-${ada.id}`,
      { cookie: w.owner.cookie },
    );
    expect(kept.json.items).toMatchObject([
      { actor: `client:${app.clientId}`, data: { userId: ada.id, what: "events" } },
    ]);
  });

  test("a token bound to a key comes with its proof, once, for this address", async () => {
    const w = here();
    const app = await robot("users:read");
    const config = await configOf(w, app);
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair("ES256"));
    const wanted = { resource: w.url, scope: "users:read" };
    const tokens = await openid.clientCredentialsGrant(config, wanted, { DPoP });
    const url = new URL("/v1/users?limit=1", w.url);
    const proofs: string[] = [];
    const watched = async (address: string, options: RequestInit) => {
      proofs.push(new Headers(options.headers).get("dpop") ?? "");
      return fetch(address, options);
    };
    config[openid.customFetch] = watched as openid.CustomFetch;
    const fetched = await openid.fetchProtectedResource(
      config,
      tokens.access_token,
      url,
      "GET",
      null,
      new Headers(),
      { DPoP },
    );
    expect(fetched.status).toBe(200);
    const [proof = ""] = proofs;
    const again = (path: string, headers: Record<string, string>) =>
      w.ask("GET", path, { headers });
    const dpop = `DPoP ${tokens.access_token}`;
    const replayed = await again("/v1/users?limit=1", { authorization: dpop, dpop: proof });
    expect(replayed.status).toBe(401);
    const bare = { authorization: `Bearer ${tokens.access_token}` };
    expect((await again("/v1/users", bare)).status).toBe(401);
    expect((await again("/v1/users", { authorization: dpop })).status).toBe(401);
  });
}
