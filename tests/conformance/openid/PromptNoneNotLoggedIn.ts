import { expect } from "vitest";
import { awayOf, Browser } from "../../api/openid/browser.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * Without a page nobody can sign in: login_required.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.6.
 */
export const PromptNoneNotLoggedIn: Module = async (op) => {
  const { url, checks } = await ask(op, await op.client(), { prompt: "none" });
  const { searchParams } = awayOf(await new Browser(op.url).open(url));
  expect(searchParams.get("error")).toBe("login_required");
  expect(searchParams.get("state")).toBe(checks.expectedState);
};
