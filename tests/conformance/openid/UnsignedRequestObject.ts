import { expect } from "vitest";
import { awayOf, Browser } from "../../api/openid/browser.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";
import { unsigned } from "../provider/request-object.ts";

/**
 * A request object is answered as not supported, with the state.
 *
 * Source: OpenID Connect Core 1.0, section 6.1.
 */
export const UnsignedRequestObject: Module = async (op) => {
  const request = unsigned({ scope: "openid" });
  const { url, checks } = await ask(op, await op.client(), { request });
  const { searchParams } = awayOf(await new Browser(op.url).open(url));
  expect(searchParams.get("error")).toBe("request_not_supported");
  expect(searchParams.get("state")).toBe(checks.expectedState);
};
