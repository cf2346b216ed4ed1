import { expect } from "vitest";
import { pageOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { confirm, signedIn } from "../provider/sign-out.ts";

/** A state alone leads nowhere: it ends at a page. Source: RP-Initiated Logout 1.0, section 2. */
export const RpInitiatedLogoutOnlyState: Module = async (op) => {
  const { browser, wish, isOut } = await signedIn(op);
  expect(pageOf(await confirm(browser, await wish({ state: "kept" }))).status).toBe(200);
  expect(await isOut()).toBe(true);
};
