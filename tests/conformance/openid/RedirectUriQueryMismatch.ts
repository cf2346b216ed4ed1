import { expect } from "vitest";
import { Browser, pageOf } from "../../api/openid/browser.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** Another query is another address. Source: RFC 9700, section 2.1. */
export const RedirectUriQueryMismatch: Module = async (op) => {
  const app = await op.client({ redirect_uris: [`${CALLBACK}?foo=bar`] });
  const { url } = await ask(op, app, { redirect_uri: `${CALLBACK}?foo=other` });
  expect(pageOf(await new Browser(op.url).open(url)).status).toBe(400);
};
