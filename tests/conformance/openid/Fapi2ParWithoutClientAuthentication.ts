import { expect } from "vitest";
import { post } from "../../api/openid/flow.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import { fapiClient } from "../provider/fapi.ts";
import type { Module } from "../provider/op.ts";

/** Who pushes proves who it is. Source: RFC 9126, section 2. */
export const Fapi2ParWithoutClientAuthentication: Module = async (op) => {
  const { clientId } = await fapiClient(op);
  const request = { client_id: clientId, response_type: "code", redirect_uri: CALLBACK };
  const heard = await post(op, "/oauth2/par", request);
  expect([heard.json.error, heard.status >= 400]).toEqual([expect.any(String), true]);
  expect(heard.json).not.toHaveProperty("request_uri");
};
