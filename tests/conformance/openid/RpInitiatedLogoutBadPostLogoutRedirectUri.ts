import { expect } from "vitest";
import { pageOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { signedIn } from "../provider/sign-out.ts";

/**
 * An address that is not registered leads nobody there.
 *
 * Source: RP-Initiated Logout 1.0, section 3.
 */
export const RpInitiatedLogoutBadPostLogoutRedirectUri: Module = async (op) => {
  const { hint, wish, isOut } = await signedIn(op);
  const elsewhere = "https://rp.example.net/goodbye";
  expect(
    pageOf(await wish({ id_token_hint: hint, post_logout_redirect_uri: elsewhere })).status,
  ).toBe(400);
  expect(await isOut()).toBe(false);
};
