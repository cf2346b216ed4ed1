import { expect } from "vitest";
import { pageOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { confirm, signedIn } from "../provider/sign-out.ts";

/**
 * A wish of nobody in particular is asked about, and ends at a page.
 *
 * Source: RP-Initiated Logout 1.0, section 2.
 */
export const RpInitiatedLogoutNoParams: Module = async (op) => {
  const { browser, wish, isOut } = await signedIn(op);
  expect(pageOf(await confirm(browser, await wish({}))).status).toBe(200);
  expect(await isOut()).toBe(true);
};
