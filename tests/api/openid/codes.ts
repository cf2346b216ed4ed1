import * as openid from "openid-client";
import { expect, test } from "vitest";
import { CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { awayOf, Browser } from "./browser.ts";
import { codeOf, post, tokensOf } from "./flow.ts";

export function codeTests(here: () => OpenidWorld) {
  test("a code is worth nothing with another verifier, redirect or client", async () => {
    const w = here();
    const [app, other, ada] = [await w.web(), await w.web(), await w.person("ada")];
    for (const [by, wrong] of [
      [app, { code_verifier: openid.randomPKCECodeVerifier() }],
      [app, { code_verifier: "" }],
      [app, { redirect_uri: "https://app.example.org/other" }],
      [other, {}],
    ] as const) {
      const code = await codeOf(w, app, { person: ada });
      const heard = await post(w, "/oauth2/token", { app: by, ...code, ...wrong });
      expect(heard).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    }
  });

  test("a verifier without a challenge is refused too", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    await tokensOf(w, app, { person: ada });
    const url = new URL(`${w.url}/oauth2/authorize`);
    url.search = new URLSearchParams({
      client_id: app.clientId,
      response_type: "code",
      scope: "openid",
      redirect_uri: CALLBACK,
    }).toString();
    const back = awayOf(await new Browser(w.url, ada.cookie).open(url));
    const heard = await post(w, "/oauth2/token", {
      app,
      grant_type: "authorization_code",
      code: back.searchParams.get("code"),
      redirect_uri: CALLBACK,
      code_verifier: openid.randomPKCECodeVerifier(),
    });
    expect(heard).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
  });

  test("a code redeemed again takes back what it gave", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const scope = "openid offline_access";
    const code = await codeOf(w, app, { person: ada, scope, prompt: "consent" });
    const first = await post(w, "/oauth2/token", { app, ...code });
    expect(first.status).toBe(200);
    const again = await post(w, "/oauth2/token", { app, ...code });
    expect(again).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    const { access_token: token, refresh_token } = first.json;
    expect((await post(w, "/oauth2/introspect", { app, token })).json).toEqual({ active: false });
    const refresh = { app, grant_type: "refresh_token", refresh_token };
    expect((await post(w, "/oauth2/token", refresh)).json.error).toBe("invalid_grant");
    const ends = await w.ask("GET", "/v1/ledger/events?type=RefreshFamilyRevoked&limit=200", {
      cookie: w.owner.cookie,
    });
    expect(ends.json.items.at(-1).data).toEqual({ reason: "code-replayed" });
  });

  test("of three who redeem one code at once one wins at most, and keeps nothing", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const code = await codeOf(w, app, { person: ada });
    const all = await Promise.all([1, 2, 3].map(() => post(w, "/oauth2/token", { app, ...code })));
    const won = all.filter(({ status }) => status === 200);
    expect(won.length).toBeLessThanOrEqual(1);
    for (const { json } of won) {
      const asked = { app, token: json.access_token };
      expect((await post(w, "/oauth2/introspect", asked)).json).toEqual({ active: false });
    }
  });
}
