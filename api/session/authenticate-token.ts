import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { AccessTokens } from "../../adapters/ports/access-tokens.ts";
import { Artefacts } from "../../adapters/ports/artefacts.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import type { ClientRow } from "../../projections/clients.ts";
import type { UserRow } from "../../projections/users.ts";
import type { Settings } from "../http/settings.ts";
import { grantStands } from "../oidc/grant-stands.ts";
import { actingUser } from "./acting-user.ts";
import type { Caller, CallerToken } from "./caller.ts";

const AUTHORIZATION = /^(Bearer|DPoP) ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Whether a request brings a token instead of a session: what it brings decides who it is. */
export function bringsToken(headers: Headers): boolean {
  return /^(?:Bearer|DPoP)(?: |$)/i.test(headers.get("authorization") ?? "");
}

type Asked = { readonly method: string; readonly path: string; readonly headers: Headers };

/**
 * Who an access token for our own API stands for; undefined when it stands for nobody who may act
 * now. Client and person are asked for on every request, so what is taken from them acts on the
 * next one.
 */
export const authenticateToken = (settings: Settings, { method, path, headers }: Asked) =>
  Effect.gen(function* () {
    const [, scheme = "", token = ""] = headers.get("authorization")?.match(AUTHORIZATION) ?? [];
    if (token === "") return undefined;
    const claims = yield* (yield* AccessTokens).verify(
      {
        token,
        scheme: scheme.toLowerCase() === "dpop" ? "dpop" : "bearer",
        proof: headers.get("dpop") ?? undefined,
        method,
        url: new URL(path, settings.url).href,
      },
      { issuer: settings.url, audience: settings.url },
    );
    // Whoever acts in another's name does so at applications, and here in a session alone.
    if (claims === undefined || claims.actor !== undefined) return undefined;
    const client = yield* (yield* RegisteredClients).get(claims.clientId);
    if (client?.status !== "enabled") return undefined;
    const nowMs = yield* Clock.currentTimeMillis;
    // Whatever ids they chose: a person acts under a grant, a machine under none.
    const isMachine = claims.grantId === undefined && claims.sub === claims.clientId;
    const user = isMachine ? machineRow(client) : yield* actingUser(claims.sub, nowMs);
    if (user === undefined) return undefined;
    if (!isMachine && !(yield* isGranted(claims.grantId))) return undefined;
    return {
      userId: claims.sub,
      user,
      dataKey: undefined,
      askedAtMs: nowMs,
      token: tokenOf(client, { scopes: claims.scopes, isMachine }),
    } satisfies Caller;
  });

/** Scopes that the client has lost since are lost to its tokens too. */
function tokenOf(
  { clientId, scopes: held }: ClientRow,
  { scopes, isMachine }: { readonly scopes: ReadonlyArray<string>; readonly isMachine: boolean },
): CallerToken {
  return { clientId, scopes: new Set(scopes.filter((scope) => held.includes(scope))), isMachine };
}

/** Whether what the token was issued under is still there, and what that stands on too. */
const isGranted = (grantId: string | undefined) =>
  Effect.gen(function* () {
    if (grantId === undefined) return false;
    const grant = yield* (yield* Artefacts).find("Grant", grantId);
    return grant !== undefined && (yield* grantStands(grant.payload));
  });

/** A machine has no roles: its scopes are all that it may do. */
function machineRow({ clientId, registeredAt, revisedAt }: ClientRow): UserRow {
  return {
    id: clientId,
    emailVerified: false,
    roles: [],
    architect: false,
    status: "active",
    guest: false,
    password: false,
    createdAt: registeredAt,
    updatedAt: revisedAt,
  };
}
