import type { Page } from "playwright-core";
import { expect } from "vitest";
import { architectOf } from "../support/faults-architect.ts";
import { type Owner, register } from "./application.ts";
import { launch, onChromium, pageOf } from "./chromium.ts";
import { COLOURS, judge, measure, type Rules } from "./judge.ts";
import { startPages } from "./pages-server.ts";

const TIMEOUT_MS = 300_000;
/** Right to left first, and as long as a name may be. */
const NAME = `متجر الكتب ${"Kreditorenbuchhaltungssoftwaregesellschaft ".repeat(3)}`
  .slice(0, 100)
  .trim();
const CALLBACK = "http://127.0.0.1:9/callback";
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

type Place = { readonly base: string; readonly shop: string; readonly television: string };

onChromium(
  "axe-core finds nothing on what people see of the protocol, nor on the pages of applications",
  async () => {
    const base = await startPages();
    const owner = await architectOf(base);
    const api = await registerApi(base, owner);
    const web = {
      name: NAME,
      type: "web",
      redirectUris: [CALLBACK],
      scopes: ["users:read"],
      policyUri: "https://shop.example.com/privacy",
      tosUri: `https://shop.example.com/terms/${"of-use-".repeat(20)}`,
    };
    const { clientId: shop } = await register(base, owner, web);
    const { clientId: television } = await register(base, owner, {
      name: "Television",
      type: "native",
      grantTypes: [DEVICE_GRANT],
    });
    const place = { base, shop, television };
    const browser = await launch();
    const [name = "", value = ""] = owner.cookie.split("=");
    for (const [colorScheme, width] of [
      ["light", 360],
      ["dark", 1280],
    ] as const) {
      const rules = colorScheme === "dark" ? COLOURS : [];
      const options = { colorScheme, viewport: { width, height: 800 } };
      const stranger = await pageOf(browser, options);
      await outside(stranger, place, rules);
      await stranger.context().close();
      const person = await pageOf(browser, options);
      await person.context().addCookies([{ name, value, url: base }]);
      await inside(person, place, rules);
      for (const path of [
        `/admin/clients/${shop}`,
        `/admin/clients/${television}`,
        `/admin/resource-servers/${api}`,
        "/account/consents",
      ]) {
        expect((await person.goto(base + path))?.status(), path).toBe(200);
        await judge(person, rules);
      }
      await registering(person, place, rules);
      for (const lang of colorScheme === "dark" ? [] : ["de", "ru"]) {
        await person.goto(`${base}/admin/clients/${shop}?lang=${lang}`);
        await measure(person);
        await person.goto(asking(place, { ui_locales: lang }));
        await measure(person);
      }
      await person.context().close();
    }
  },
  TIMEOUT_MS,
);

async function registerApi(base: string, { cookie }: Owner): Promise<string> {
  const response = await fetch(`${base}/v1/resource-servers`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({
      audience: "https://orders.example.com",
      name: NAME,
      scopes: [{ name: "orders:read", description: "See your orders, all of them, for ever" }],
    }),
  });
  const { resourceServer } = (await response.json()) as {
    readonly resourceServer: { readonly id: string };
  };
  return resourceServer.id;
}

/** An authorization request that always asks. */
function asking({ base, shop }: Place, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    client_id: shop,
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: "openid profile email phone address offline_access orders:read",
    resource: "https://orders.example.com",
    prompt: "consent",
    ...more,
  });
  return `${base}/oauth2/authorize?${query}`;
}

async function outside(page: Page, place: Place, rules: Rules): Promise<void> {
  const { base } = place;
  for (const url of [
    asking(place),
    asking(place, { client_id: "nobody" }),
    asking(place, { redirect_uri: "https://evil.example.org/" }),
    `${base}/oauth2/interaction/${"x".repeat(43)}`,
    `${base}/device`,
  ]) {
    await page.goto(url);
    await judge(page, rules);
  }
  await page.locator("#user_code").fill("AAAA-AAAA");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await judge(page, rules);
}

async function inside(page: Page, place: Place, rules: Rules): Promise<void> {
  const { base, television } = place;
  await page.goto(asking(place, { prompt: "login" }));
  await judge(page, rules);
  await page.goto(asking(place));
  await judge(page, rules);
  const begun = await fetch(`${base}/oauth2/device`, {
    method: "POST",
    body: new URLSearchParams({ client_id: television, scope: "openid" }),
  });
  const { user_code: code } = (await begun.json()) as { readonly user_code: string };
  await page.goto(`${base}/device`);
  await page.locator("#user_code").fill(code);
  await page.keyboard.press("Enter");
  await page.locator("button[name=confirm]").waitFor();
  await judge(page, rules);
  await page.locator("button[name=confirm]").click();
  await page.waitForURL(/\/consent|\/device/);
  if (page.url().includes("/consent")) await page.locator("button[value=allow]").click();
  await page.getByRole("heading", { name: "Your device is connected" }).waitFor();
  await judge(page, rules);
  await page.goto(`${base}/oauth2/logout?client_id=${place.shop}`);
  await judge(page, rules);
  await page.locator("form button.quiet").click();
  await page.getByRole("heading", { name: "You are still signed in" }).waitFor();
  await judge(page, rules);
}

/** What was wrong with a new application, and then its secret. */
async function registering(page: Page, { base }: Place, rules: Rules): Promise<void> {
  await page.goto(`${base}/admin/clients/new`);
  await page.locator("#register-name").fill(NAME);
  await page.getByRole("button", { name: "Register" }).click();
  await page.getByRole("alert").waitFor();
  await judge(page, rules);
  await page.locator("#register-redirectUris").fill(CALLBACK);
  await page.getByRole("button", { name: "Register" }).click();
  await page.getByText(/^als_/).waitFor();
  await judge(page, rules);
}
