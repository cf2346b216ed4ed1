import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import * as openid from "openid-client";
import { expect, test } from "vitest";
import { unproved, verify } from "../../support/mailed-links.ts";
import { until } from "../../support/until.ts";
import { CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { PASSWORD } from "../world.ts";
import { awayOf, Browser, pageOf } from "./browser.ts";
import { begin, configOf, post, throughPages, tokensOf } from "./flow.ts";

export function codeFlowTests(here: () => OpenidWorld) {
  test("somebody signs in, says yes, and the application knows who it is", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const config = await configOf(w, app);
    const begun = await begin(config, { scope: "openid email profile" });
    const browser = new Browser(w.url);
    const signIn = pageOf(await browser.open(begun.url));
    expect(new URL(signIn.url).pathname).toBe("/sign-in");
    expect(signIn.html).toContain("to go on to <bdi>Shop</bdi>");
    const back = await throughPages(browser, { page: signIn }, ada);
    expect(back.searchParams.get("iss")).toBe(w.url);
    const tokens = await openid.authorizationCodeGrant(config, back, begun.checks);
    expect(tokens.refresh_token).toBeUndefined();
    expect(tokens.claims()).toMatchObject({ sub: ada.id, iss: w.url, aud: app.clientId });
    const jwks = createRemoteJWKSet(new URL(`${w.url}/oauth2/jwks`));
    const { protectedHeader } = await jwtVerify(tokens.id_token ?? "", jwks);
    expect(protectedHeader.alg).toBe("RS256");
    const info = await openid.fetchUserInfo(config, tokens.access_token, ada.id);
    // Nobody proved the address yet, so no application is told it.
    expect(info).toEqual({ sub: ada.id, updated_at: expect.any(Number) });
  });

  test("whoever is signed in and let the application in is asked nothing", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    await tokensOf(w, app, { person: ada });
    const begun = await begin(await configOf(w, app), { prompt: "none" });
    const back = awayOf(await new Browser(w.url, ada.cookie).open(begun.url));
    expect(back.searchParams.get("code")).toMatch(/^[\w-]{43}$/);
    const more = await begin(await configOf(w, app), { prompt: "none", scope: "openid email" });
    const asked = awayOf(await new Browser(w.url, ada.cookie).open(more.url));
    expect(asked.searchParams.get("error")).toBe("consent_required");
  });

  test("prompt=none without a session is login_required", async () => {
    const w = here();
    const app = await w.web();
    const begun = await begin(await configOf(w, app), { prompt: "none" });
    const back = awayOf(await new Browser(w.url).open(begun.url));
    expect(back.searchParams.get("error")).toBe("login_required");
    expect(back.searchParams.get("state")).toBe(begun.checks.expectedState);
  });

  test("who says no is sent back with access_denied, and nothing is remembered", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const begun = await begin(await configOf(w, app));
    const browser = new Browser(w.url, ada.cookie);
    const consent = pageOf(await browser.open(begun.url));
    const back = awayOf(await browser.submit(consent, { form: "deny" }));
    expect(back.searchParams.get("error")).toBe("access_denied");
    const { json } = await w.ask("GET", "/v1/me/consents", { cookie: ada.cookie });
    expect(json.items).toEqual([]);
  });

  test("an API is asked for with its scopes, and told who, with which roles", async () => {
    const w = here();
    const [app, ada, audience] = [await w.web(), await w.person("ada"), await w.orders()];
    const { tokens } = await tokensOf(w, app, {
      person: ada,
      scope: "openid orders:read",
      resource: audience,
    });
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({
      sub: ada.id,
      aud: audience,
      client_id: app.clientId,
      scope: "orders:read",
      roles: ["user"],
      ledger_position: expect.any(Number),
      auth_time: expect.any(Number),
    });
    const { json } = await w.ask("GET", "/v1/me/consents", { cookie: ada.cookie });
    const scopes = [{ name: "orders:read", description: "See your orders" }];
    expect(json.items).toMatchObject([
      { scopes: ["openid"], resources: [{ audience, name: "Orders", scopes }] },
    ]);
  });

  test("prompt=login and max_age want a fresh proof, in the same session", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    await tokensOf(w, app, { person: ada });
    for (const params of [{ prompt: "login" }, { max_age: "0" }]) {
      const config = await configOf(w, app);
      const begun = await begin(config, params);
      const browser = new Browser(w.url, ada.cookie);
      const page = pageOf(await browser.open(begun.url));
      expect(new URL(page.url).pathname).toBe("/sign-in");
      expect(page.html).not.toContain("password-identifier");
    }
  });

  test("single claims are asked for like the scopes that they belong to", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    await tokensOf(w, app, { person: ada });
    const claims = JSON.stringify({ userinfo: { email: { essential: true }, birthdate: null } });
    const begun = await begin(await configOf(w, app), { claims });
    const page = pageOf(await new Browser(w.url, ada.cookie).open(begun.url));
    expect(new URL(page.url).pathname).toBe("/consent");
    expect(page.html).toContain("Your e-mail address");
  });

  test("a proved address is told, by the scope that it belongs to", async () => {
    const w = here();
    const app = await w.web();
    const ada = await unproved(w, "ada");
    const proved = await verify(w, ada.token, { cookie: ada.cookie });
    ada.cookie = proved.cookie ?? ada.cookie;
    const { config, tokens } = await tokensOf(w, app, { person: ada, scope: "openid email" });
    const info = await openid.fetchUserInfo(config, tokens.access_token, ada.id);
    expect(info).toEqual({ sub: ada.id, email: ada.email, email_verified: true });
  });

  test("a trusted application asks nobody, and a withdrawn consent ends what it gave", async () => {
    const w = here();
    const [trusted, app] = [await w.web({ skipConsent: true }), await w.web()];
    const ada = await w.person("ada");
    const begun = await begin(await configOf(w, trusted));
    expect("away" in (await new Browser(w.url, ada.cookie).open(begun.url))).toBe(true);
    const offline = { scope: "openid offline_access", prompt: "consent", person: ada };
    const { tokens } = await tokensOf(w, app, offline);
    const { json } = await w.ask("GET", "/v1/me/consents", { cookie: ada.cookie });
    const [{ id }] = json.items;
    const taken = await w.ask("DELETE", `/v1/me/consents/${id}`, { cookie: ada.cookie });
    expect(taken.status).toBe(204);
    const refresh = { grant_type: "refresh_token", refresh_token: tokens.refresh_token };
    const refused = await post(w, "/oauth2/token", { app, ...refresh });
    expect(refused).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    const asked = { app, token: tokens.access_token };
    expect((await post(w, "/oauth2/introspect", asked)).json).toEqual({ active: false });
    // Given anew, what came before stays worthless.
    await tokensOf(w, app, { person: ada });
    const still = await post(w, "/oauth2/token", { app, ...refresh });
    expect(still.json.error).toBe("invalid_grant");
  });

  test("whom a guest let in is let in by the account that they turn out to have", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const guest = await w.ask("POST", "/v1/guest");
    const browser = new Browser(w.url, guest.cookie);
    await tokensOf(w, app, { browser });
    const merged = await w.ask("POST", "/v1/sign-in", {
      cookie: guest.cookie,
      body: { identifier: ada.email, password: PASSWORD },
    });
    expect(merged.status).toBe(200);
    const consents = async () =>
      (await w.ask("GET", "/v1/me/consents", { cookie: merged.cookie })).json.items;
    await until(async () => (await consents()).length === 1);
    expect(await consents()).toMatchObject([{ client: { clientId: app.clientId } }]);
  });

  test("other terms are accepted anew, and which ones is on record", async () => {
    const w = here();
    const ada = await w.person("ada");
    const app = await w.web({ tosUri: "https://app.example.org/terms-1" });
    const browser = new Browser(w.url, ada.cookie);
    await tokensOf(w, app, { browser });
    const silent = await begin(await configOf(w, app), { prompt: "none" });
    expect(awayOf(await browser.open(silent.url)).searchParams.has("code")).toBe(true);
    const revised = await w.ask("PATCH", `/v1/clients/${app.clientId}`, {
      cookie: w.owner.cookie,
      body: { tosUri: "https://app.example.org/terms-2" },
    });
    expect(revised.status).toBe(200);
    const again = await begin(await configOf(w, app), {});
    const page = pageOf(await browser.open(again.url));
    expect(page.html).toContain("you accept its terms");
    expect(page.html).toContain("https://app.example.org/terms-2");
    awayOf(await browser.submit(page, { form: "allow" }));
    const { json } = await w.ask("GET", "/v1/me/consents", { cookie: ada.cookie });
    expect(json.items).toMatchObject([{ terms: "https://app.example.org/terms-2" }]);
  });

  test("an authorization request that names no safe place to go to gets a page", async () => {
    const w = here();
    const app = await w.web();
    for (const wrong of [
      "https://evil.example.org/callback",
      `${CALLBACK}/more`,
      `${CALLBACK}?more`,
      `${CALLBACK}#fragment`,
      "https://app.example.org.evil.example/callback",
      "https://app.example.org/callback/../callback",
      "https://APP.example.org/callback",
      "http://app.example.org/callback",
      "javascript:alert(1)",
    ]) {
      const begun = await begin(await configOf(w, app), { redirect_uri: wrong });
      const page = pageOf(await new Browser(w.url).open(begun.url));
      expect(page.status, wrong).toBe(400);
      expect(page.html).toContain("This did not work");
      expect(page.html).not.toContain(wrong);
    }
    const unknown = { clientId: crypto.randomUUID(), clientSecret: "" };
    const begun = await begin(await configOf(w, unknown));
    expect(pageOf(await new Browser(w.url).open(begun.url)).html).toContain("not known here");
  });

  test.each([
    ["no PKCE from who keeps no secret", { code_challenge: "" }, "invalid_request"],
    ["plain", { code_challenge_method: "plain" }, "invalid_request"],
    ["a token in the answer", { response_type: "token" }, "unsupported_response_type"],
    ["a request object", { request: "eyJhbGciOiJub25lIn0.e30." }, "request_not_supported"],
    ["a request by address", { request_uri: "https://a.example/r" }, "request_uri_not_supported"],
  ])("%s is answered with an error", async (_, params, error) => {
    const w = here();
    const app = await w.app({ type: "spa", redirectUris: [CALLBACK] });
    const begun = await begin(await configOf(w, app), params as unknown as Record<string, string>);
    const back = awayOf(await new Browser(w.url).open(begun.url));
    const said = new URLSearchParams(back.hash.slice(1) || back.search);
    expect(said.get("error")).toBe(error);
    expect(said.get("iss")).toBe(w.url);
  });
}
