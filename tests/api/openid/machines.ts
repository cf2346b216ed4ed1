import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";
import { expect, test } from "vitest";
import type { OpenidWorld } from "../openid-world.ts";
import { activityOf, post } from "./flow.ts";

const insecure = { [oauth.allowInsecureRequests]: true };

export function machineTests(here: () => OpenidWorld) {
  test("discovery says where everything is, under the configured address", async () => {
    const { url } = here();
    const issuer = new URL(url);
    for (const algorithm of ["oidc", "oauth2"] as const) {
      const response = await oauth.discoveryRequest(issuer, { algorithm, ...insecure });
      const as = await oauth.processDiscoveryResponse(issuer, response);
      expect(as).toMatchObject({
        issuer: url,
        token_endpoint: `${url}/oauth2/token`,
        jwks_uri: `${url}/oauth2/jwks`,
        response_types_supported: ["code"],
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
        id_token_signing_alg_values_supported: ["RS256", "ES256", "EdDSA"],
      });
      expect(as.grant_types_supported).not.toContain("implicit");
      expect(as.grant_types_supported).not.toContain("password");
    }
    const forwarded = await fetch(`${url}/.well-known/openid-configuration`, {
      headers: { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
    });
    expect(await forwarded.text()).not.toContain("evil");
  });

  test("a machine gets a JWT for an API, which the JWK Set verifies (RFC 9068)", async () => {
    const w = here();
    const [machine, audience] = [await w.machine(), await w.orders()];
    const issuer = new URL(w.url);
    const as = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, insecure),
    );
    const client = { client_id: machine.clientId };
    const auth = oauth.ClientSecretBasic(machine.clientSecret);
    const asked = { resource: audience, scope: "orders:read" };
    const response = await oauth.clientCredentialsGrantRequest(as, client, auth, asked, insecure);
    const told = await oauth.processClientCredentialsResponse(as, client, response);
    expect(told).toMatchObject({ token_type: "bearer", expires_in: 600, scope: "orders:read" });
    const { payload, protectedHeader } = await jwtVerify(
      told.access_token,
      createRemoteJWKSet(new URL(`${w.url}/oauth2/jwks`)),
      { issuer: w.url, audience, typ: "at+jwt" },
    );
    expect(protectedHeader.alg).toBe("ES256");
    expect(payload).toMatchObject({
      sub: machine.clientId,
      client_id: machine.clientId,
      scope: "orders:read",
      jti: expect.any(String),
    });
    const [issued] = await activityOf(w, "TokenIssued");
    expect(issued).toMatchObject({
      actor: `client:${machine.clientId}`,
      data: {
        clientId: machine.clientId,
        grant: "client_credentials",
        audience,
        scopes: ["orders:read"],
        jti: payload.jti,
        kid: protectedHeader.kid,
      },
    });
  });

  test.each(["RS256", "EdDSA"])(
    "an API that wants %s gets it, and the key is on record",
    async (alg) => {
      const w = here();
      const [app, resource] = [await w.machine(), await w.orders({ signingAlgorithm: alg })];
      const form = { app, grant_type: "client_credentials", resource };
      const { json } = await post(w, "/oauth2/token", form);
      const jwks = createRemoteJWKSet(new URL(`${w.url}/oauth2/jwks`));
      const { protectedHeader } = await jwtVerify(json.access_token, jwks, { audience: resource });
      expect(protectedHeader.alg).toBe(alg);
      const issued = (await activityOf(w, "TokenIssued")).at(-1);
      expect(issued?.data).toMatchObject({ audience: resource, kid: protectedHeader.kid });
      const asked = await post(w, "/oauth2/introspect", { app, token: json.access_token });
      expect(asked.json).toMatchObject({ active: true, aud: resource });
    },
  );

  test("without an API a machine gets an opaque token that says nothing by itself", async () => {
    const w = here();
    const machine = await w.machine();
    const grant_type = "client_credentials";
    const { json } = await post(w, "/oauth2/token", { app: machine, grant_type });
    expect(json.access_token).toMatch(/^[\w-]{43}$/);
    const asked = { app: machine, token: json.access_token };
    const introspected = await post(w, "/oauth2/introspect", asked);
    expect(introspected.json).toMatchObject({ active: true, client_id: machine.clientId });
    expect((await post(w, "/oauth2/revoke", asked)).status).toBe(200);
    expect((await post(w, "/oauth2/introspect", asked)).json).toEqual({ active: false });
  });

  test("a JWT can be introspected, and is inactive once its client is", async () => {
    const w = here();
    const [machine, audience] = [await w.machine(), await w.orders()];
    const watcher = await w.machine();
    const grant = { grant_type: "client_credentials", resource: audience, scope: "orders:read" };
    const { json } = await post(w, "/oauth2/token", { app: machine, ...grant });
    const token = json.access_token;
    const active = await post(w, "/oauth2/introspect", { app: watcher, token });
    expect(active.json).toMatchObject({
      active: true,
      client_id: machine.clientId,
      aud: audience,
      scope: "orders:read",
      token_type: "Bearer",
    });
    const forged = `${token.slice(0, -6)}AAAAAA`;
    const inactive = await post(w, "/oauth2/introspect", { app: watcher, token: forged });
    expect(inactive.json).toEqual({ active: false });
    const off = await w.ask("PATCH", `/v1/clients/${machine.clientId}`, {
      cookie: w.owner.cookie,
      body: { disabled: true },
    });
    expect(off.status).toBe(200);
    const gone = await post(w, "/oauth2/introspect", { app: watcher, token });
    expect(gone.json).toEqual({ active: false });
    const again = await post(w, "/oauth2/token", { app: machine, ...grant });
    expect(again).toMatchObject({ status: 401, json: { error: "invalid_client" } });
    expect(await activityOf(w, "TokenIntrospected")).not.toEqual([]);
  });

  test.each([
    ["a wrong secret", { clientSecret: "als_wrong" }, 401, "invalid_client"],
    ["an unknown client", { clientId: crypto.randomUUID() }, 401, "invalid_client"],
  ])("%s gets nothing, and that is on record", async (_, wrong, status, error) => {
    const w = here();
    const machine = await w.machine();
    const app = { ...machine, ...wrong };
    const heard = await post(w, "/oauth2/token", { app, grant_type: "client_credentials" });
    expect(heard).toMatchObject({ status, json: { error } });
    expect(JSON.stringify(heard.json)).not.toContain(app.clientSecret);
    const [refused] = await activityOf(w, "TokenRefused");
    expect(refused?.data).toEqual({ grant: "client_credentials", error });
    expect(refused?.actor).toBe("process:openid");
  });

  test.each([
    ["an API that is not registered", { resource: "https://nobody.example.com" }, "invalid_target"],
    ["a grant that there is not", { grant_type: "password" }, "unsupported_grant_type"],
    ["a parameter twice", { scope: "a" }, "invalid_request"],
  ])("%s is refused", async (what, asked, error) => {
    const w = here();
    const machine = await w.machine();
    const body = new URLSearchParams({ grant_type: "client_credentials", ...asked });
    if (what.includes("twice")) body.append("scope", "b");
    const response = await fetch(`${w.url}/oauth2/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${btoa(`${machine.clientId}:${machine.clientSecret}`)}`,
      },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error });
  });

  test("a scope that the API has not is left out, and what it has is not widened", async () => {
    const w = here();
    const [machine, audience] = [await w.machine(), await w.orders()];
    const grant = { grant_type: "client_credentials", resource: audience };
    const { json } = await post(w, "/oauth2/token", {
      app: machine,
      ...grant,
      scope: "orders:read admin",
    });
    expect(json.scope).toBe("orders:read");
  });
}
