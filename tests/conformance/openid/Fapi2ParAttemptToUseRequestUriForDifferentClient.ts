import { expect } from "vitest";
import { Browser, pageOf } from "../../api/openid/browser.ts";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** A pushed request is good for who pushed it alone. Source: RFC 9126, section 2.2. */
export const Fapi2ParAttemptToUseRequestUriForDifferentClient: Module = async (op) => {
  const [client, other] = [await fapiClient(op), await fapiClient(op)];
  const url = await client.push();
  url.searchParams.set("client_id", other.clientId);
  expect(pageOf(await new Browser(op.url).open(url)).status).toBe(400);
};
