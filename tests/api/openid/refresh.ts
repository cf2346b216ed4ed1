import * as openid from "openid-client";
import { expect, test } from "vitest";
import { CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { Browser } from "./browser.ts";
import { activityOf, type Person, post, tokensOf } from "./flow.ts";

const OFFLINE = { scope: "openid offline_access", prompt: "consent" };

export function refreshTests(here: () => OpenidWorld) {
  const spa = () => here().app({ type: "spa", redirectUris: [CALLBACK] });
  const lineOf = async (person: Person) => {
    const w = here();
    const app = await spa();
    const { tokens } = await tokensOf(w, app, { person, ...OFFLINE });
    return { app, first: String(tokens.refresh_token) };
  };
  const refresh = (app: Awaited<ReturnType<typeof spa>>, refresh_token: string) =>
    post(here(), "/oauth2/token", { app, grant_type: "refresh_token", refresh_token });

  test("a line is opened on record, and each token of a public client is used once", async () => {
    const w = here();
    const ada = await w.person("ada");
    const { app, first } = await lineOf(ada);
    const opened = await w.ask("GET", "/v1/ledger/events?type=RefreshFamilyOpened&limit=200", {
      cookie: w.owner.cookie,
    });
    expect(opened.json.items).toContainEqual(
      expect.objectContaining({
        data: expect.objectContaining({ userId: ada.id, clientId: app.clientId }),
      }),
    );
    const second = (await refresh(app, first)).json.refresh_token;
    expect(second).not.toBe(first);
    const third = (await refresh(app, second)).json.refresh_token;
    expect(third).not.toBe(second);
    const rotated = await activityOf(w, "RefreshTokenRotated");
    expect(rotated.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        { clientId: app.clientId, rotations: 1 },
        { clientId: app.clientId, rotations: 2 },
      ]),
    );
  });

  test("an answer that was lost is asked for again: the same successor", async () => {
    const w = here();
    const { app, first } = await lineOf(await w.person("ada"));
    const [one, other] = await Promise.all([refresh(app, first), refresh(app, first)]);
    const again = await refresh(app, first);
    expect(one.status).toBe(200);
    expect(other.json.refresh_token).toBe(one.json.refresh_token);
    expect(again.json.refresh_token).toBe(one.json.refresh_token);
    expect((await refresh(app, one.json.refresh_token)).status).toBe(200);
  });

  test("a token that was replaced is theft once its successor was used", async () => {
    const w = here();
    const { app, first } = await lineOf(await w.person("ada"));
    const second = (await refresh(app, first)).json.refresh_token;
    const third = (await refresh(app, second)).json.refresh_token;
    expect(await refresh(app, first)).toMatchObject({
      status: 400,
      json: { error: "invalid_grant" },
    });
    expect((await refresh(app, third)).json.error).toBe("invalid_grant");
    const told = await w.ask("GET", "/v1/ledger/events?type=RefreshTokenReuseDetected", {
      cookie: w.owner.cookie,
    });
    expect(told.json.items.length).toBeGreaterThan(0);
  });

  test("a token that was replaced is theft after ten seconds", async () => {
    const w = here();
    const { app, first } = await lineOf(await w.person("ada"));
    const second = (await refresh(app, first)).json.refresh_token;
    w.forward(10_001);
    expect((await refresh(app, first)).json.error).toBe("invalid_grant");
    expect((await refresh(app, second)).json.error).toBe("invalid_grant");
  });

  test("a confidential client keeps its token, and nobody uses it without its secret", async () => {
    const w = here();
    const [app, other] = [await w.web(), await w.web()];
    const { tokens } = await tokensOf(w, app, { person: await w.person("ada"), ...OFFLINE });
    const refresh_token = String(tokens.refresh_token);
    const asked = { grant_type: "refresh_token", refresh_token };
    const kept = await post(w, "/oauth2/token", { app, ...asked });
    expect(kept.json.refresh_token).toBe(refresh_token);
    const without = await post(w, "/oauth2/token", { client_id: app.clientId, ...asked });
    expect(without).toMatchObject({ status: 401, json: { error: "invalid_client" } });
    const foreign = await post(w, "/oauth2/token", { app: other, ...asked });
    expect(foreign).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    // What a stranger tried took nothing from whose it is.
    expect((await post(w, "/oauth2/token", { app, ...asked })).status).toBe(200);
  });

  test("a block ends it, and so does an erasure", async () => {
    const w = here();
    for (const [method, path, body] of [
      ["POST", "/block", { reason: "asked by the police" }],
      ["DELETE", "", undefined],
    ] as const) {
      const ada = await w.person("ada");
      const { app, first } = await lineOf(ada);
      const done = await w.ask(method, `/v1/users/${ada.id}${path}`, {
        cookie: w.owner.cookie,
        body,
      });
      expect(done.status).toBeLessThan(300);
      expect((await refresh(app, first)).json.error).toBe("invalid_grant");
    }
  });

  test("what was asked for without offline_access ends with the session", async () => {
    const w = here();
    const [app, audience] = [await w.web(), await w.orders()];
    const ada = await w.person("ada");
    const asked = { person: ada, scope: "orders:read", resource: audience };
    const { tokens } = await tokensOf(w, app, asked);
    const refresh_token = String(tokens.refresh_token);
    const again = { app, grant_type: "refresh_token", refresh_token };
    const kept = await post(w, "/oauth2/token", again);
    expect(kept.status).toBe(200);
    const token = kept.json.access_token;
    expect((await post(w, "/oauth2/introspect", { app, token })).json.active).toBe(true);
    await w.ask("POST", "/v1/sign-out", { cookie: ada.cookie });
    expect((await post(w, "/oauth2/token", again)).json.error).toBe("invalid_grant");
    expect((await post(w, "/oauth2/introspect", { app, token })).json).toEqual({ active: false });
  });

  test("given back, a refresh token is worth nothing, nor what came with it", async () => {
    const w = here();
    const app = await w.web();
    const { config, tokens } = await tokensOf(w, app, {
      person: await w.person("ada"),
      ...OFFLINE,
    });
    await openid.tokenRevocation(config, String(tokens.refresh_token));
    const refresh_token = String(tokens.refresh_token);
    const again = { app, grant_type: "refresh_token", refresh_token };
    expect((await post(w, "/oauth2/token", again)).json.error).toBe("invalid_grant");
    const asked = { app, token: tokens.access_token };
    expect((await post(w, "/oauth2/introspect", asked)).json).toEqual({ active: false });
  });

  test("a refresh narrows scopes and never widens them", async () => {
    const w = here();
    const [app, audience] = [await w.web(), await w.orders()];
    const asked = { person: await w.person("ada"), scope: "orders:read orders:write" };
    const { tokens } = await tokensOf(w, app, { ...asked, resource: audience });
    const again = {
      app,
      grant_type: "refresh_token",
      refresh_token: String(tokens.refresh_token),
    };
    const narrow = await post(w, "/oauth2/token", { ...again, scope: "orders:read" });
    expect(narrow.json.scope).toBe("orders:read");
    const wide = await post(w, "/oauth2/token", { ...again, scope: "orders:read admin" });
    expect(wide).toMatchObject({ status: 400, json: { error: "invalid_scope" } });
    const other = await w.orders();
    const elsewhere = await post(w, "/oauth2/token", { ...again, resource: other });
    expect(elsewhere).toMatchObject({ status: 400, json: { error: "invalid_target" } });
  });

  test("the end of a line never moves", async () => {
    const w = here();
    const app = await w.app({
      type: "spa",
      redirectUris: [CALLBACK],
      lifetimes: { refreshToken: 3_600 },
    });
    const browser = new Browser(w.url, (await w.person("ada")).cookie);
    const { tokens } = await tokensOf(w, app, { browser, ...OFFLINE });
    const second = (await refresh(app, String(tokens.refresh_token))).json.refresh_token;
    w.forward(3_601_000);
    expect((await refresh(app, second)).json.error).toBe("invalid_grant");
  });
}
