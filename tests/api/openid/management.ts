import { expect, test } from "vitest";
import type { OpenidWorld } from "../openid-world.ts";
import { configOf, post } from "./flow.ts";
import { SHOP, selfRegistration } from "./self-registration.ts";

export function managementTests(here: () => OpenidWorld) {
  const { tell, registered, eventsOf } = selfRegistration(here);

  test("a client reads what it is, and says anew what it is, whole, as itself", async () => {
    const w = here();
    const first = await registered({ ...SHOP, logo_uri: "https://app.example.org/logo.svg" });
    const { client_id: id, registration_access_token: token, client_secret: secret } = first;
    const path = `/oauth2/register/${id}`;
    const read = await tell("GET", path, { token });
    const { client_secret: _, client_secret_expires_at: __, ...shown } = first;
    expect([read.status, read.json]).toEqual([200, shown]);
    const body = { ...SHOP, client_id: id, client_name: "Market", client_secret: secret };
    const revised = await tell("PUT", path, { token, body });
    expect(revised.status, JSON.stringify(revised.json)).toBe(200);
    expect(revised.json).toMatchObject({ client_id: id, client_name: "Market" });
    expect(revised.json).not.toHaveProperty("logo_uri");
    expect(revised.json).not.toHaveProperty("client_secret");
    const events = await eventsOf(`client-${id}`);
    expect(events.at(-1)).toMatchObject({
      type: "ClientRevised",
      meta: { actor: `client:${id}` },
    });
    const app = { clientId: id, clientSecret: secret };
    expect((await configOf(w, app)).clientMetadata().client_id).toBe(id);
  });

  test("its token is another after a revision; the one before ends with its use", async () => {
    const { client_id: id, registration_access_token: first } = await registered();
    const path = `/oauth2/register/${id}`;
    const body = { ...SHOP, client_id: id };
    // The answer to this one is lost.
    expect((await tell("PUT", path, { token: first, body })).status).toBe(200);
    const again = await tell("PUT", path, { token: first, body });
    expect(again.status).toBe(200);
    const second = again.json.registration_access_token;
    expect(second).not.toBe(first);
    expect((await tell("GET", path, { token: second })).status).toBe(200);
    expect((await tell("GET", path, { token: first })).status).toBe(401);
  });

  test("whoever begins to keep a secret is given one, and whoever ends keeps none", async () => {
    const w = here();
    const keys = {
      jwks_uri: "https://a.example/jwks",
      token_endpoint_auth_method: "private_key_jwt",
    };
    const told = await registered({ ...SHOP, ...keys });
    const path = `/oauth2/register/${told.client_id}`;
    const body = { ...SHOP, client_id: told.client_id };
    const changed = await tell("PUT", path, { token: told.registration_access_token, body });
    expect(changed.json).toMatchObject({
      client_secret: expect.stringMatching(/^als_/),
      client_secret_expires_at: 0,
    });
    const { registration_access_token: token } = changed.json;
    const back = await tell("PUT", path, { token, body: { ...body, ...keys } });
    expect(back.json).not.toHaveProperty("client_secret");
    const { json } = await w.ask("GET", `/v1/clients/${told.client_id}`, w.owner);
    expect(json.client.secrets).toEqual([]);
  });

  test("nobody manages another, nor says what only the server says", async () => {
    const [one, other] = [await registered(), await registered()];
    const path = `/oauth2/register/${one.client_id}`;
    const body = { ...SHOP, client_id: one.client_id };
    for (const method of ["GET", "PUT", "DELETE"]) {
      const given = method === "PUT" ? { body } : {};
      for (const token of [undefined, "x", other.registration_access_token, one.client_secret]) {
        const auth = token === undefined ? {} : { token };
        const heard = await tell(method, path, { ...given, ...auth });
        expect([heard.status, heard.json.error]).toEqual([401, "invalid_token"]);
      }
      const nowhere = `/oauth2/register/${crypto.randomUUID()}`;
      const unknown = { ...given, token: one.registration_access_token };
      expect((await tell(method, nowhere, unknown)).status).toBe(401);
    }
    const token = one.registration_access_token;
    for (const [wrong, error] of [
      [{ client_id: other.client_id }, "invalid_client_metadata"],
      [{ client_id: undefined }, "invalid_client_metadata"],
      [{ client_secret: other.client_secret }, "invalid_client_metadata"],
      [{ registration_access_token: token }, "invalid_request"],
      [{ client_id_issued_at: 1 }, "invalid_request"],
      [{ redirect_uris: ["https://*.example/"] }, "invalid_redirect_uri"],
      [{ application_type: "native" }, "invalid_client_metadata"],
    ] as const) {
      const heard = await tell("PUT", path, { token, body: { ...body, ...wrong } });
      expect([heard.status, heard.json.error], JSON.stringify(wrong)).toEqual([400, error]);
    }
    expect((await tell("GET", path, { token })).status).toBe(200);
  });

  test("what an architect came to trust is no longer its own to change", async () => {
    const w = here();
    const told = await registered();
    const { client_id: id, registration_access_token: token } = told;
    const trust = { cookie: w.owner.cookie, body: { skipConsent: true } };
    expect((await w.ask("PATCH", `/v1/clients/${id}`, trust)).status).toBe(200);
    const body = { client_id: id, client_name: "Shop", redirect_uris: ["https://evil.example/cb"] };
    const heard = await tell("PUT", `/oauth2/register/${id}`, { token, body });
    expect([heard.status, heard.json.error]).toEqual([403, "access_denied"]);
  });

  test("one that is disabled manages nothing, and one that is removed is gone", async () => {
    const w = here();
    const told = await registered();
    const { client_id: id, registration_access_token: token } = told;
    const path = `/oauth2/register/${id}`;
    const switched = (disabled: boolean) =>
      w.ask("PATCH", `/v1/clients/${id}`, { cookie: w.owner.cookie, body: { disabled } });
    await switched(true);
    expect((await tell("GET", path, { token })).status).toBe(403);
    await switched(false);
    expect((await tell("DELETE", path, { token })).status).toBe(204);
    expect((await tell("GET", path, { token })).status).toBe(401);
    expect((await tell("DELETE", path, { token })).status).toBe(401);
    const app = { clientId: id, clientSecret: told.client_secret };
    const asked = await post(w, "/oauth2/token", { app, grant_type: "client_credentials" });
    expect(asked.json.error).toBe("invalid_client");
  });
}
