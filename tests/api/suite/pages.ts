import { expect, test } from "vitest";
import { DEFAULT_BRAND } from "../../../api/pages/brand.ts";
import { LANGUAGES } from "../../../api/pages/language.ts";
import { pages } from "../../../api/pages/pages.ts";
import { browserOf } from "../pages-world.ts";
import type { Stage } from "../suite.ts";
import { FRIEND, PASSWORD, TOKEN } from "../world.ts";

const EVIL = '"><script>alert(1)</script>\u202e&';

export function pageTests({ here: world, fresh }: Stage): void {
  const here = () => ({ w: world(), ...browserOf(world) });

  test("a visitor who only looks gets no cookie, row or event", async () => {
    const { w, look } = here();
    const before = await w.heads();
    for (const { path } of pages) {
      const { status, headers } = await look(path.replaceAll(/:\w+/g, "1"));
      expect(status, path).toBeLessThan(400);
      expect(headers.getSetCookie(), path).toEqual([]);
    }
    expect(await w.heads()).toEqual(before);
  });

  test("set up, signed out and in, without a script", async () => {
    const w = await fresh();
    const { look, send } = browserOf(() => w);
    expect((await look("/")).to).toBe("/setup");
    const fields = { form: "setup", token: TOKEN, email: "ada@example.org", password: PASSWORD };
    const wrong = await send("/setup", { ...fields, token: "not the token" });
    expect(wrong.status).toBe(403);
    expect(wrong.text).toContain('value="ada@example.org"');
    expect(wrong.text).not.toContain("not the token");
    const done = await send("/setup", fields);
    expect([done.status, done.to]).toEqual([303, "/account?done=setup"]);
    const { cookie } = done;
    expect((await look("/account?done=setup", { cookie })).text).toContain("ada@example.org");
    const out = await send("/sign-out", { form: "sign-out" }, { cookie });
    expect([out.status, out.to]).toEqual([303, "/sign-in?done=signOut"]);
    expect((await look("/account", { cookie })).to).toBe("/sign-in?redirectTo=%2Faccount");
    const form = { form: "password", identifier: "ada@example.org", password: PASSWORD };
    const back = await send("/sign-in?redirectTo=%2Fadmin%2Fledger", form);
    expect([back.status, back.to]).toEqual([303, "/admin/ledger"]);
    expect((await look("/admin/ledger", { cookie: back.cookie })).text).toContain("UserSignedUp");
    // Used up: the page leads on, and the form is refused like the route.
    expect((await look("/setup")).to).toBe("/sign-in");
    expect((await look("/")).to).toBe("/sign-in");
    expect((await look("/", { cookie: back.cookie })).to).toBe("/account");
  });

  test("a refused form comes back with its status, its message and what was typed", async () => {
    const { w, send } = here();
    const { email } = await w.person("taken");
    const again = { form: "sign-up", name: EVIL, email, password: PASSWORD };
    const taken = await send("/sign-up", again);
    expect(taken.status).toBe(409);
    const named = await send("/sign-up", { ...again, name: "<b>Bo</b>" });
    expect(named.status).toBe(409);
    expect(named.text).toContain('value="&lt;b&gt;Bo&lt;/b&gt;"');
    expect(named.text).toMatch(/id="sign-up-email"[^>]*aria-invalid="true"/);
    expect(named.text).toMatch(/aria-describedby="sign-up-email-error"/);
    expect(named.text).toMatch(/<div class="summary" role="alert" tabindex="-1" autofocus/);
    expect(named.text).toContain("<title>Error: ");
    for (const { text } of [taken, named]) {
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain("<script>");
    }
    const short = await send("/sign-up", { ...again, name: "Bo", password: "short" });
    expect(short.status).toBe(400);
    expect(short.text).toMatch(/id="sign-up-password"[^>]*aria-invalid="true"/);
  });

  test("sign-in answers unknown and wrong alike", async () => {
    const { w, send } = here();
    const { email } = await w.person("known");
    const texts = await Promise.all(
      [email, "nobody@example.org"].map(async (identifier) => {
        const form = { form: "password", identifier, password: "not the password" };
        const { status, text } = await send("/sign-in", form);
        expect(status).toBe(401);
        return text.replaceAll(identifier, "…");
      }),
    );
    expect(texts[0]).toBe(texts[1]);
  });

  test("too many tries are told when to come back, on the page they came from", async () => {
    const { w, send } = here();
    const { email } = await w.person("hasty");
    const form = { form: "password", identifier: email, password: "not the password" };
    const from = { remoteAddress: "192.0.2.129" };
    let heard = await send("/sign-in", form, from);
    for (let tries = 0; tries < 6 && heard.status !== 429; tries++) {
      heard = await send("/sign-in", form, from);
    }
    expect(heard.status).toBe(429);
    expect(Number(heard.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(heard.text).toMatch(/Too many tries\. Wait \d+ seconds/);
    expect(heard.text).toContain(`value="${email}"`);
  });

  test.each([
    "javascript:alert(1)",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/..//evil.example/x",
    "/%2e%2e//evil.example/x",
    "/a/..//evil.example",
    "/.//evil.example",
    "https://evil.example/",
    "https://app.example.org.evil.example/",
    "https://app.example.org@evil.example/",
    "https://user:word@app.example.org/",
    "http://app.example.org/",
    "https:app.example.org",
    "data:text/html,x",
    "account",
  ])("redirectTo to an origin that is not in the list leads nowhere else: %s", async (target) => {
    const { w, look, send } = here();
    const { email, cookie } = await w.person("led");
    const path = `/sign-in?redirectTo=${encodeURIComponent(target)}`;
    const form = { form: "password", identifier: email, password: PASSWORD };
    expect((await send(path, form)).to).toBe("/account");
    expect((await look(path, { cookie })).to).toBe("/account");
    expect((await look(path)).headers.get("content-security-policy")).not.toContain("evil");
  });

  test("redirectTo leads to own paths and to listed origins", async () => {
    const { w, look, send } = here();
    const { email } = await w.person("led-well");
    const form = { form: "password", identifier: email, password: PASSWORD };
    for (const target of ["/account/history?x=1#y", `${FRIEND}/come/back?a=b`]) {
      const path = `/sign-in?redirectTo=${encodeURIComponent(target)}`;
      expect((await send(path, form)).to).toBe(target);
    }
    const csp = (await look(`/sign-in?redirectTo=${encodeURIComponent(`${FRIEND}/x`)}`)).headers;
    expect(csp.get("content-security-policy")).toContain(`form-action 'self' ${FRIEND};`);
    const guest = await send(`/sign-in?redirectTo=${FRIEND}/x`, { form: "guest" });
    expect([guest.to, guest.cookie === undefined]).toEqual([`${FRIEND}/x`, false]);
  });

  test("every page has its strict policy and is never kept", async () => {
    const { w, look } = here();
    const { cookie } = await w.person("strict");
    for (const path of ["/account", "/account/profile", "/nothing-here"]) {
      const { headers } = await look(path, { cookie });
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; " +
          "base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("same-origin");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  test("the stylesheet is ours, kept for a year, and named by what is in it", async () => {
    const { look } = here();
    const { text } = await look("/sign-in");
    const [, path = ""] = /<link rel="stylesheet" href="([^"]+)">/.exec(text) ?? [];
    expect(path).toMatch(/^\/assets\/[0-9a-f]{16}\.css$/);
    const { status, headers } = await look(path);
    expect([status, headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect((await look("/assets/0123456789abcdef.css")).status).toBe(404);
    expect(text).not.toMatch(/<script|style="|\son\w+=|https?:\/\//);
  });

  test("a POST from an origin that is not in the list changes nothing", async () => {
    const { w, send } = here();
    const { cookie } = await w.person("crossed");
    const before = await w.heads();
    for (const origin of ["https://evil.example", "null"]) {
      const form = { form: "profile", name: "Mallory" };
      const heard = await send("/account/profile", form, { cookie, headers: { origin } });
      expect(heard.status).toBe(403);
    }
    expect(await w.heads()).toEqual(before);
  });

  test("forms of the wrong kind, with a name twice, unknown or too large are refused", async () => {
    const { w, send } = here();
    const { cookie } = await w.person("odd");
    const headers = (type: string) => ({ cookie, headers: { "content-type": type } });
    const profile = { form: "profile" };
    expect((await send("/account/profile", profile, headers("text/plain"))).status).toBe(415);
    expect((await send("/account/profile", { form: "__proto__" }, { cookie })).status).toBe(400);
    expect((await send("/account/profile", { form: "nothing" }, { cookie })).status).toBe(400);
    const large = { form: "profile", bio: "x".repeat(70_000) };
    expect((await send("/account/profile", large, { cookie })).status).toBe(413);
    const twice = await w.send("POST", "/account/profile", {
      cookie,
      raw: "form=profile&name=A&name=B",
      headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded" },
    });
    expect(twice.status).toBe(400);
  });

  test("a problem is a page for people and JSON for programs", async () => {
    const { w, look } = here();
    for (const accept of ["text/html", "application/json"]) {
      const missing = await w.send("GET", "/nothing", { headers: { accept } });
      const kind = accept === "text/html" ? "text/html; charset=utf-8" : "application/problem+json";
      expect([missing.status, missing.headers.get("content-type")]).toEqual([404, kind]);
      const wrong = await w.send("PUT", "/sign-in", { headers: { accept }, body: {} });
      expect([wrong.status, wrong.headers.get("content-type")]).toEqual([405, kind]);
      expect(wrong.headers.get("allow")).toBe("GET, POST");
      const api = await w.send("GET", "/v1/nothing", { headers: { accept } });
      expect(api.headers.get("content-type")).toBe("application/problem+json");
    }
    const { cookie } = await w.person("plain");
    const refused = await look("/admin/users", { cookie });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain("<h1>You may not do this</h1>");
  });

  test("all pages speak all languages, by query, by person, by browser", async () => {
    const { w, look, send } = here();
    for (const [code, texts] of Object.entries(LANGUAGES)) {
      for (const path of ["/sign-in", "/sign-up", "/reset-password", "/magic-link?token=x"]) {
        const joined = `${path}${path.includes("?") ? "&" : "?"}lang=${code}`;
        const { status, text } = await look(joined);
        expect(status, joined).toBe(200);
        expect(text).toContain(`<html lang="${code}">`);
        expect(text).not.toMatch(/undefined|\{\w+\}/);
      }
      const { text } = await look("/sign-in", {
        headers: { "accept-language": `xx, ${code};q=.5` },
      });
      expect(text).toContain(texts.signIn.submit);
    }
    const { cookie } = await w.person("polyglot");
    await send("/account/profile", { form: "profile", locale: "ru" }, { cookie });
    expect((await look("/account", { cookie })).text).toContain('<html lang="ru">');
    expect((await look("/account?lang=de", { cookie })).text).toContain(
      'href="/account/profile?lang=de"',
    );
  });

  test("off, there is no page, and the API is as it was", async () => {
    const w = await fresh({ pages: undefined });
    const { look } = browserOf(() => w);
    for (const path of ["/", "/sign-in", "/account", "/setup"]) {
      const { status, headers } = await look(path);
      expect([status, headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    }
    expect((await w.ask("POST", "/v1/guest")).status).toBe(201);
  });

  test("plain HTTP elsewhere serves set-up only, and signs nobody in", async () => {
    const w = await fresh();
    const there = "http://192.0.2.80:4000";
    const at = (method: string, path: string, raw?: string) =>
      w.send(method, `${there}${path}`, {
        ...(raw === undefined ? {} : { raw }),
        headers: {
          accept: "text/html",
          origin: there,
          ...(raw === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        },
      });
    expect((await at("GET", "/sign-in")).status).toBe(403);
    expect((await at("GET", "/setup")).status).toBe(200);
    const fields = { form: "setup", token: TOKEN, email: "far@example.org", password: PASSWORD };
    const done = await at("POST", "/setup", new URLSearchParams(fields).toString());
    expect([done.status, done.headers.getSetCookie()]).toEqual([303, []]);
    const signIn = { form: "password", identifier: "far@example.org", password: PASSWORD };
    const refused = await at("POST", "/sign-in", new URLSearchParams(signIn).toString());
    expect(refused.status).toBe(403);
    expect(await (await at("GET", "/setup")).text()).toContain("This server is set up");
  });

  test("the brand's name, logo and colour are on every page", async () => {
    const logo = { kind: "address", url: "https://cdn.example.org/logo.svg" } as const;
    const brand = { name: "Ünïcorn & Söhne", colour: "#ffd400", logo };
    const w = await fresh({ pages: { ...DEFAULT_BRAND, ...brand } });
    const { look } = browserOf(() => w);
    const { text, headers } = await look("/sign-up");
    expect(text).toContain("Ünïcorn &amp; Söhne");
    expect(text).toContain(`src="${logo.url}"`);
    expect(headers.get("content-security-policy")).toContain(
      "img-src 'self' data: https://cdn.example.org;",
    );
    const [, path = ""] = /<link rel="stylesheet" href="([^"]+)">/.exec(text) ?? [];
    const css = (await look(path)).text;
    expect(css).toContain("--button: #ffd400; --on-button: #000000;");
  });
}
