import * as openid from "openid-client";
import { expect, test } from "vitest";
import type { OpenidWorld } from "../openid-world.ts";
import { awayOf, Browser, pageOf } from "./browser.ts";
import { configOf, tokensOf } from "./flow.ts";

const AFTER = "https://app.example.org/goodbye";

export function logoutTests(here: () => OpenidWorld) {
  test("an application asks, the person says yes: the session ends, and it goes on", async () => {
    const w = here();
    const app = await w.web({ postLogoutRedirectUris: [AFTER] });
    const ada = await w.person("ada");
    const browser = new Browser(w.url, ada.cookie);
    const { config, tokens } = await tokensOf(w, app, { browser });
    const url = openid.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? "",
      post_logout_redirect_uri: AFTER,
      state: "keep-me",
    });
    const page = pageOf(await browser.open(url));
    expect(page.html).toContain("<bdi>Shop</bdi> asks to sign you out");
    // Another language asks the same question.
    const german = page.html.match(/href="([^"]*lang=de)"/)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const anders = pageOf(await browser.open(new URL(german, w.url)));
    expect(anders.html).toContain("<bdi>Shop</bdi> bittet darum, Sie abzumelden");
    expect(anders.html).toContain("<bdi>app.example.org</bdi>");
    const back = awayOf(await browser.submit(anders, { logout: "yes" }));
    expect(String(back)).toBe(`${AFTER}?state=keep-me`);
    expect((await w.ask("GET", "/v1/session", { cookie: ada.cookie })).status).toBe(401);
    expect(browser.cookiesFor(w.url)).not.toContain("authledger_session");
  });

  test("who says no stays", async () => {
    const w = here();
    const ada = await w.person("ada");
    const browser = new Browser(w.url, ada.cookie);
    const page = pageOf(await browser.open(`${w.url}/oauth2/logout`));
    const stayed = pageOf(await browser.submit(page, {}));
    expect(stayed.html).toContain("still signed in");
    expect((await w.ask("GET", "/v1/session", { cookie: ada.cookie })).status).toBe(200);
  });

  test("nobody is sent to a strange address, nor signed out by a link", async () => {
    const w = here();
    const app = await w.web({ postLogoutRedirectUris: [AFTER] });
    const ada = await w.person("ada");
    const browser = new Browser(w.url, ada.cookie);
    const { config } = await tokensOf(w, app, { browser });
    const url = openid.buildEndSessionUrl(config, {
      post_logout_redirect_uri: "https://evil.example.org/",
    });
    expect(pageOf(await browser.open(url)).status).toBe(400);
    const forged = await fetch(`${w.url}/oauth2/logout/confirm`, {
      method: "POST",
      headers: { cookie: ada.cookie },
      body: new URLSearchParams({ xsrf: "guessed", logout: "yes" }),
    });
    expect(forged.status).toBe(400);
    expect((await w.ask("GET", "/v1/session", { cookie: ada.cookie })).status).toBe(200);
  });

  test("a hint that an old key signed is still a hint, and a forged one is none", async () => {
    const w = here();
    const app = await w.web({ postLogoutRedirectUris: [AFTER] });
    const ada = await w.person("ada");
    const browser = new Browser(w.url, ada.cookie);
    const { tokens } = await tokensOf(w, app, { browser });
    const config = await configOf(w, app);
    const urlOf = (hint: string) =>
      openid.buildEndSessionUrl(config, { id_token_hint: hint, post_logout_redirect_uri: AFTER });
    const hint = tokens.id_token ?? "";
    expect(pageOf(await browser.open(urlOf(hint))).status).toBe(200);
    const forged = pageOf(await browser.open(urlOf(`${hint.slice(0, -8)}AAAAAAAA`)));
    expect(forged.status).toBe(400);
  });

  test("whoever is not signed in is told so", async () => {
    const w = here();
    const { html } = pageOf(await new Browser(w.url).open(`${w.url}/oauth2/logout`));
    expect(html).toContain("xsrf");
  });
}
