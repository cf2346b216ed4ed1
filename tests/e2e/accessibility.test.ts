import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { SETUP_TOKEN } from "../support/faults-server.ts";
import { launch, onChromium, pageOf } from "./chromium.ts";
import { startPages } from "./pages-server.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The narrowest screen of WCAG 2.2, 1.4.10 (reflow), in CSS pixels. */
const NARROWEST = 320;
/** WCAG 2.2, 2.5.5 (enhanced): a button or a field under a thumb. */
const TARGET_MIN = 44;
const TIMEOUT_MS = 300_000;
const PASSWORD = "correct horse battery";
const LONG = "Katharina Oberhollenzer-Mitterrutzner von und zu Hohenstaufen-Schwarzenberg";
const LONG_ADDRESS = "katharina.oberhollenzer-mitterrutzner@lange-namen-gesellschaft.example";

const doors = [
  "/sign-in?redirectTo=/account",
  "/sign-in/sent",
  "/sign-up",
  "/reset-password",
  "/reset-password?token=x",
  "/magic-link?token=x",
  "/magic-link",
  "/verify-email?token=x",
  "/appoint?token=x",
  "/nothing-here",
];
const rooms = [
  "/sign-out",
  "/account",
  "/account/profile",
  "/account/email",
  "/account/email/confirm?token=x",
  "/account/username",
  "/account/password",
  "/account/sessions",
  "/account/history",
  "/account/export",
  "/account/delete",
  "/admin",
  "/admin/users",
  "/admin/users/new",
  "/admin/invitations",
  "/admin/roles",
  "/admin/architects",
  "/admin/guests",
  "/admin/mail",
  "/admin/keys",
  "/admin/ledger",
  "/admin/ledger/2",
];

/** Which rules of axe-core are asked; none named: all of them. */
type Rules = ReadonlyArray<string>;
/** A dark page differs from a light one in nothing else. */
const COLOURS: Rules = ["color-contrast"];

/** What axe-core finds; it is run beside the page's own world, whose policy allows no script. */
async function found(page: Page, rules: Rules): Promise<ReadonlyArray<string>> {
  await page.evaluate(AXE);
  return page.evaluate(async (runOnly) => {
    type Violation = { readonly id: string; readonly nodes: ReadonlyArray<{ html: string }> };
    type Axe = {
      run: (options: object) => Promise<{ readonly violations: ReadonlyArray<Violation> }>;
    };
    const { axe } = globalThis as unknown as { readonly axe: Axe };
    const { violations } = await axe.run(runOnly.length === 0 ? {} : { runOnly });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }, rules);
}

/** Fields and buttons that are lower than a thumb. */
const tooSmall = (page: Page) =>
  page.evaluate((least) => {
    const controls = document.querySelectorAll("button, .button, select, input:not([type=hidden])");
    return [...controls]
      .filter((each) => each.getAttribute("type") !== "checkbox")
      .filter((each) => each.getBoundingClientRect().height < least)
      .map((each) => each.outerHTML);
  }, TARGET_MIN);

async function judge(page: Page, rules: Rules = []): Promise<void> {
  expect(await found(page, rules), page.url()).toEqual([]);
  await measure(page);
}

async function measure(page: Page): Promise<void> {
  const where = `${page.url()} ${JSON.stringify(page.viewportSize())}`;
  expect(await tooSmall(page), where).toEqual([]);
  const before = page.viewportSize();
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, `${where} scrolls sideways`).toBeLessThanOrEqual(NARROWEST);
  if (before !== null) await page.setViewportSize(before);
}

onChromium(
  "axe-core finds nothing on any page, light and dark, narrow and wide; nothing scrolls sideways",
  async () => {
    const base = await startPages();
    const browser = await launch();
    const first = await pageOf(browser);
    await first.goto(`${base}/setup`);
    await judge(first);
    await first.getByLabel("Set-up token").fill(SETUP_TOKEN);
    await first.getByLabel("Your e-mail address").fill("ada@example.org");
    await first.getByLabel("Password").fill(PASSWORD);
    await first.getByRole("button").click();
    await first.goto(`${base}/account/profile`);
    await first.getByLabel("Name").fill(LONG);
    await first.getByRole("button", { name: "Save" }).click();
    await first.goto(`${base}/admin/users/new`);
    await first.locator("#create-name").fill(LONG.split(" ").toReversed().join(" "));
    await first.locator("#create-email").fill(LONG_ADDRESS);
    await first.getByRole("button", { name: "Create user" }).click();
    const somebody = new URL(first.url()).pathname;
    const storageState = await first.context().storageState();

    for (const colorScheme of ["light", "dark"] as const) {
      const rules = colorScheme === "dark" ? COLOURS : [];
      for (const width of [360, 1280]) {
        const viewport = { width, height: 800 };
        const stranger = await pageOf(browser, { colorScheme, viewport });
        for (const path of doors) {
          await stranger.goto(base + path);
          await judge(stranger, rules);
        }
        await stranger.goto(`${base}/sign-up`);
        await stranger.getByLabel("E-mail address").fill("nothing");
        await stranger.getByRole("button", { name: "Create account" }).click();
        await judge(stranger, rules);
        await stranger.context().close();

        const owner = await pageOf(browser, { colorScheme, viewport, storageState });
        for (const path of rooms) {
          const heard = await owner.goto(base + path);
          expect(heard?.status(), path).toBe(200);
          await judge(owner, rules);
        }
        await owner.goto(base + somebody);
        await judge(owner, rules);
        for (const lang of colorScheme === "dark" ? [] : ["de", "ru"]) {
          for (const path of ["/account", "/account/email", "/admin/ledger", "/admin/users/new"]) {
            await owner.goto(`${base}${path}?lang=${lang}`);
            await measure(owner);
          }
        }
        await owner.context().close();
      }
    }
  },
  TIMEOUT_MS,
);
