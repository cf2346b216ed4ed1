import { expect } from "vitest";
import { awayOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { AFTER, confirm, signedIn } from "../provider/sign-out.ts";

/** Without a state none comes back. Source: RP-Initiated Logout 1.0, section 3. */
export const RpInitiatedLogoutNoState: Module = async (op) => {
  const { browser, hint, wish } = await signedIn(op);
  const params = { id_token_hint: hint, post_logout_redirect_uri: AFTER };
  expect(awayOf(await confirm(browser, await wish(params))).href).toBe(AFTER);
};
