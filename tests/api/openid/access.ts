import * as openid from "openid-client";
import { expect, test } from "vitest";
import { type App, CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { awayOf, Browser, type Loaded, pageOf } from "./browser.ts";
import { begin, codeOf, configOf, type Person, post, tokensOf } from "./flow.ts";

/** Where the page leads that says why somebody may not use an application. */
const wayOn = ({ url, status, html }: Loaded): URL => {
  expect([status, html]).toEqual([403, expect.stringContaining("You cannot use ")]);
  const [, href = ""] = /class="button" href="([^"]+)"/.exec(html) ?? [];
  return new URL(href, url);
};

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export function accessTests(here: () => OpenidWorld) {
  const restricted = (metadata: Record<string, unknown> = {}) =>
    here().web({ accessPolicy: "restricted", ...metadata });
  const pathOf = ({ clientId }: App, { id }: Person) => `/v1/clients/${clientId}/access/${id}`;
  const give = async (app: App, person: Person, relation = "use") => {
    const body = { relation };
    const { cookie } = here().owner;
    const heard = await here().ask("PUT", pathOf(app, person), { cookie, body });
    expect(heard.status, JSON.stringify(heard.json)).toBe(200);
  };
  const take = async (app: App, person: Person) => {
    const heard = await here().ask("DELETE", pathOf(app, person), here().owner);
    expect(heard.status).toBe(204);
  };
  const sentBack = async (app: App, person: Person, params = {}) => {
    const begun = await begin(await configOf(here(), app), params);
    const browser = new Browser(here().url, person.cookie);
    const isAsked = !("prompt" in params);
    const landed = await browser.open(begun.url);
    const back = awayOf(isAsked ? await browser.open(wayOn(pageOf(landed))) : landed);
    expect(back.href.startsWith(CALLBACK)).toBe(true);
    expect(back.searchParams.get("state")).toBe(begun.checks.expectedState);
    return back.searchParams.get("error");
  };

  test("who may not use an application is sent back: access_denied, asked nothing", async () => {
    const w = here();
    const [app, trusted] = [await restricted(), await restricted({ skipConsent: true })];
    const ada = await w.person("ada");
    for (const one of [app, trusted]) {
      expect(await sentBack(one, ada)).toBe("access_denied");
      expect(await sentBack(one, ada, { prompt: "none" })).toBe("access_denied");
    }
    // Its owner in the house is nobody to it either, until they are let in.
    expect(await sentBack(app, w.owner)).toBe("access_denied");
    const { json } = await w.ask("GET", "/v1/me/consents", { cookie: ada.cookie });
    expect(json.items).toEqual([]);
  });

  test("each of owner, admin and use lets somebody in, and nobody else", async () => {
    const w = here();
    const [app, other] = [await restricted(), await restricted()];
    const [ada, bob] = [await w.person("ada"), await w.person("bob")];
    for (const relation of ["owner", "admin", "use"]) {
      await give(app, ada, relation);
      const list = await w.ask("GET", `/v1/clients/${app.clientId}/access`, w.owner);
      expect(list.json.items).toEqual([{ userId: ada.id, relation }]);
      const { tokens } = await tokensOf(w, app, { person: ada });
      expect(tokens.claims()?.sub).toBe(ada.id);
    }
    expect(await sentBack(app, bob)).toBe("access_denied");
    expect(await sentBack(other, ada)).toBe("access_denied");
  });

  test("what was taken away is refused at once: to refresh, to look, to sign in", async () => {
    const w = here();
    const [app, ada] = [await restricted(), await w.person("ada")];
    const audience = await w.orders();
    await give(app, ada);
    const offline = { scope: "openid offline_access", prompt: "consent", person: ada };
    const { tokens, config } = await tokensOf(w, app, offline);
    const api = await tokensOf(w, app, { person: ada, scope: "orders:read", resource: audience });
    const jwt = { app, token: api.tokens.access_token };
    expect((await post(w, "/oauth2/introspect", jwt)).json.active).toBe(true);
    await take(app, ada);
    const refresh = { app, grant_type: "refresh_token", refresh_token: tokens.refresh_token };
    expect(await post(w, "/oauth2/token", refresh)).toMatchObject({
      status: 400,
      json: { error: "invalid_grant" },
    });
    for (const token of [tokens.access_token, jwt.token]) {
      const heard = await post(w, "/oauth2/introspect", { app, token });
      expect(heard.json).toEqual({ active: false });
    }
    await expect(openid.fetchUserInfo(config, tokens.access_token, ada.id)).rejects.toThrow();
    expect(await sentBack(app, ada)).toBe("access_denied");
    await take(app, ada);
    // Let in again, what was not used up meanwhile goes on.
    await give(app, ada);
    expect((await post(w, "/oauth2/token", refresh)).status).toBe(200);
  });

  test("what was taken away is refused at our own API too", async () => {
    const w = here();
    const app = await restricted({ scopes: ["users:read"] });
    await give(app, w.owner);
    const asked = { person: w.owner, scope: "users:read", resource: w.url };
    const { tokens } = await tokensOf(w, app, asked);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect((await w.ask("GET", "/v1/users", { headers })).status).toBe(200);
    await take(app, w.owner);
    expect((await w.ask("GET", "/v1/users", { headers })).status).toBe(401);
  });

  test("a code is worth nothing to who was kept out before it was redeemed", async () => {
    const w = here();
    const [app, ada] = [await restricted(), await w.person("ada")];
    await give(app, ada);
    const code = await codeOf(w, app, { person: ada });
    await take(app, ada);
    const heard = await post(w, "/oauth2/token", { app, ...code });
    expect(heard).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
  });

  test("an application that is restricted later keeps out whoever it let in", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const offline = { scope: "openid offline_access", prompt: "consent", person: ada };
    const { tokens } = await tokensOf(w, app, offline);
    const heard = await w.ask("PATCH", `/v1/clients/${app.clientId}`, {
      cookie: w.owner.cookie,
      body: { accessPolicy: "restricted" },
    });
    expect(heard.status).toBe(200);
    const refresh = { app, grant_type: "refresh_token", refresh_token: tokens.refresh_token };
    expect((await post(w, "/oauth2/token", refresh)).json.error).toBe("invalid_grant");
  });

  test("a device of who may not use it hears access_denied, and the person why", async () => {
    const w = here();
    const app = await w.app({
      type: "native",
      name: "Television",
      grantTypes: [DEVICE_GRANT],
      accessPolicy: "restricted",
    });
    const [config, ada] = [await configOf(w, app), await w.person("ada")];
    const device = await openid.initiateDeviceAuthorization(config, { scope: "openid" });
    const browser = new Browser(w.url, ada.cookie);
    const page = pageOf(await browser.open(device.verification_uri));
    const confirm = pageOf(await browser.submit(page, { user_code: device.user_code }));
    const why = wayOn(pageOf(await browser.submit(confirm, { confirm: "yes" })));
    const refused = pageOf(await browser.open(why));
    expect(refused.html).not.toContain("Your device is connected");
    const poll = { grant_type: DEVICE_GRANT, device_code: device.device_code };
    const heard = await post(w, "/oauth2/token", { app, ...poll });
    expect(heard).toMatchObject({ status: 400, json: { error: "access_denied" } });
  });

  test("a tuple that somebody else wrote counts, and goes with all its causes", async () => {
    const w = here();
    const [app, ada, bob] = [await restricted(), await w.person("ada"), await w.person("bob")];
    await give(app, bob);
    const { json } = await w.ask("GET", "/v1/stores", w.owner);
    const platform = json.items.find(({ name }: { name: string }) => name === "platform");
    const object = `client:${app.clientId}`;
    for (const cause of ["", "hr"]) {
      const writes = [{ object, relation: "use", subject: `user:${ada.id}` }];
      const path = `/v1/stores/${platform.id}/write`;
      const body = { writes, cause };
      const heard = await w.ask("POST", path, { cookie: w.owner.cookie, body });
      expect(heard.status).toBe(200);
    }
    await tokensOf(w, app, { person: ada });
    await take(app, ada);
    expect(await sentBack(app, ada)).toBe("access_denied");
    await tokensOf(w, app, { person: bob });
  });

  test("only an administrator lets people in, and only people who are there", async () => {
    const w = here();
    const [app, ada] = [await restricted(), await w.person("ada")];
    const body = { relation: "use" };
    const path = pathOf(app, ada);
    expect((await w.ask("PUT", path, { cookie: ada.cookie, body })).status).toBe(403);
    expect((await w.ask("DELETE", path, { cookie: ada.cookie })).status).toBe(403);
    const { cookie } = w.owner;
    const nobody = { ...ada, id: crypto.randomUUID() };
    expect((await w.ask("PUT", pathOf(app, nobody), { cookie, body })).status).toBe(404);
    const gone = { ...app, clientId: "gone" };
    expect((await w.ask("PUT", pathOf(gone, ada), { cookie, body })).status).toBe(404);
  });
}
