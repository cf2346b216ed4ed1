import { decodeJwt } from "jose";
import * as openid from "openid-client";
import { expect, test } from "vitest";
import { CALLBACK, type OpenidWorld } from "../openid-world.ts";
import { Browser } from "./browser.ts";
import { begin, configOf, post, throughPages } from "./flow.ts";

export function proofTests(here: () => OpenidWorld) {
  test("a pushed request is used once, and says what was pushed (RFC 9126)", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    const config = await configOf(w, app);
    const begun = await begin(config, {});
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, begun.url.searchParams);
    expect(pushed.searchParams.get("request_uri")).toMatch(/^urn:ietf:params:oauth:request_uri:/);
    expect(pushed.searchParams.has("redirect_uri")).toBe(false);
    const browser = new Browser(w.url, ada.cookie);
    const back = await throughPages(browser, await browser.open(pushed));
    const tokens = await openid.authorizationCodeGrant(config, back, begun.checks);
    expect(tokens.claims()?.sub).toBe(ada.id);
    const again = await browser.open(pushed);
    const said = "away" in again ? again.away.searchParams.get("error") : "invalid_request_uri";
    expect(said).toBe("invalid_request_uri");
  });

  test("a token bound to a key is refused without its proof (RFC 9449)", async () => {
    const w = here();
    const ada = await w.person("ada");
    const app = await w.app({ type: "spa", redirectUris: [CALLBACK] });
    const config = await configOf(w, app);
    const pair = await openid.randomDPoPKeyPair("ES256");
    const DPoP = openid.getDPoPHandle(config, pair);
    const begun = await begin(config, { scope: "openid offline_access", prompt: "consent" });
    const browser = new Browser(w.url, ada.cookie);
    const back = await throughPages(browser, await browser.open(begun.url));
    const tokens = await openid.authorizationCodeGrant(config, back, begun.checks, {}, { DPoP });
    expect(tokens.token_type).toBe("dpop");
    const info = await openid.fetchUserInfo(config, tokens.access_token, ada.id, { DPoP });
    expect(info.sub).toBe(ada.id);
    const bare = await fetch(`${w.url}/oauth2/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(bare.status).toBe(401);
    // Bound to a key, a refresh token needs no rotation, and no other key will do.
    const refresh_token = String(tokens.refresh_token);
    const again = await openid.refreshTokenGrant(config, refresh_token, {}, { DPoP });
    expect(again.refresh_token).toBe(refresh_token);
    const other = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair("ES256"));
    await expect(
      openid.refreshTokenGrant(config, refresh_token, {}, { DPoP: other }),
    ).rejects.toMatchObject({ error: "invalid_grant" });
  });

  test("a proof is used once, at its own address, and never with another algorithm", async () => {
    const w = here();
    const [machine, audience] = [await w.machine(), await w.orders()];
    const proofs: string[] = [];
    const config = await configOf(w, machine);
    config[openid.customFetch] = (url, options) => {
      const proof = (options.headers as Record<string, string>)["dpop"];
      if (proof !== undefined) proofs.push(proof);
      return fetch(url, options as RequestInit);
    };
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair("ES256"));
    const asked = { resource: audience, scope: "orders:read" };
    const tokens = await openid.clientCredentialsGrant(config, asked, { DPoP });
    expect(decodeJwt(tokens.access_token)["cnf"]).toMatchObject({ jkt: expect.any(String) });
    const [proof = ""] = proofs.slice(-1);
    const replay = { app: machine, headers: { dpop: proof }, grant_type: "client_credentials" };
    const replayed = await post(w, "/oauth2/token", replay);
    expect(replayed).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    const elsewhere = await post(w, "/oauth2/par", { ...replay, response_type: "code" });
    expect(elsewhere.status).toBe(400);
    const none = `${btoa('{"alg":"none","typ":"dpop+jwt"}').replaceAll("=", "")}.e30.`;
    const unsigned = await post(w, "/oauth2/token", { ...replay, headers: { dpop: none } });
    expect(unsigned.json.error).toBe("invalid_dpop_proof");
  });
}
