import { createHmac, createPublicKey } from "node:crypto";
import * as Effect from "effect/Effect";
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from "jose";
import { expect, test } from "vitest";
import { type Ledger, Ledgers } from "../../../adapters/ports/ledger.ts";
import type { OpenidWorld } from "../openid-world.ts";
import { Browser, pageOf } from "./browser.ts";
import { begin, configOf, post, tokensOf } from "./flow.ts";

type Jwk = { readonly kid: string; readonly alg: string };

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function attackTests(here: () => OpenidWorld) {
  const claims = (more: Record<string, unknown> = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const { url: iss } = here();
    const times = { iat: now, exp: now + 600 };
    return {
      iss,
      aud: iss,
      sub: "robot",
      client_id: "robot",
      scope: "users:read",
      ...times,
      ...more,
    };
  };
  const published = async (): Promise<ReadonlyArray<Jwk>> =>
    (await (await fetch(`${here().url}/oauth2/jwks`)).json()).keys;
  const tried = (token: string) =>
    here().ask("GET", "/v1/users", { headers: { authorization: `Bearer ${token}` } });

  test("alg none, HS256 with a public key, and keys that a token brings itself", async () => {
    const w = here();
    const machine = await w.machine({ scopes: ["users:read"] });
    const [known] = (await published()).filter(({ alg }) => alg === "RS256");
    const own = await generateKeyPair("ES256", { extractable: true });
    const payload = claims({ sub: machine.clientId, client_id: machine.clientId });
    const signed = (header: Partial<JWTHeaderParameters>) =>
      new SignJWT(payload)
        .setProtectedHeader({ typ: "at+jwt", alg: "ES256", ...header })
        .sign(own.privateKey);
    const unsigned = (alg: string) => `${encoded({ alg, typ: "at+jwt" })}.${encoded(payload)}.`;
    const hmac = () => {
      const key = createPublicKey({ key: known as never, format: "jwk" });
      const head = encoded({ alg: "HS256", typ: "at+jwt", kid: known?.kid });
      const pem = key.export({ type: "spki", format: "pem" });
      const body = `${head}.${encoded(payload)}`;
      return `${body}.${createHmac("sha256", pem).update(body).digest("base64url")}`;
    };
    const jwk = await exportJWK(own.publicKey);
    const forged = [
      unsigned("none"),
      unsigned("None"),
      hmac(),
      await signed({ kid: known?.kid ?? "" }),
      await signed({ kid: "../../../../dev/null" }),
      await signed({ kid: "' OR 1=1 --" }),
      await signed({ jku: "https://evil.example.org/jwks" }),
      await signed({ x5u: "https://evil.example.org/cert" }),
      await signed({ jwk }),
      await signed({}),
    ];
    const watcher = await w.machine();
    for (const token of forged) {
      expect((await tried(token)).status).toBe(401);
      const asked = await post(w, "/oauth2/introspect", { app: watcher, token });
      expect(asked.json).toEqual({ active: false });
    }
  });

  test("a right signature over something else is no access token either", async () => {
    const w = here();
    const app = await w.web({ scopes: ["users:read"], skipConsent: true });
    const { tokens } = await tokensOf(w, app, { person: w.owner });
    const [head = "", body = "", signature = ""] = (tokens.id_token ?? "").split(".");
    const swapped = { ...JSON.parse(Buffer.from(body, "base64url").toString()), ...claims() };
    for (const token of [
      `${head}.${encoded(swapped)}.${signature}`,
      `${encoded({ alg: "RS256", typ: "at+jwt" })}.${body}.${signature}`,
    ]) {
      expect((await tried(token)).status).toBe(401);
    }
  });

  test("a link to what another browser began lets nobody in, and nobody out of it", async () => {
    const w = here();
    const [app, ada] = [await w.web(), await w.person("ada")];
    // The attacker begins, and sends the victim where the attacker's browser was sent.
    const attacker = new Browser(w.url);
    const begun = await begin(await configOf(w, app));
    const page = pageOf(await attacker.open(begun.url));
    const waiting = new URL(page.url).searchParams.get("redirectTo") ?? "";
    const victim = new Browser(w.url, ada.cookie);
    const seen = pageOf(await victim.open(new URL(waiting, w.url)));
    expect(seen.status).toBe(400);
    expect(seen.html).toContain("begun in another browser");
    const id = waiting.split("/").at(-1) ?? "";
    const decided = await w.ask("POST", `/v1/interactions/${id}`, {
      cookie: ada.cookie,
      body: { allow: true },
    });
    expect(decided.status).toBe(404);
    const still = pageOf(await attacker.open(new URL(waiting, w.url)));
    expect(new URL(still.url).pathname).toBe("/sign-in");
  });

  test("no token, code or secret is in an event, a log line or an error", async () => {
    const w = here();
    const secrets = new Set<string>();
    const app = await w.web();
    secrets.add(app.clientSecret);
    const ada = await w.person("ada");
    const { back, begun, tokens } = await tokensOf(w, app, {
      person: ada,
      scope: "openid offline_access",
      prompt: "consent",
      login_hint: "canary-hint@example.org",
    });
    for (const value of [
      back.searchParams.get("code"),
      begun.checks.pkceCodeVerifier,
      tokens.access_token,
      tokens.refresh_token,
      tokens.id_token,
      "canary-hint@example.org",
    ]) {
      secrets.add(String(value));
    }
    const refused = await post(w, "/oauth2/token", {
      app,
      grant_type: "authorization_code",
      code: String(back.searchParams.get("code")),
      redirect_uri: "https://app.example.org/callback",
      code_verifier: begun.checks.pkceCodeVerifier,
    });
    const all = await w.run(
      Effect.gen(function* () {
        const { identity, activity } = yield* Ledgers;
        return JSON.stringify([yield* every(identity), yield* every(activity)]);
      }),
    );
    const said = [all, JSON.stringify(w.lines), JSON.stringify(refused.json)].join("\n");
    for (const secret of secrets) expect(said.includes(secret), secret.slice(0, 8)).toBe(false);
  });
}

const every = (ledger: Ledger) =>
  Effect.gen(function* () {
    const { position } = yield* ledger.head;
    const found = [];
    for (let from = 1; from <= position; ) {
      const batch = yield* ledger.read({ from });
      found.push(...batch);
      from = (batch.at(-1)?.position ?? position) + 1;
    }
    return found;
  });
