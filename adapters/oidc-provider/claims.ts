import type { Grant, KoaContextWithOIDC } from "oidc-provider";
import { scopeOfClaim } from "../../domain/consent/mod.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { OpenidHost } from "../ports/openid-host.ts";
import { presenceOf } from "./presence.ts";

/**
 * Those of the claims asked for one by one whose scope the grant has; what we do not know of
 * anybody is nothing to ask them about.
 */
export function grantedClaims(grant: Grant, asked: Iterable<string>): Array<string> {
  const scopes = grant.getOIDCScope().split(" ");
  return [...asked].filter((claim) => {
    const scope = scopeOfClaim(claim);
    return scope === undefined || scopes.includes(scope);
  });
}

/** An account as the engine asks for it; undefined once nobody may sign in with it. */
export async function accountOf(host: OpenidHost, _ctx: unknown, userId: string) {
  const person = await host.person(userId);
  if (person === undefined) return undefined;
  return {
    accountId: userId,
    claims: async () => ({ ...(await person.claims()), sub: userId }),
  };
}

/**
 * What an access token for an API says besides: who it is in roles, and how they signed in.
 * `permissions` will stand here too, with the permission engine.
 *
 * Source: RFC 9068, section 2.2.
 */
export async function extraClaims(
  host: OpenidHost,
  ctx: KoaContextWithOIDC,
  token: { readonly accountId?: string; readonly grantId?: string; readonly sid?: string },
): Promise<JsonObject | undefined> {
  const { accountId, grantId, sid } = token;
  if (accountId === undefined) return undefined;
  const person = await host.person(accountId);
  const { AuthorizationCode, DeviceCode, RefreshToken } = ctx.oidc.entities;
  const source = AuthorizationCode ?? DeviceCode ?? RefreshToken;
  const actor = await actorOf(host, ctx);
  return {
    ...(person === undefined ? {} : { roles: [...person.roles], ledger_position: person.position }),
    ...(source?.authTime === undefined ? {} : { auth_time: source.authTime }),
    ...(source?.amr === undefined ? {} : { amr: source.amr }),
    ...(sid === undefined ? {} : { sid }),
    ...(grantId === undefined ? {} : { grant_id: grantId }),
    ...(actor === undefined ? {} : { act: { sub: actor } }),
  };
}

/** Who really acts where somebody acts in another's name. Source: RFC 8693, section 4.1. */
async function actorOf(host: OpenidHost, ctx: KoaContextWithOIDC): Promise<string | undefined> {
  const { Grant } = ctx.oidc.entities;
  const { sessionUid } = (Grant ?? {}) as { readonly sessionUid?: string };
  if (sessionUid === undefined) return presenceOf(ctx).session?.impersonatorId;
  return (await host.session(sessionUid))?.impersonatorId;
}
