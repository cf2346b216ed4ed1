import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import * as openid from "openid-client";
import { expect } from "vitest";
import { Browser } from "../../api/openid/browser.ts";
import { CALLBACK } from "../../api/openid-world.ts";
import { answered, type Params } from "./flow.ts";
import type { Op } from "./op.ts";

const KID = "a-key-of-the-client";
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** How long a proof or an assertion lasts, in seconds. */
const LASTS = 60;

export type FapiClient = Awaited<ReturnType<typeof fapiClient>>;

/**
 * A client as the profile wants it: it signs who it is, pushes what it asks, and binds its tokens.
 *
 * Source: FAPI 2.0 Security Profile, section 5.3.3.
 */
export async function fapiClient(op: Op) {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(publicKey)), kid: KID, alg: "ES256", use: "sig" };
  const { clientId } = await op.client({
    token_endpoint_auth_method: "private_key_jwt",
    jwks: { keys: [jwk] },
  });
  const proves = openid.PrivateKeyJwt({ key: privateKey, kid: KID });
  const config = await openid.discovery(new URL(op.url), clientId, undefined, proves, {
    execute: [openid.allowInsecureRequests],
  });
  const keys = await openid.randomDPoPKeyPair("ES256");
  const DPoP = openid.getDPoPHandle(config, keys);
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();

  /** Pushes a request; answers the address to open. */
  const push = async (params: Params = {}) =>
    openid.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: CALLBACK,
      scope: "openid",
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      ...params,
    });
  const checks = { pkceCodeVerifier: verifier, expectedState: state };
  /** Signs in where an address leads, until it comes back. */
  const signIn = async (url: URL, browser = new Browser(op.url)) =>
    (await answered(op, { browser, landed: await browser.open(url) })).back;
  /** What a client says of itself at the token endpoint, signed; some of it may be wrong. */
  const assertion = async (claims: Readonly<Record<string, unknown>> = {}) => ({
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await new SignJWT({
      iss: clientId,
      sub: clientId,
      aud: op.url,
      jti: crypto.randomUUID(),
      iat: now(),
      exp: now() + LASTS,
      ...claims,
    })
      .setProtectedHeader({ alg: "ES256", kid: KID })
      .sign(privateKey),
  });
  return { clientId, config, keys, DPoP, verifier, state, push, checks, signIn, assertion };
}

/** A whole flow; answers its tokens, which are bound to the client's key. */
export async function fapiFlow(client: FapiClient, params: Params = {}) {
  const back = await client.signIn(await client.push(params));
  const { config, checks, DPoP } = client;
  const tokens = await openid.authorizationCodeGrant(config, back, checks, {}, { DPoP });
  expect(tokens.token_type).toBe("dpop");
  return { back, tokens };
}

/** A proof of possession for the token endpoint, right but for what is given. */
export async function proof(op: Op, { keys }: FapiClient, wrong: Wrong = {}): Promise<string> {
  const { claims, header } = wrong;
  return new SignJWT({
    jti: crypto.randomUUID(),
    htm: "POST",
    htu: `${op.url}/oauth2/token`,
    iat: now(),
    ...claims,
  })
    .setProtectedHeader({
      alg: "ES256",
      typ: "dpop+jwt",
      jwk: await exportJWK(keys.publicKey),
      ...header,
    })
    .sign((wrong.key ?? keys.privateKey) as CryptoKey);
}

export type Wrong = {
  readonly claims?: JWTPayload;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: unknown;
};

export const now = (): number => Math.floor(Date.now() / 1000);
