import { expect } from "vitest";
import { Browser, pageOf } from "../../api/openid/browser.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * An OpenID request says where its answer goes.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1.
 */
export const EnsureRedirectUriInAuthorizationRequest: Module = async (op) => {
  const app = await op.client({ redirect_uris: [CALLBACK, `${CALLBACK}/other`] });
  const { url } = await ask(op, app);
  url.searchParams.delete("redirect_uri");
  expect(pageOf(await new Browser(op.url).open(url)).status).toBe(400);
};
