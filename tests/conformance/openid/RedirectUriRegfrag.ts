import { expect } from "vitest";
import { CALLBACK } from "../../api/openid-world.ts";
import type { Module } from "../provider/op.ts";

/** An address with a fragment is not registered. Source: RFC 6749, section 3.1.2. */
export const RedirectUriRegfrag: Module = async (op) => {
  const { status, json } = await op.register({ redirect_uris: [`${CALLBACK}#fragment`] });
  expect([status, json["error"]]).toEqual([400, "invalid_redirect_uri"]);
};
