import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { Artefacts } from "../../../adapters/ports/artefacts.ts";
import { FROM, type OpenidWorld } from "../openid-world.ts";
import { awayOf, Browser, pageOf } from "./browser.ts";
import { begin, codeOf, configOf, post, tokensOf } from "./flow.ts";

/** POSTs of a network that pass in ten seconds (requirement D19). */
const MAX = 100;

/** As if the minute of a code were over, by the engine's own clock. */
const runOut = (w: OpenidWorld, code: string) =>
  w.run(
    Effect.gen(function* () {
      const artefacts = yield* Artefacts;
      const found = yield* artefacts.find("AuthorizationCode", code);
      const { payload = {}, expiresAtMs = 0 } = found ?? {};
      yield* artefacts.put("AuthorizationCode", code, {
        payload: { ...payload, exp: Math.floor(Date.now() / 1000) - 1 },
        expiresAtMs,
        grant: String(payload["grantId"]),
      });
    }),
  );

/** What counts of who asks, and of whom a token is about, at the moment that it is asked. */
export function standingTests(here: () => OpenidWorld) {
  const offline = { scope: "openid offline_access", prompt: "consent" };

  test("a code that comes again late still takes back what it gave", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const code = await codeOf(w, app, { person: ada, ...offline });
    const { json } = await post(w, "/oauth2/token", { app, ...code });
    const refresh = { app, grant_type: "refresh_token", refresh_token: json.refresh_token };
    expect((await post(w, "/oauth2/token", refresh)).status).toBe(200);
    await runOut(w, code.code);
    const again = await post(w, "/oauth2/token", { app, ...code });
    expect(again).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    expect((await post(w, "/oauth2/token", refresh)).json.error).toBe("invalid_grant");
  });

  test("a late code of another client's takes nothing back", async () => {
    const w = here();
    const [app, other, ada] = [await w.web(), await w.web(), await w.person("ada")];
    const code = await codeOf(w, app, { person: ada, ...offline });
    const { json } = await post(w, "/oauth2/token", { app, ...code });
    await runOut(w, code.code);
    await post(w, "/oauth2/token", { app: other, ...code });
    const refresh = { app, grant_type: "refresh_token", refresh_token: json.refresh_token };
    expect((await post(w, "/oauth2/token", refresh)).status).toBe(200);
  });

  test("a refresh token of who is blocked is inactive, and so is a disabled client's", async () => {
    const w = here();
    const [app, watcher, ada] = [await w.web(), await w.web(), await w.person("ada")];
    const { tokens } = await tokensOf(w, app, { person: ada, ...offline });
    const { cookie } = w.owner;
    const active = async (by: typeof app) => {
      const heard = await post(w, "/oauth2/introspect", { app: by, token: tokens.refresh_token });
      expect(heard.status).toBe(200);
      return heard.json.active;
    };
    expect(await active(app)).toBe(true);
    const disable = (disabled: boolean) =>
      w.ask("PATCH", `/v1/clients/${app.clientId}`, { cookie, body: { disabled } });
    await disable(true);
    expect(await active(watcher)).toBe(false);
    await disable(false);
    expect(await active(watcher)).toBe(true);
    await w.ask("POST", `/v1/users/${ada.id}/block`, { cookie, body: { reason: "out" } });
    expect(await active(app)).toBe(false);
  });

  test("an opaque token of a machine is inactive once that is disabled", async () => {
    const w = here();
    const [app, watcher] = [await w.machine(), await w.web()];
    const { json } = await post(w, "/oauth2/token", { app, grant_type: "client_credentials" });
    const asked = { app: watcher, token: json.access_token };
    expect((await post(w, "/oauth2/introspect", asked)).json.active).toBe(true);
    const body = { disabled: true };
    await w.ask("PATCH", `/v1/clients/${app.clientId}`, { cookie: w.owner.cookie, body });
    expect((await post(w, "/oauth2/introspect", asked)).json).toEqual({ active: false });
  });

  test("an API that asks about tokens of public clients is not counted as a stranger", async () => {
    const w = here();
    const [api, ada] = [await w.web(), await w.person("ada")];
    const spa = await w.app({ type: "spa", redirectUris: ["https://app.example.org/callback"] });
    const { tokens } = await tokensOf(w, spa, { person: ada });
    const headers = { [FROM]: "198.51.100.9" };
    const asked = { app: api, headers, token: tokens.access_token };
    const all = await Promise.all(
      Array.from({ length: MAX + 8 }, () => post(w, "/oauth2/introspect", asked)),
    );
    expect(new Set(all.map(({ status, json }) => `${status} ${json.active}`))).toEqual(
      new Set(["200 true"]),
    );
  });

  test.each(["introspect", "revoke", "par"])("wrong secrets are counted at %s too", async (at) => {
    const w = here();
    const app = { ...(await w.web()), clientSecret: "als_wrong" };
    const headers = { [FROM]: `198.51.101.${at.length}` };
    const all = await Promise.all(
      Array.from({ length: MAX + 8 }, () => post(w, `/oauth2/${at}`, { app, headers, token: "x" })),
    );
    expect(all.filter(({ status }) => status === 429)).toHaveLength(8);
    const refusals = await w.ask("GET", "/v1/ledger/events?ledger=activity&type=TokenRefused", {
      cookie: w.owner.cookie,
    });
    expect(refusals.json.items.length).toBeGreaterThan(0);
  });

  test("who guesses codes of devices is counted by network, signed in or not", async () => {
    const w = here();
    const ada = await w.person("ada");
    const from: typeof fetch = (url, { headers, ...init } = {}) =>
      fetch(url, { ...init, headers: { ...(headers as object), [FROM]: "198.51.100.11" } });
    const browser = new Browser(w.url, ada.cookie, from);
    let page = pageOf(await browser.open(`${w.url}/device`));
    const guess = async () => {
      page = pageOf(await browser.submit(page, { user_code: "AAAA-AAAA" }));
    };
    await guess();
    expect(page.html).toContain("wrong, used up or too old");
    for (let guesses = 1; guesses <= MAX; guesses += 1) await guess();
    expect(page.status).toBe(429);
  });

  test("a device's form that no page of ours was open for is a page, and no error", async () => {
    const headers = { accept: "text/html" };
    const body = new URLSearchParams({ user_code: "AAAA-AAAA" });
    const heard = await fetch(`${here().url}/device`, { method: "POST", headers, body });
    expect(heard.status).toBe(200);
    expect(await heard.text()).toContain("The device could not be connected");
  });

  test("applications that somebody goes to at once all stay known to the session", async () => {
    const w = here();
    const ada = await w.person("ada");
    const backchannelLogoutUri = "https://app.example.org/backchannel";
    const web = () => w.web({ skipConsent: true, backchannelLogoutUri });
    const apps = await Promise.all([web(), web(), web(), web(), web()]);
    const sidAt = async (app: (typeof apps)[number]) => {
      const { tokens } = await tokensOf(w, app, { person: ada });
      return tokens.claims()?.["sid"];
    };
    const at = await Promise.all(apps.map(sidAt));
    expect(new Set(at).size).toBe(apps.length);
    expect(await Promise.all(apps.map(sidAt))).toEqual(at);
  });

  test("a hint that names somebody else asks who is there to be them, once", async () => {
    const w = here();
    const [app, ada, bob] = [await w.web(), await w.person("ada"), await w.person("bob")];
    const { tokens } = await tokensOf(w, app, { person: ada });
    const { url } = await begin(await configOf(w, app), { id_token_hint: tokens.id_token ?? "" });
    const page = pageOf(await new Browser(w.url, bob.cookie).open(url));
    expect(new URL(page.url).pathname).toBe("/sign-in");
    expect(page.html).toContain('name="password"');
  });

  test.each([{ value: "x" }, { values: ["x", "y"] }])(
    "an essential acr, which nobody asserts here, is answered at once: %j",
    async (wanted) => {
      const w = here();
      const [app, ada] = [await w.web(), await w.person("ada")];
      const claims = JSON.stringify({ id_token: { acr: { essential: true, ...wanted } } });
      const { url } = await begin(await configOf(w, app), { claims });
      const back = awayOf(await new Browser(w.url, ada.cookie).open(url));
      expect(back.searchParams.get("error")).toBe("unmet_authentication_requirements");
    },
  );
}
