import { expect } from "vitest";
import { pageOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { AFTER, signedIn } from "../provider/sign-out.ts";

/**
 * A registered address with more behind it is another.
 *
 * Source: RP-Initiated Logout 1.0, section 3.
 */
export const RpInitiatedLogoutQueryAddedToPostLogoutRedirectUri: Module = async (op) => {
  const { hint, wish, isOut } = await signedIn(op);
  const longer = `${AFTER}?foo=bar`;
  expect(pageOf(await wish({ id_token_hint: hint, post_logout_redirect_uri: longer })).status).toBe(
    400,
  );
  expect(await isOut()).toBe(false);
};
