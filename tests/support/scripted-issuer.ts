import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";

type Claims = Readonly<Record<string, unknown>>;

/** How an answer differs from what a good issuer gives. */
export type Script = {
  readonly sub: string;
  readonly claims?: Claims;
  /** What userinfo tells; without it there is no such endpoint to ask. */
  readonly userinfo?: Claims;
  /** In place of what was asked with. */
  readonly nonce?: string;
  readonly iss?: string;
  readonly aud?: string;
  readonly expiresInS?: number;
  /** How the ID token is signed, if as it should not be. */
  readonly forged?: "none" | "HS256" | "other-key";
};

const CLIENT = { id: "authledger", secret: "the-secret-of-the-client" };

/**
 * An OpenID Connect issuer that answers what a test says, right or wrong. It checks what it is
 * asked as an issuer does: client, code, redirect URI and PKCE.
 */
export async function scriptedIssuer() {
  const [own, other] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
  const jwk = { ...(await exportJWK(own.publicKey)), kid: "1", alg: "RS256", use: "sig" };
  const codes = new Map<string, { readonly asked: URLSearchParams; readonly script: Script }>();
  let [discovered, down] = [0, false];
  let script: Script = { sub: "1" };

  const idToken = async (asked: URLSearchParams, { forged, ...said }: Script) => {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: said.iss ?? url,
      aud: said.aud ?? CLIENT.id,
      sub: said.sub,
      iat: now,
      exp: now + (said.expiresInS ?? 300),
      nonce: said.nonce ?? asked.get("nonce"),
      auth_time: now,
      ...said.claims,
    };
    if (forged === "none") return new UnsecuredJWT(payload).encode();
    const signed = (alg: string) => new SignJWT(payload).setProtectedHeader({ alg, kid: "1" });
    // The classic confusion: what everybody knows, taken for a secret.
    if (forged === "HS256") return signed("HS256").sign(Buffer.from(JSON.stringify(jwk)));
    return signed("RS256").sign(forged === "other-key" ? other.privateKey : own.privateKey);
  };

  const token = async (authorization: string | undefined, form: URLSearchParams) => {
    // RFC 6749, section 2.3.1: each half is form-encoded.
    const [, encoded = ""] = (authorization ?? "").split(" ");
    const pair = decodeURIComponent(Buffer.from(encoded, "base64").toString());
    if (pair !== `${CLIENT.id}:${CLIENT.secret}`)
      return { status: 401, body: { error: "invalid_client" } };
    const kept = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "");
    const isGood =
      kept?.asked.get("code_challenge") === challenge.digest("base64url") &&
      kept.asked.get("redirect_uri") === form.get("redirect_uri");
    if (kept === undefined || !isGood) return { status: 400, body: { error: "invalid_grant" } };
    const id_token = await idToken(kept.asked, kept.script);
    const body = { access_token: "a", token_type: "Bearer", expires_in: 60, id_token };
    return { status: 200, body };
  };

  const server = createServer(async (incoming, outgoing) => {
    const chunks: Array<Buffer> = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const send = (status: number, body: unknown) => {
      outgoing.writeHead(status, { "content-type": "application/json" });
      outgoing.end(JSON.stringify(body));
    };
    if (down) return send(500, {});
    switch (incoming.url) {
      case "/.well-known/openid-configuration":
        discovered++;
        return send(200, {
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          jwks_uri: `${url}/jwks`,
          userinfo_endpoint: `${url}/userinfo`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
          authorization_response_iss_parameter_supported: true,
          code_challenge_methods_supported: ["S256"],
        });
      case "/jwks":
        return send(200, { keys: [jwk] });
      case "/token": {
        const { status, body } = await token(incoming.headers.authorization, form);
        return send(status, body);
      }
      case "/userinfo":
        return send(200, { sub: script.sub, ...script.userinfo });
      default:
        return send(404, {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    client: CLIENT,
    discovered: () => discovered,
    /** From now on it answers nothing that could be used. */
    fail: (is: boolean) => {
      down = is;
    },
    /** What the browser would bring back from the address that it was led to. */
    back: (leadTo: URL, said: Script): URLSearchParams => {
      script = said;
      const code = crypto.randomUUID();
      codes.set(code, { asked: leadTo.searchParams, script: said });
      const state = leadTo.searchParams.get("state") ?? "";
      return new URLSearchParams({ code, state, iss: url });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type ScriptedIssuer = Awaited<ReturnType<typeof scriptedIssuer>>;
