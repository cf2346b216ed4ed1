import { expect } from "vitest";
import { pageOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { AFTER, signedIn } from "../provider/sign-out.ts";

/** A hint that nobody signed is refused at a page. Source: RP-Initiated Logout 1.0, section 3. */
export const RpInitiatedLogoutModifiedIdTokenHint: Module = async (op) => {
  const { hint, wish, isOut } = await signedIn(op);
  const modified = `${hint.slice(0, -8)}AAAAAAAA`;
  expect(
    pageOf(await wish({ id_token_hint: modified, post_logout_redirect_uri: AFTER })).status,
  ).toBe(400);
  expect(await isOut()).toBe(false);
};
