import * as openid from "openid-client";
import { expect, test } from "vitest";
import { CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { awayOf, Browser, type Heard, pageOf } from "./browser.ts";
import { basicOf, begin, configOf, throughPages } from "./flow.ts";

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const AFTER = "https://app.example.org/goodbye";

export function headerTests(here: () => OpenidWorld) {
  test("every page is framed by nobody, sniffed by nothing and kept nowhere", async () => {
    const heard = await everyPage(here());
    const pages = heard.filter(({ headers }) => headers.get("content-type")?.includes("html"));
    expect(pages.length).toBeGreaterThan(12);
    for (const page of pages) {
      expect(told(page)).toEqual({
        where: where(page),
        "x-content-type-options": "nosniff",
        "referrer-policy": expect.stringMatching(/^(?:no-referrer|same-origin)$/),
        "cache-control": "no-store",
        "x-powered-by": null,
      });
      const policy = page.headers.get("content-security-policy")?.split(/;\s*/) ?? [];
      expect(policy, where(page)).toContain("default-src 'none'");
      expect(policy, where(page)).toContain("frame-ancestors 'none'");
      expect(policy.join(), where(page)).not.toMatch(/unsafe-|\*/);
      expect(page.headers.get("access-control-allow-origin"), where(page)).toBeNull();
    }
  });

  test("a redirect never sends a form on: none is a 307 or a 308", async () => {
    const heard = await everyPage(here());
    const redirects = heard.filter(({ headers }) => headers.has("location"));
    expect(redirects.length).toBeGreaterThan(4);
    for (const redirect of redirects)
      expect([where(redirect), redirect.status]).toEqual([where(redirect), 303]);
  });

  test("what an endpoint answers in JSON is kept by nobody, good or bad", async () => {
    for (const { name, response } of await everyAnswer(here())) {
      expect([name, response.headers.get("content-type")]).toEqual([
        name,
        expect.stringMatching(/^application\/(?:json|jwk-set\+json)/),
      ]);
      const isPublic = name.startsWith("GET /.well-known") || name === "GET /oauth2/jwks";
      expect([name, response.headers.get("cache-control")]).toEqual([
        name,
        isPublic ? expect.any(String) : "no-store",
      ]);
      expect([name, response.headers.get("x-content-type-options")]).toEqual([name, "nosniff"]);
      expect(response.headers.get("content-security-policy"), name).toContain("default-src 'none'");
      expect(response.headers.get("content-security-policy"), name).toContain("frame-ancestors");
      expect(response.headers.get("referrer-policy"), name).toBe("no-referrer");
      await response.body?.cancel();
    }
  });
}

const where = ({ method, url, status }: Heard) => `${method} ${new URL(url).pathname} ${status}`;

function told(page: Heard) {
  const names = ["x-content-type-options", "referrer-policy", "cache-control", "x-powered-by"];
  const values = names.map((name) => [name, page.headers.get(name)] as const);
  return { where: where(page), ...Object.fromEntries(values) };
}

/** Goes through everything that a browser can come to; answers all that it heard on its way. */
async function everyPage(w: OpenidWorld): Promise<ReadonlyArray<Heard>> {
  const [app, ada] = [await w.web({ postLogoutRedirectUris: [AFTER] }), await w.person("ada")];
  const browser = new Browser(w.url);
  const config = await configOf(w, app);
  const begun = await begin(config);
  const back = await throughPages(browser, await browser.open(begun.url), ada);
  const tokens = await openid.authorizationCodeGrant(config, back, begun.checks);
  await browser.open((await begin(config, { prompt: "login" })).url);
  awayOf(await browser.open((await begin(config, { prompt: "none" })).url));
  await browser.open((await begin(config, { redirect_uri: "https://evil.example.org/" })).url);
  await browser.open(`${w.url}/oauth2/authorize?client_id=nobody`);
  await browser.open(`${w.url}/oauth2/interaction/${"x".repeat(43)}`);
  await browser.open(`${w.url}/oauth2/nothing`);
  await device(w, browser);
  const url = openid.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token ?? "",
    post_logout_redirect_uri: AFTER,
  });
  await browser.submit(pageOf(await browser.open(`${w.url}/oauth2/logout`)), {});
  await browser.open(`${w.url}/oauth2/logout?id_token_hint=forged`);
  awayOf(await browser.submit(pageOf(await browser.open(url)), { logout: "yes" }));
  await browser.open(`${w.url}/oauth2/logout`);
  return browser.heard;
}

async function device(w: OpenidWorld, browser: Browser): Promise<void> {
  const app = await w.app({ type: "native", grantTypes: [DEVICE_GRANT], redirectUris: [] });
  const begun = await openid.initiateDeviceAuthorization(await configOf(w, app), {
    scope: "openid",
  });
  const page = pageOf(await browser.open(begun.verification_uri));
  const wrong = pageOf(await browser.submit(page, { user_code: "AAAA-AAAA" }));
  const confirm = pageOf(await browser.submit(wrong, { user_code: begun.user_code }));
  const consent = pageOf(await browser.submit(confirm, { confirm: "yes" }));
  pageOf(await browser.submit(consent, { form: "allow" }));
}

/** One good and one bad request at least to each endpoint that answers programs. */
async function everyAnswer(w: OpenidWorld) {
  const [app, machine] = [await w.web(), await w.machine({ scopes: ["users:read"] })];
  const grant = { grant_type: "client_credentials", resource: w.url, scope: "users:read" };
  const asked = (path: string, body: Record<string, string>, by = machine) =>
    fetch(`${w.url}${path}`, {
      method: "POST",
      headers: { authorization: basicOf(by) },
      body: new URLSearchParams(body),
    });
  const token = ((await (await asked("/oauth2/token", grant)).json()) as { access_token: string })
    .access_token;
  const request = {
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: "openid",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  };
  const stranger = { clientId: crypto.randomUUID(), clientSecret: "guessed" };
  const requests: Readonly<Record<string, () => Promise<Response>>> = {
    "GET /.well-known/openid-configuration": () =>
      fetch(`${w.url}/.well-known/openid-configuration`),
    "GET /.well-known/oauth-authorization-server": () =>
      fetch(`${w.url}/.well-known/oauth-authorization-server`),
    "GET /oauth2/jwks": () => fetch(`${w.url}/oauth2/jwks`),
    token: () => asked("/oauth2/token", grant),
    "token, bad grant": () => asked("/oauth2/token", { grant_type: "password" }),
    "token, no code": () =>
      asked("/oauth2/token", { grant_type: "authorization_code", code: "x" }, app),
    "token, unknown client": () => asked("/oauth2/token", grant, stranger),
    userinfo: () => fetch(`${w.url}/oauth2/userinfo`),
    "userinfo, bad token": () =>
      fetch(`${w.url}/oauth2/userinfo`, { headers: { authorization: "Bearer x" } }),
    introspection: () => asked("/oauth2/introspect", { token }),
    "introspection, unknown token": () => asked("/oauth2/introspect", { token: "x" }),
    "introspection, unknown client": () => asked("/oauth2/introspect", { token }, stranger),
    "revocation, no token": () => asked("/oauth2/revoke", {}),
    par: () => asked("/oauth2/par", request, app),
    "par, bad redirect": () =>
      asked("/oauth2/par", { ...request, redirect_uri: "https://evil.example.org" }, app),
    "device, unknown client": () => asked("/oauth2/device", {}, stranger),
  };
  return Promise.all(
    Object.entries(requests).map(async ([name, ask]) => ({ name, response: await ask() })),
  );
}
