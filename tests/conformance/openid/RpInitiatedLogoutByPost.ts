import { expect } from "vitest";
import { awayOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { AFTER, confirm, signedIn } from "../provider/sign-out.ts";

/** The wish may come as a form. Source: RP-Initiated Logout 1.0, section 2. */
export const RpInitiatedLogoutByPost: Module = async (op) => {
  const { browser, hint, isOut } = await signedIn(op);
  const params = { id_token_hint: hint, post_logout_redirect_uri: AFTER };
  const landed = await browser.post(`${op.url}/oauth2/logout`, new URLSearchParams(params));
  expect(awayOf(await confirm(browser, landed)).href).toBe(AFTER);
  expect(await isOut()).toBe(true);
};
