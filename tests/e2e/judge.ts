import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The narrowest screen of WCAG 2.2, 1.4.10 (reflow), in CSS pixels. */
const NARROWEST = 320;
/** WCAG 2.2, 2.5.5 (enhanced): a button or a field under a thumb. */
const TARGET_MIN = 44;

/** Which rules of axe-core are asked; none named: all of them. */
export type Rules = ReadonlyArray<string>;
/** A dark page differs from a light one in nothing else. */
export const COLOURS: Rules = ["color-contrast"];

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

/** Fails on what axe-core finds, on what is too small to press and what scrolls sideways. */
export async function judge(page: Page, rules: Rules = []): Promise<void> {
  expect(await found(page, rules), page.url()).toEqual([]);
  await measure(page);
}

export async function measure(page: Page): Promise<void> {
  const where = `${page.url()} ${JSON.stringify(page.viewportSize())}`;
  expect(await tooSmall(page), where).toEqual([]);
  const before = page.viewportSize();
  await page.setViewportSize({ width: NARROWEST, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, `${where} scrolls sideways`).toBeLessThanOrEqual(NARROWEST);
  if (before !== null) await page.setViewportSize(before);
}
