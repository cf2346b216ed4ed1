import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate, secureServer } from "../../support/secure-server.ts";
import type { OpenidWorld } from "../openid-world.ts";
import { post } from "./flow.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const KID = "their-key";
/** Seconds. */
const SOON = 60;

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

/** Clients that sign what they ask with a key of their own. Source: RFC 7523. */
export function assertionTests(here: () => OpenidWorld) {
  const skip = { skip: certificate === undefined, meta: { skipped: "no openssl" } };
  describe("private_key_jwt", skip, () => {
    let theirs: Awaited<ReturnType<typeof secureServer>>;
    let [pair, other]: Array<Pair> = [];
    let asked: Array<string> = [];

    beforeAll(async () => {
      [pair, other] = await Promise.all([generateKeyPair("ES256"), generateKeyPair("ES256")]);
      const jwk = { ...(await exportJWK(pair.publicKey)), kid: KID, alg: "ES256", use: "sig" };
      const keys = JSON.stringify({ keys: [jwk] });
      theirs = await secureServer(({ url = "" }, response) => {
        asked.push(url);
        if (url.startsWith("/hang")) return;
        if (url.startsWith("/elsewhere")) response.writeHead(302, { location: "/keys" }).end();
        else if (url.startsWith("/large")) response.end(keys.padEnd(1_000_000));
        else if (url.startsWith("/broken")) response.writeHead(500).end(keys);
        else response.setHeader("content-type", "application/json").end(keys);
      });
    });
    afterAll(() => theirs.close());

    const machine = (jwksUri = `${theirs.url}/keys`) =>
      here().machine({ tokenEndpointAuthMethod: "private_key_jwt", jwksUri });

    type Signing = { readonly claims?: JWTPayload; readonly alg?: string; readonly key?: unknown };
    const now = () => Math.floor(Date.now() / 1000);

    const assertionOf = (clientId: string, { claims, alg = "ES256", key }: Signing = {}) =>
      new SignJWT({
        iss: clientId,
        sub: clientId,
        aud: here().url,
        jti: crypto.randomUUID(),
        iat: now(),
        exp: now() + SOON,
        ...claims,
      })
        .setProtectedHeader({ alg, kid: KID })
        .sign((key ?? pair?.privateKey) as CryptoKey);

    const tokenBy = (client_assertion: string) =>
      post(here(), "/oauth2/token", {
        grant_type: "client_credentials",
        client_assertion_type: ASSERTION_TYPE,
        client_assertion,
      });

    test("a real client gets its token, and keeps no secret with us", async () => {
      const w = here();
      const { clientId, clientSecret } = await machine();
      expect(clientSecret).toBe("");
      const insecure = { [oauth.allowInsecureRequests]: true };
      const issuer = new URL(w.url);
      const discovered = await oauth.discoveryRequest(issuer, insecure);
      const as = await oauth.processDiscoveryResponse(issuer, discovered);
      const key = { key: pair?.privateKey as CryptoKey, kid: KID };
      const client = { client_id: clientId };
      const response = await oauth.clientCredentialsGrantRequest(
        as,
        client,
        oauth.PrivateKeyJwt(key),
        {},
        insecure,
      );
      const told = await oauth.processClientCredentialsResponse(as, client, response);
      expect(told.access_token).toMatch(/^[\w-]{43}$/);
    });

    test("its keys are asked for once in a while, not each time", async () => {
      const { clientId } = await machine(`${theirs.url}/keys?often`);
      asked = [];
      for (let time = 0; time < 3; time++) {
        expect((await tokenBy(await assertionOf(clientId))).status).toBe(200);
      }
      expect(asked).toEqual(["/keys?often"]);
    });

    test("an assertion counts once", async () => {
      const { clientId } = await machine();
      const assertion = await assertionOf(clientId);
      const all = await Promise.all([1, 2, 3].map(() => tokenBy(assertion)));
      const won = all.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      const again = await tokenBy(assertion);
      expect(again).toMatchObject({ status: 401, json: { error: "invalid_client" } });
    });

    const WRONG: ReadonlyArray<readonly [string, () => Signing]> = [
      ["for another server", () => ({ claims: { aud: "https://other.example" } })],
      ["for others too", () => ({ claims: { aud: [here().url, "https://other.example"] } })],
      ["good for a day", () => ({ claims: { exp: now() + 86_400 } })],
      ["for nobody", () => ({ claims: { aud: [] } })],
      ["of another client", () => ({ claims: { iss: crypto.randomUUID() } })],
      ["about another client", () => ({ claims: { sub: crypto.randomUUID() } })],
      ["that is over", () => ({ claims: { iat: now() - 2 * SOON, exp: now() - SOON } })],
      ["that is not yet valid", () => ({ claims: { nbf: now() + SOON } })],
      ["without an end", () => ({ claims: { exp: undefined as never } })],
      ["without an id", () => ({ claims: { jti: undefined as never } })],
      ["by another key", () => ({ key: other?.privateKey })],
      ["by a secret", () => ({ alg: "HS256", key: new TextEncoder().encode("x".repeat(32)) })],
    ];
    test.each(WRONG)("an assertion %s gets nothing", async (_, signing) => {
      const { clientId } = await machine();
      const heard = await tokenBy(await assertionOf(clientId, signing()));
      expect(heard).toMatchObject({ status: 401, json: { error: "invalid_client" } });
    });

    test("an assertion that nobody signed gets nothing", async () => {
      const { clientId } = await machine();
      const [, payload] = (await assertionOf(clientId)).split(".");
      const header = Buffer.from(JSON.stringify({ alg: "none", kid: KID })).toString("base64url");
      for (const signature of ["", "AAAA"]) {
        const heard = await tokenBy(`${header}.${payload}.${signature}`);
        expect(heard).toMatchObject({ status: 401, json: { error: "invalid_client" } });
      }
    });

    test("an assertion by the public key as a secret gets nothing", async () => {
      const { clientId } = await machine();
      const known = JSON.stringify(await exportJWK((pair as Pair).publicKey));
      const key = new TextEncoder().encode(known);
      const heard = await tokenBy(await assertionOf(clientId, { alg: "HS256", key }));
      expect(heard).toMatchObject({ status: 401, json: { error: "invalid_client" } });
    });

    test("a client that signs has no other way in", async () => {
      const { clientId } = await machine();
      const heard = await post(here(), "/oauth2/token", {
        app: { clientId, clientSecret: "anything" },
        grant_type: "client_credentials",
      });
      expect(heard).toMatchObject({ status: 401, json: { error: "invalid_client" } });
    });

    test.each([
      ["lead elsewhere", () => `${theirs.url}/elsewhere`],
      ["never come", () => `${theirs.url}/hang`],
      ["are too large", () => `${theirs.url}/large`],
      ["come with an error", () => `${theirs.url}/broken`],
      ["are at a private address", () => "https://10.0.0.1/keys"],
      ["are at the host's metadata", () => "https://169.254.169.254/latest/meta-data"],
    ])("keys that %s let nobody in, and the answer says nothing of them", async (_, uriOf) => {
      const { clientId } = await machine(uriOf());
      asked = [];
      const heard = await tokenBy(await assertionOf(clientId));
      expect(heard.status).toBeLessThan(500);
      expect(heard.json).toEqual({
        error: expect.stringMatching(/^invalid_client/),
        error_description: expect.any(String),
      });
      expect(JSON.stringify(heard.json)).not.toMatch(/private|redirect|timed|169|10\.0/);
      expect(asked).not.toContain("/keys");
    });
  });
}
