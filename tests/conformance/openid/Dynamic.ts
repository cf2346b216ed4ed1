import { expect } from "vitest";
import { CALLBACK } from "../../api/openid-world.ts";
import { flow, metadataOf } from "../provider/flow.ts";
import type { Module } from "../provider/op.ts";

/**
 * A client registers itself, is known by it, and reads what is registered.
 *
 * Source: RFC 7591, section 3; RFC 7592, section 2.1.
 */
export const Dynamic: Module = async (op) => {
  expect((await metadataOf(op)).registration_endpoint).toBe(`${op.url}/oauth2/register`);
  const { status, json } = await op.register({ redirect_uris: [CALLBACK], client_name: "Shop" });
  expect(status).toBe(201);
  const { client_id: clientId, client_secret: clientSecret, ...told } = json;
  const client = { clientId: String(clientId), clientSecret: String(clientSecret) };
  expect((await flow(op, { client })).claims.sub).toBe(op.account.sub);
  const read = await fetch(String(told["registration_client_uri"]), {
    headers: { authorization: `Bearer ${told["registration_access_token"]}` },
  });
  expect(await read.json()).toMatchObject({ client_id: clientId, client_name: "Shop" });
};
