import { expect } from "vitest";
import { awayOf, Browser } from "../../api/openid/browser.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A request that does not say what it wants is refused. Source: RFC 6749, section 3.1.1. */
export const ResponseTypeMissing: Module = async (op) => {
  const { url } = await ask(op, await op.client());
  url.searchParams.delete("response_type");
  const { searchParams } = awayOf(await new Browser(op.url).open(url));
  expect(searchParams.get("error")).toBe("invalid_request");
};
