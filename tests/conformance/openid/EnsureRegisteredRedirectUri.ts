import { expect } from "vitest";
import { Browser, pageOf } from "../../api/openid/browser.ts";
import { ask } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/** Nobody is sent to an address that is not registered. Source: RFC 9700, section 2.1. */
export const EnsureRegisteredRedirectUri: Module = async (op) => {
  const { url } = await ask(op, await op.client(), { redirect_uri: "https://rp.example.net/cb" });
  const page = pageOf(await new Browser(op.url).open(url));
  expect(page.status).toBe(400);
};
