import { expect } from "vitest";
import { Browser } from "../../api/openid/browser.ts";
import { answered, ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** The request may come by POST. Source: OpenID Connect Core 1.0, section 3.1.2.1. */
export const EnsurePostRequestSucceeds: Module = async (op) => {
  const browser = new Browser(op.url);
  const { url } = await ask(op, await op.client());
  const landed = await browser.post(url.origin + url.pathname, url.searchParams);
  const { back } = await answered(op, { browser, landed });
  expect(back.searchParams.get("code")).toMatch(/^[\w-]{43}$/);
};
