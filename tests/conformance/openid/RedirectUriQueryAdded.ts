import { expect } from "vitest";
import { Browser, pageOf } from "../../api/openid/browser.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** A registered address with a query behind it is another. Source: RFC 9700, section 2.1. */
export const RedirectUriQueryAdded: Module = async (op) => {
  const app = await op.client({ redirect_uris: [CALLBACK] });
  const { url } = await ask(op, app, { redirect_uri: `${CALLBACK}?foo=bar` });
  expect(pageOf(await new Browser(op.url).open(url)).status).toBe(400);
};
