import { expect } from "vitest";
import { Browser } from "../../api/openid/browser.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import { answered, ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A registered query is kept, and the answer added to it. Source: RFC 6749, section 3.1.2. */
export const RedirectUriQueryOk: Module = async (op) => {
  const redirect_uri = `${CALLBACK}?foo=bar`;
  const app = await op.client({ redirect_uris: [redirect_uri] });
  const browser = new Browser(op.url);
  const { url } = await ask(op, app, { redirect_uri });
  const { back } = await answered(op, { browser, landed: await browser.open(url) });
  expect(back.searchParams.get("foo")).toBe("bar");
  expect(back.searchParams.get("code")).toMatch(/^[\w-]{43}$/);
};
