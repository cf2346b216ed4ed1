import * as openid from "openid-client";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { architectOf, PASSWORD } from "../support/faults-architect.ts";
import { register, startShop } from "./application.ts";
import { launch, onChromium, pageOf } from "./chromium.ts";
import { startPages } from "./pages-server.ts";

/** Starting a browser and a server on a machine that does other things too. */
const JOURNEY_MS = 120_000;
const EMAIL = "architect@example.com";
const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
/** More than any page has to tab through before what is asked. */
const TABS_MAX = 20;

const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    if ((await page.locator(`${selector}:focus`).count()) === 1) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} is not among the first ${TABS_MAX} stops of ${page.url()}`);
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
}

async function signIn(page: Page): Promise<void> {
  await tabTo(page, "#password-identifier");
  await page.keyboard.type(EMAIL);
  await tabTo(page, "#password-password");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
}

onChromium(
  "a web application signs somebody in and out, by keyboard alone and without a script",
  async () => {
    const base = await startPages();
    const owner = await architectOf(base);
    const shop = await startShop(base, owner);
    const page = await pageOf(await launch(), { javaScriptEnabled: false });
    const refused: Array<string> = [];
    page.on("console", (message) => refused.push(message.text()));

    await page.goto(`${shop}/login`);
    expect(await page.getByText("to go on to").textContent()).toBe("to go on to Shop");
    await signIn(page);
    await page.waitForURL(`${base}/consent?**`);
    expect(await heading(page)).toBe("Shop asks for your permission");
    const [allow, deny] = await Promise.all(
      ["allow", "deny"].map((name) => page.locator(`button[value=${name}]`).boundingBox()),
    );
    expect([deny?.y, deny?.width, deny?.height]).toEqual([allow?.y, allow?.width, allow?.height]);
    await press(page, "button[value=deny]");
    await page.waitForURL(`${shop}/callback?error=access_denied**`);

    await page.goto(`${shop}/login`);
    await press(page, "button[value=allow]");
    await page.waitForURL(`${shop}/callback?code=**`);
    expect(await heading(page)).toBe(`Welcome ${owner.userId}`);
    // Who is known and let it in is asked nothing.
    await page.goto(`${shop}/login`);
    expect(await heading(page)).toBe(`Welcome ${owner.userId}`);

    await page.goto(`${shop}/logout`);
    expect(await page.getByRole("main").textContent()).toContain("Shop asks to sign you out");
    await press(page, "button[name=logout]");
    await page.waitForURL(`${shop}/goodbye?state=gone`);
    await page.goto(`${base}/account`);
    expect(page.url()).toContain("/sign-in");
    expect(refused.filter((text) => /Content Security Policy/i.test(text))).toEqual([]);
  },
  JOURNEY_MS,
);

onChromium(
  "a device is connected by its code, by keyboard alone and without a script",
  async () => {
    const base = await startPages();
    const owner = await architectOf(base);
    const { clientId } = await register(base, owner, {
      name: "Television",
      type: "native",
      grantTypes: [DEVICE_GRANT],
    });
    const config = await openid.discovery(new URL(base), clientId, undefined, openid.None(), {
      execute: [openid.allowInsecureRequests],
    });
    const device = await openid.initiateDeviceAuthorization(config, { scope: "openid" });
    const page = await pageOf(await launch(), { javaScriptEnabled: false });
    await page.goto(device.verification_uri);
    // The one thing to fill in has the focus from the start.
    await page.keyboard.type("AAAA-AAAA");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await page.title()).toMatch(/^Error: Connect a device/);
    expect(await page.locator("#user_code").getAttribute("aria-describedby")).toBe(
      await page.getByRole("alert").locator("p").getAttribute("id"),
    );
    await page.locator("#user_code").fill(device.user_code.toLowerCase());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Connect Television?" }).waitFor();
    expect(await page.locator(".device").textContent()).toBe(device.user_code);
    await press(page, "button[name=confirm]");
    await page.waitForURL(`${base}/sign-in?**`);
    await signIn(page);
    await page.waitForURL(`${base}/consent?**`);
    await press(page, "button[value=allow]");
    await page.getByRole("heading", { name: "Your device is connected" }).waitFor();
    const tokens = await openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.01 });
    expect(tokens.claims()?.sub).toBe(owner.userId);
  },
  JOURNEY_MS,
);
