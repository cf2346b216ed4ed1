import { expect } from "vitest";
import { awayOf, Browser, pageOf } from "../../api/openid/browser.ts";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/**
 * Whoever says no is sent back so, with state and issuer.
 *
 * Source: RFC 6749, section 4.1.2.1; RFC 9207.
 */
export const Fapi2UserRejectsAuthentication: Module = async (op) => {
  const client = await fapiClient(op);
  const browser = new Browser(op.url);
  const page = pageOf(await browser.open(await client.push()));
  const { searchParams } = awayOf(await op.refuse(browser, page, op.account));
  expect(Object.fromEntries(searchParams)).toMatchObject({
    error: "access_denied",
    state: client.state,
    iss: op.url,
  });
};
