import { createLocalJWKSet, type JWTPayload, jwtVerify } from "jose";
import type { AdapterPayload, KoaContextWithOIDC } from "oidc-provider";
import { SIGNING_ALGORITHMS } from "../../domain/keyring/mod.ts";
import type { KeySet, OpenidHost } from "../ports/openid-host.ts";
import { type Presence, presenceOf } from "./presence.ts";

/** Begins what stands for a JWT of ours while the engine looks at it; no token begins so. */
const HANDLE = "jwt~";

const structured = new WeakMap<Presence, AdapterPayload>();

/**
 * Lets the engine introspect access tokens that are JWTs: what it looks up is a handle of the token
 * that was verified here. One that does not verify is unknown.
 *
 * Source: RFC 7662, section 2.2; RFC 9068, section 4.
 */
export async function handleOf(
  host: OpenidHost,
  keys: KeySet,
  ctx: KoaContextWithOIDC | undefined,
): Promise<void> {
  if (ctx?.oidc.route !== "introspection") return;
  const { params } = ctx.oidc as unknown as { readonly params?: Record<string, unknown> };
  const token = params?.["token"];
  if (params === undefined || typeof token !== "string" || !/^[\w-]+(?:\.[\w-]*){2}$/.test(token)) {
    return;
  }
  params["token"] = HANDLE;
  const payload = await verified(host, keys, token);
  if (payload !== undefined) structured.set(presenceOf(ctx), payload);
}

/** The token behind a handle, as the engine would have stored it. */
export function structuredToken(id: string, ctx: KoaContextWithOIDC | undefined) {
  return id === HANDLE ? structured.get(presenceOf(ctx)) : undefined;
}

const verifiers = new WeakMap<KeySet, ReturnType<typeof createLocalJWKSet>>();

/** Keys are imported once, not for each token. */
function verifierOf(keys: KeySet) {
  const known = verifiers.get(keys) ?? createLocalJWKSet({ keys: [...keys.verifying] as never });
  verifiers.set(keys, known);
  return known;
}

async function verified(
  host: OpenidHost,
  keys: KeySet,
  token: string,
): Promise<AdapterPayload | undefined> {
  const claims = await jwtVerify(token, verifierOf(keys), {
    issuer: host.issuer,
    typ: "at+jwt",
    algorithms: [...SIGNING_ALGORITHMS],
  }).then(
    ({ payload }) => payload,
    () => undefined,
  );
  return claims === undefined ? undefined : await standing(host, claims);
}

/** Undefined once whom it is about, or to whom it was issued, may do nothing any more. */
async function standing(host: OpenidHost, claims: JWTPayload): Promise<AdapterPayload | undefined> {
  const { client_id: clientId, sub, jti, aud, scope, iat, exp, cnf, iss: _, ...extra } = claims;
  if (typeof clientId !== "string") return undefined;
  const row = await host.client(clientId);
  if (row?.status !== "enabled") return undefined;
  const isOfPerson = sub !== clientId || extra["grant_id"] !== undefined;
  if (isOfPerson && (await host.person(String(sub))) === undefined) return undefined;
  if (isOfPerson && !(await host.mayUse(String(sub), row))) return undefined;
  const { grant_id: grantId, sid, ...shown } = extra;
  return {
    kind: "AccessToken",
    jti,
    clientId,
    ...(isOfPerson ? { accountId: String(sub) } : {}),
    ...(typeof grantId === "string" ? { grantId } : {}),
    ...(typeof aud === "string" ? { aud } : {}),
    ...(typeof scope === "string" ? { scope } : {}),
    ...(typeof sid === "string" ? { sid } : {}),
    iat,
    exp,
    extra: shown,
    ...(typeof cnf === "object" && cnf !== null && "jkt" in cnf ? { jkt: cnf.jkt } : {}),
  } as AdapterPayload;
}
