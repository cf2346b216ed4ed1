import { createRemoteJWKSet, jwtVerify } from "jose";
import type { JsonObject } from "../../domain/json.ts";
import { type Narrator, pick, send, TourFailed } from "./narration.ts";
import type { Answered, Visitor } from "./visitor.ts";

type Stage = { readonly base: string; readonly tell: Narrator; readonly ada: Visitor };

const AUDIENCE = "https://orders.example.com";

/** A machine gets a token for an API; then the keys rotate, and it still verifies. */
export async function tokenSteps({ base, tell, ada }: Stage): Promise<void> {
  await tell.step(
    "An application gets a token for an API: a JWT that names who, for what, how long",
  );
  const api = await send(ada, 201, "POST", "/v1/resource-servers", {
    audience: AUDIENCE,
    name: "Orders",
    scopes: [{ name: "orders:read", description: "See your orders" }],
  });
  const shownApi = pick(api.body["resourceServer"] as JsonObject, "audience", "scopes");
  await tell.exchange("POST /v1/resource-servers", api, shownApi);
  const client = await send(ada, 201, "POST", "/v1/clients", { name: "Robot", type: "machine" });
  await tell.exchange("POST /v1/clients", client, { ...client.body, clientSecret: "als_…" });
  const issued = await tokenFor(base, client.body);
  const shown = pick(issued.body, "token_type", "expires_in", "scope");
  await tell.exchange("POST /oauth2/token", issued, { access_token: "eyJ…", ...shown });
  const token = String(issued.body["access_token"]);
  await tell.said(`the API verifies it by /oauth2/jwks: ${await verified(base, token)}`);

  await tell.step("Signing keys: one signs and one is next, so that a rotation surprises nobody");
  const begun = await send(ada, 200, "POST", "/v1/keys/rotate");
  await tell.exchange("POST /v1/keys/rotate", begun, pick(begun.body, "rotated", "latest"));
  const before = await send(ada, 200, "GET", "/oauth2/jwks");
  await tell.exchange("GET /oauth2/jwks", before, { keys: kidsOf(before).length });
  const rotated = await send(ada, 200, "POST", "/v1/keys/rotate", { force: true });
  const forced = 'POST /v1/keys/rotate {"force":true}';
  await tell.exchange(forced, rotated, pick(rotated.body, "rotated", "latest"));
  const latest = Object.values((rotated.body["latest"] ?? {}) as JsonObject);
  if (!latest.every((kid) => kidsOf(before).includes(kid))) {
    throw new TourFailed("a key signs that nobody could have fetched");
  }
  const after = await send(ada, 200, "GET", "/oauth2/jwks");
  await tell.exchange("GET /oauth2/jwks", after, { keys: kidsOf(after).length });
  await tell.said(`the token of before still verifies: ${await verified(base, token)}`);
}

/** Client credentials (RFC 6749, section 4.4) for one API (RFC 8707). */
async function tokenFor(base: string, client: JsonObject): Promise<Answered> {
  const { clientId, clientSecret } = client;
  const response = await fetch(new URL("/oauth2/token", base), {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      resource: AUDIENCE,
      scope: "orders:read",
    }),
  });
  const body = (await response.json()) as JsonObject;
  if (response.status !== 200) {
    throw new TourFailed(`POST /oauth2/token answered ${response.status} ${body["error"]}`);
  }
  return { status: response.status, body, position: undefined };
}

/** As an API does it: the keys fetched, the audience its own. */
async function verified(base: string, token: string): Promise<string> {
  const keys = createRemoteJWKSet(new URL("/oauth2/jwks", base));
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    audience: AUDIENCE,
    typ: "at+jwt",
  });
  const { aud, scope } = payload;
  return JSON.stringify({ alg: protectedHeader.alg, aud, scope });
}

function kidsOf({ body }: Answered): ReadonlyArray<unknown> {
  const keys = body["keys"];
  return Array.isArray(keys) ? keys.map((key: JsonObject) => key["kid"]) : [];
}
