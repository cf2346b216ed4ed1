import { expect } from "vitest";
import { awayOf } from "../../api/openid/browser.ts";
import type { Module } from "../provider/op.ts";
import { AFTER, confirm, signedIn } from "../provider/sign-out.ts";

/**
 * The wish of a client ends the session and leads to its address, with the state.
 *
 * Source: RP-Initiated Logout 1.0, section 2.
 */
export const RpInitiatedLogout: Module = async (op) => {
  const { browser, hint, wish, isOut } = await signedIn(op);
  const params = { id_token_hint: hint, post_logout_redirect_uri: AFTER, state: "kept" };
  const back = awayOf(await confirm(browser, await wish(params)));
  expect(back.href).toBe(`${AFTER}?state=kept`);
  expect(await isOut()).toBe(true);
};
