import { expect } from "vitest";
import { pageOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { AFTER, signedIn } from "../provider/sign-out.ts";

/** A hint that is no token is refused at a page. Source: RP-Initiated Logout 1.0, section 3. */
export const RpInitiatedLogoutBadIdTokenHint: Module = async (op) => {
  const { wish, isOut } = await signedIn(op);
  expect(
    pageOf(await wish({ id_token_hint: "not.a.token", post_logout_redirect_uri: AFTER })).status,
  ).toBe(400);
  expect(await isOut()).toBe(false);
};
