import { createHash } from "node:crypto";
import { expect } from "vitest";
import { CALLBACK } from "../../api/openid-world.ts";
import { ask, flow } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * The answer may come back as a form, which the page is allowed to send.
 *
 * Source: OAuth 2.0 Form Post Response Mode, section 2.
 */
export const FormPost: Module = async (op) => {
  const { client, browser } = await flow(op);
  const { url } = await ask(op, client, { response_mode: "form_post" });
  const cookie = browser.cookiesFor(url.href);
  const response = await fetch(url, { headers: { cookie } });
  const html = await response.text();
  expect(html).toContain(`action="${CALLBACK}"`);
  expect(html).toMatch(/name="code" value="[\w-]{43}"/);
  // The engine alone sends no policy; ours lets this one script run.
  const policy = response.headers.get("content-security-policy") ?? "script-src 'unsafe-inline'";
  const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  expect(policy).toMatch(new RegExp(`script-src (?:'unsafe-inline'|'sha256-${escaped(hash)}')`));
};

const escaped = (text: string) => text.replaceAll(/[+/]/g, "\\$&");
