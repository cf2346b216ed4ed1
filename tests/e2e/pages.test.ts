import type { Page } from "playwright-core";
import { expect } from "vitest";
import { SETUP_TOKEN } from "../support/faults-server.ts";
import { launch, onChromium, pageOf } from "./chromium.ts";
import { startPages } from "./pages-server.ts";

/** Starting a browser and a server on a machine that does other things too. */
const JOURNEY_MS = 120_000;
const PASSWORD = "correct horse battery";

const fill = async (page: Page, fields: Readonly<Record<string, string>>, button: string) => {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  await page.getByRole("button", { name: button, exact: true }).click();
};
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();
const path = (page: Page) => page.url().replace(/^https?:\/\/[^/]+/, "");

onChromium(
  "from set-up to the ledger: every form, no script",
  async () => {
    const base = await startPages();
    const page = await pageOf(await launch(), { javaScriptEnabled: false });
    await page.goto(base);
    expect(path(page)).toBe("/setup");
    const owner = { "Your e-mail address": "ada@example.org", Password: PASSWORD };
    await fill(page, { "Set-up token": "a guess", ...owner }, "Become the architect");
    expect(await page.getByRole("alert").textContent()).toContain("not the set-up token");
    expect(await page.getByLabel("Your e-mail address").inputValue()).toBe("ada@example.org");
    expect(await page.getByLabel("Password").inputValue()).toBe("");
    const again = { "Set-up token": SETUP_TOKEN, Password: PASSWORD };
    await fill(page, again, "Become the architect");
    expect(await page.getByRole("status").textContent()).toContain("architect");

    await page.getByRole("link", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    expect(path(page)).toBe("/sign-in?done=signOut");
    await page.goto(`${base}/account/profile`);
    expect(await heading(page)).toBe("Sign in to Authledger");
    const wrong = { "E-mail or username": "ada@example.org", Password: "something else" };
    await fill(page, wrong, "Sign in");
    expect(await page.getByRole("alert").textContent()).toContain("do not belong together");
    await fill(page, { Password: PASSWORD }, "Sign in");
    expect(path(page)).toBe("/account/profile");

    await fill(page, { Name: "Ada Lovelace", "Time zone": "Europe/London" }, "Save");
    await page.goto(`${base}/account`);
    expect(await heading(page)).toBe("Hello, Ada Lovelace");
    await page.goto(`${base}/account/password`);
    const change = { "Current password": PASSWORD, "New password": `${PASSWORD} staple` };
    await fill(page, change, "Change password");
    expect(await page.getByRole("status").textContent()).toContain("password is changed");
    await page.goto(`${base}/account/sessions`);
    expect(await page.getByText("This browser").count()).toBe(1);

    await page.getByRole("link", { name: "Administration" }).click();
    await page.getByRole("main").getByRole("link", { name: "Users" }).click();
    await page.getByRole("main").getByRole("link", { name: "Ada Lovelace" }).click();
    expect(await heading(page)).toBe("Ada Lovelace");
    await page.getByRole("link", { name: "All events in the ledger" }).click();
    await page.getByRole("link", { name: "PasswordReplaced" }).click();
    expect(await heading(page)).toMatch(/^#\d+ PasswordReplaced$/);
    expect(await page.getByText(/^[0-9a-f]{64}$/).count()).toBeGreaterThan(0);
  },
  JOURNEY_MS,
);

onChromium(
  "by keyboard alone: skip link, fields in order, Enter sends, the summary has the focus",
  async () => {
    const base = await startPages();
    const page = await pageOf(await launch(), { javaScriptEnabled: false });
    await page.goto(`${base}/sign-up`);
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    expect(await focused.textContent()).toBe("Skip to content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Grace");
    await page.keyboard.press("Tab");
    await page.keyboard.type("grace@");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForSelector('[role="alert"]');
    expect(await focused.getAttribute("role")).toBe("alert");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await focused.getAttribute("name")).toBe("email");
    await page.keyboard.press("End");
    await page.keyboard.type("example.org");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/account\?done=signUp$/);
    expect(await heading(page)).toBe("Hello, Grace");
  },
  JOURNEY_MS,
);
