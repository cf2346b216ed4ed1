import { expect } from "vitest";
import { awayOf, Browser } from "../../api/openid/browser.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A request by address is answered as not supported, and nobody looks there.
 *
 * Source: OpenID Connect Core 1.0, section 6.2.
 */
export const RequestUriUnsigned: Module = async (op) => {
  const params = { request_uri: "https://rp.example.net/request.jwt" };
  const { url, checks } = await ask(op, await op.client(), params);
  const { searchParams } = awayOf(await new Browser(op.url).open(url));
  expect(searchParams.get("error")).toBe("request_uri_not_supported");
  expect(searchParams.get("state")).toBe(checks.expectedState);
};
