import { expect } from "vitest";
import { pageOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { AFTER, confirm, signedIn } from "../provider/sign-out.ts";

/**
 * An address without a word of whose it is leads nobody there.
 *
 * Source: RP-Initiated Logout 1.0, section 3.
 */
export const RpInitiatedLogoutNoIdTokenHint: Module = async (op) => {
  const { browser, wish } = await signedIn(op);
  const asked = await wish({ post_logout_redirect_uri: AFTER });
  expect(pageOf(await confirm(browser, asked)).status).toBe(200);
};
