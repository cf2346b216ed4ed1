import type { Grant, KoaContextWithOIDC } from "oidc-provider";
import { covers } from "../../domain/consent/mod.ts";
import type { OpenidHost } from "../ports/openid-host.ts";
import { grantedClaims } from "./claims.ts";
import { presenceOf, workedOn } from "./presence.ts";

/** What a grant of ours remembers besides: the consent that it stands on, and the session. */
export type StandingGrant = Grant & { consentSince?: number; sessionUid?: string };

const unkept = new WeakSet<Grant>();

/**
 * The grant of one authorization, from what the person agreed to: each has its own, so that what
 * one code gave can be taken back alone. Undefined where nothing was agreed to.
 */
export async function grantFor(
  host: OpenidHost,
  ctx: KoaContextWithOIDC,
): Promise<Grant | undefined> {
  const { client, account, provider } = ctx.oidc;
  if (client === undefined || account === undefined) return undefined;
  const { clientId } = client;
  const { accountId } = account;
  const row = await host.client(clientId);
  const agreed = await host.consent(accountId, clientId);
  if (row === undefined) return undefined;
  // To other terms nobody has agreed yet.
  const isAgreedTo = agreed !== undefined && agreed.terms === row.tosUri;
  if (!isAgreedTo && !row.skipConsent) return undefined;
  const grant: StandingGrant = new provider.Grant({ accountId, clientId });
  grant.jti = crypto.randomUUID();
  if (row.skipConsent) addAsked(grant, ctx);
  else if (agreed !== undefined) {
    grant.addOIDCScope(agreed.scopes.join(" "));
    for (const { audience, scopes } of agreed.resources) {
      grant.addResourceScope(audience, scopes.join(" "));
    }
    grant.consentSince = agreed.since;
  }
  const isForSession = !ctx.oidc.requestParamScopes.has("offline_access");
  const { session } = presenceOf(ctx);
  if (session !== undefined && (isForSession || session.impersonatorId !== undefined)) {
    grant.sessionUid = session.sessionId;
  }
  grant.addOIDCClaims(grantedClaims(grant, ctx.oidc.requestParamClaims));
  unkept.add(grant);
  return grant;
}

function addAsked(grant: Grant, { oidc }: KoaContextWithOIDC): void {
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(" "));
  for (const [audience, server] of Object.entries(oidc.resourceServers ?? {})) {
    const asked = [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope));
    grant.addResourceScope(audience, asked.join(" "));
  }
}

/** Saves the grant that something is about to be given under, where it is not saved yet. */
export async function keepGrant(grantId: string | undefined): Promise<void> {
  const grant = workedOn()?.oidc.entities.Grant;
  if (grantId === undefined || grant === undefined || grant.jti !== grantId) return;
  if (unkept.delete(grant)) await grant.save();
}

/** Whether the person agreed to all that this interaction asks for. */
export function isAgreed(
  agreed: Parameters<typeof covers>[0] | undefined,
  details: Readonly<Record<string, unknown>>,
): boolean {
  const { missingOIDCScope: scopes = [], missingResourceScopes: byAudience = {} } = details;
  const resources = Object.entries(byAudience as Readonly<Record<string, ReadonlyArray<string>>>);
  return (
    agreed !== undefined &&
    covers(agreed, {
      scopes: scopes as ReadonlyArray<string>,
      resources: resources.map(([audience, asked]) => ({ audience, scopes: asked })),
    })
  );
}
