import { expect } from "vitest";
import { Browser, pageOf } from "../../api/openid/browser.ts";
import { fapiClient } from "../provider/fapi.ts";
import { later } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A pushed request that is over is none. Source: RFC 9126, section 2.2. */
export const Fapi2ParAttemptToUseExpiredRequestUri: Module = async (op) => {
  const client = await fapiClient(op);
  const url = await client.push();
  const page = pageOf(await later(61, () => new Browser(op.url).open(url)));
  expect(page.status).toBe(400);
};
