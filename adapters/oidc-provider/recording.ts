import type { KoaContextWithOIDC } from "oidc-provider";
import { TOKEN_GRANTS, type TokenEvent, type TokenGrant } from "../../domain/token/mod.ts";
import type { KeySet, OpenidHost } from "../ports/openid-host.ts";
import { presenceOf } from "./presence.ts";

/** What is recorded of an access token. */
export type Issued = {
  readonly accountId?: string;
  readonly aud?: string;
  readonly expiration: number;
  readonly format?: string;
  readonly grantId?: string;
  readonly jkt?: string;
  readonly jti: string;
  readonly resourceServer?: { readonly jwt?: { readonly sign?: { readonly alg?: string } } };
  readonly scope?: string;
};

/**
 * Writes down what the token endpoints did, before the answer leaves: who was given what and which
 * key signed it, who was refused, and what ended with it.
 */
export async function record(
  host: OpenidHost,
  keys: KeySet,
  ctx: KoaContextWithOIDC,
): Promise<void> {
  switch (ctx.oidc.route) {
    case "token":
      if (ctx.status === 200) await issued(host, keys, ctx);
      else await refused(host, ctx);
      return;
    case "introspection":
      if (ctx.status === 200) await introspected(host, ctx);
      else await refused(host, ctx);
      return;
    case "revocation":
    case "pushed_authorization_request":
    case "device_authorization":
      if (ctx.status >= 400) await refused(host, ctx);
      return;
    default:
      return;
  }
}

async function issued(host: OpenidHost, keys: KeySet, ctx: KoaContextWithOIDC): Promise<void> {
  const { request } = presenceOf(ctx);
  const { AccessToken, ClientCredentials, Client, RotatedRefreshToken, RefreshToken } =
    ctx.oidc.entities;
  const token = (AccessToken ?? ClientCredentials) as unknown as Issued;
  const clientId = Client?.clientId ?? "";
  const { id_token: idToken } = ctx.body as { readonly id_token?: string };
  const { grantId: familyId = "", rotations = 1 } = (RefreshToken ?? {}) as {
    readonly grantId?: string;
    readonly rotations?: number;
  };
  const hasRotated = RotatedRefreshToken !== undefined && RefreshToken !== undefined;
  const record = host.record(
    request,
    issuedEvent(host, keys, {
      ...{ token, clientId, grant: grantOf(ctx) },
      ...(idToken === undefined
        ? {}
        : { idTokenAlgorithm: Client?.idTokenSignedResponseAlg ?? "RS256" }),
    }),
  );
  // Both at once: they go in one flush.
  await Promise.all([
    record,
    ...(hasRotated ? [host.rotated(request, { familyId, clientId, rotations })] : []),
  ]);
}

type Answered = {
  readonly token: Issued;
  readonly clientId: string;
  readonly grant?: TokenGrant | undefined;
  /** What the ID token was signed with that went along. */
  readonly idTokenAlgorithm?: string;
};

/** Who was given what, and which keys signed it. */
export function issuedEvent(
  host: OpenidHost,
  keys: KeySet,
  { token, clientId, grant = "client_credentials", idTokenAlgorithm }: Answered,
): TokenEvent {
  const kidOf = (algorithm: string) => keys.signing.find((key) => key.algorithm === algorithm)?.kid;
  const isJwt = token.format === "jwt";
  const signed = token.resourceServer?.jwt?.sign?.alg;
  const kid = isJwt && signed !== undefined ? kidOf(signed) : undefined;
  const idTokenKid = idTokenAlgorithm === undefined ? undefined : kidOf(idTokenAlgorithm);
  return {
    type: "TokenIssued",
    clientId,
    ...(token.accountId === undefined ? {} : { userId: token.accountId }),
    grant,
    ...(token.grantId === undefined ? {} : { grantId: token.grantId }),
    ...(token.aud === undefined ? {} : { audience: token.aud }),
    scopes: scopesOf(token.scope),
    ...(isJwt ? { jti: token.jti } : {}),
    ...(kid === undefined ? {} : { kid }),
    ...(idTokenKid === undefined ? {} : { idTokenKid }),
    ...(token.jkt === undefined ? {} : { jkt: token.jkt }),
    expiresAt: new Date(host.nowMs() + token.expiration * 1000).toISOString(),
  };
}

async function refused(host: OpenidHost, ctx: KoaContextWithOIDC): Promise<void> {
  const { request } = presenceOf(ctx);
  const { error } = (ctx.body ?? {}) as { readonly error?: string };
  if (error === undefined || PATIENT.includes(error)) return;
  const { Client } = ctx.oidc.entities;
  const grant = grantOf(ctx);
  // Who fails to prove who they are is a stranger, and strangers fill no ledger.
  if (error === "invalid_client") {
    const waitMs = await host.admit(request);
    if (waitMs !== undefined) {
      ctx.status = 429;
      ctx.set("retry-after", String(Math.max(1, Math.ceil(waitMs / 1000))));
      ctx.body = { error: "too_many_requests", error_description: "try again later" };
      return;
    }
  }
  // Whoever did not prove to be the client is not called by its name.
  const isKnown = Client !== undefined && error !== "invalid_client";
  const event: TokenEvent = {
    type: "TokenRefused",
    ...(isKnown ? { clientId: Client.clientId } : {}),
    ...(grant === undefined ? {} : { grant }),
    error: /^[a-z_]{1,64}$/.test(error) ? error : "server_error",
  };
  await host.record(request, event);
}

/** What a device hears while its person has not come yet: nothing was refused. */
const PATIENT = ["authorization_pending", "slow_down", "use_dpop_nonce", "too_many_requests"];

async function introspected(host: OpenidHost, ctx: KoaContextWithOIDC): Promise<void> {
  const { active, sub } = ctx.body as { readonly active: boolean; readonly sub?: string };
  await host.record(presenceOf(ctx).request, {
    type: "TokenIntrospected",
    clientId: ctx.oidc.client?.clientId ?? "",
    active,
    ...(sub === undefined ? {} : { subject: sub }),
  });
}

function grantOf({ oidc }: KoaContextWithOIDC): TokenGrant | undefined {
  const asked = oidc.params?.["grant_type"];
  return TOKEN_GRANTS.find((grant) => grant === asked);
}

function scopesOf(scope: string | undefined): ReadonlyArray<string> {
  return scope === undefined || scope === "" ? [] : scope.split(" ");
}
