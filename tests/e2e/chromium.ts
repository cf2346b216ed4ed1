import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { onTestFinished, test } from "vitest";

/** Where Debian installs it. */
const CHROMIUM = "/usr/bin/chromium";

const without =
  "Deno" in globalThis
    ? "the browser is driven from Node, once"
    : existsSync(CHROMIUM)
      ? undefined
      : `${CHROMIUM} is not installed`;

/** A test in a real browser; where there is none it is skipped, and says why. */
export function onChromium(name: string, run: () => Promise<void>, timeoutMs: number): void {
  const said = without === undefined ? name : `${name} (skipped: ${without})`;
  test.skipIf(without !== undefined)(said, run, timeoutMs);
}

/** A browser that ends with its test. */
export async function launch(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  onTestFinished(() => browser.close());
  return browser;
}

/** A page with cookies of its own. */
export async function pageOf(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: "en", ...options });
  return context.newPage();
}
