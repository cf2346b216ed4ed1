import { expect } from "vitest";
import { Browser, pageOf } from "../../api/openid/browser.ts";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** A pushed request is used once. Source: RFC 9126, section 4. */
export const Fapi2ParAttemptReuseRequestUri: Module = async (op) => {
  const client = await fapiClient(op);
  const url = await client.push();
  const browser = new Browser(op.url);
  await client.signIn(url, browser);
  expect(pageOf(await browser.open(url)).status).toBe(400);
};
