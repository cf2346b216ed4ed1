import { expect } from "vitest";
import { awayOf, Browser } from "../../api/openid/browser.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";
import { unsigned } from "../provider/request-object.ts";

/**
 * An unsigned request object moves nobody elsewhere: none is taken.
 *
 * Source: OpenID Connect Core 1.0, section 6.1.
 */
export const EnsureRequestObjectWithRedirectUri: Module = async (op) => {
  const request = unsigned({ redirect_uri: "https://rp.example.net/cb" });
  const { url } = await ask(op, await op.client(), { request });
  const back = awayOf(await new Browser(op.url).open(url));
  expect(back.href.startsWith(CALLBACK)).toBe(true);
  expect(back.searchParams.get("error")).toBe("request_not_supported");
};
