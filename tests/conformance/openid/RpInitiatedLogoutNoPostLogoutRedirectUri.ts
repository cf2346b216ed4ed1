import { expect } from "vitest";
import { pageOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { confirm, signedIn } from "../provider/sign-out.ts";

/** Without an address to go to it ends at a page. Source: RP-Initiated Logout 1.0, section 2. */
export const RpInitiatedLogoutNoPostLogoutRedirectUri: Module = async (op) => {
  const { browser, wish, isOut, hint } = await signedIn(op);
  expect(pageOf(await confirm(browser, await wish({ id_token_hint: hint }))).status).toBe(200);
  expect(await isOut()).toBe(true);
};
