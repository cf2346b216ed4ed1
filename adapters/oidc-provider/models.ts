import type { JWTVerifyResult } from "jose";
import { createLocalJWKSet, jwtVerify } from "jose";
import type Provider from "oidc-provider";
import type { Client } from "oidc-provider";
import { matchesRedirectUri } from "../../domain/client/mod.ts";
import { invariant } from "../../domain/invariant.ts";
import type { ClientRow } from "../../projections/clients.ts";
import type { KeySet, OpenidHost } from "../ports/openid-host.ts";
import { metadataOf } from "./client-metadata.ts";
import { handleOf } from "./introspection.ts";
import { presenceOf, workedOn } from "./presence.ts";
import { rotatedId } from "./refresh-tokens.ts";
import { endSession, STRANGER_KEPT_SECONDS } from "./session-adapter.ts";
import { admitStranger, isUnproved } from "./throttle.ts";

type Overridden = {
  readonly [name: string]: { [member: string]: unknown; prototype: Record<string, unknown> };
};

/** The types keep quiet about what the engine's own code does. */
type Constructed = new (metadata: object) => Client;

/** The engine's clients by our rows, and back: a row is one object until it changes. */
export type Clients = {
  readonly rowOf: (client: Client | undefined) => ClientRow;
  readonly clientOf: (row: ClientRow) => Client;
};

/**
 * Puts our own rules where the engine has others: clients and secrets from our read models,
 * sessions that end ours, refresh tokens whose successor is derived, ids that count once by one
 * insert.
 */
export function overrideModels(provider: Provider, host: OpenidHost, keys: KeySet): Clients {
  const models = provider as unknown as Overridden;
  const rows = new WeakMap<Client, ClientRow>();
  const clients = new WeakMap<ClientRow, Client>();
  const rowOf = (client: Client | undefined) => {
    const row = client && rows.get(client);
    invariant(row !== undefined, "the engine's clients are made of our rows");
    return row;
  };
  const clientOf = (row: ClientRow) => {
    const known = clients.get(row);
    if (known !== undefined) return known;
    const client = new (provider.Client as unknown as Constructed)(metadataOf(row));
    rows.set(client, row);
    clients.set(row, client);
    return client;
  };

  override(models, "Client", {
    find: async (id: unknown) => {
      if (typeof id !== "string" || id.length === 0) return undefined;
      const row = await host.client(id);
      if (row?.status !== "enabled") return undefined;
      const ctx = workedOn();
      if (ctx !== undefined && isUnproved(row, ctx)) await admitStranger(host, ctx);
      await handleOf(host, keys, ctx);
      return clientOf(row);
    },
  });
  overridePrototype(models, "Client", {
    async compareClientSecret(this: Client, actual: string) {
      return host.isClientSecret(rowOf(this), actual);
    },
    redirectUriAllowed(this: Client, asked: string) {
      const { redirectUris, previewRedirectUris, type } = rowOf(this);
      const now = new Date(host.nowMs()).toISOString();
      const live = previewRedirectUris.filter(({ expiresAt }) => expiresAt > now);
      return [...redirectUris, ...live.map(({ uri }) => uri)].some((registered) =>
        matchesRedirectUri(registered, asked, type),
      );
    },
    postLogoutRedirectUriAllowed(this: Client, asked: string) {
      const { postLogoutRedirectUris, type } = rowOf(this);
      return postLogoutRedirectUris.some((uri) => matchesRedirectUri(uri, asked, type));
    },
    // What ended a session is told by whoever follows the ledger, not by the request that ended it.
    async backchannelLogout() {},
  });
  const { generateTokenId } = provider.RefreshToken.prototype as unknown as {
    generateTokenId: () => string;
  };
  overridePrototype(models, "RefreshToken", {
    generateTokenId(this: unknown) {
      return rotatedId(host) ?? generateTokenId.call(this);
    },
  });
  overridePrototype(models, "Session", {
    // A form that comes without a page of ours before it begins a session: there is none to go on.
    async persist(this: { readonly exp?: number; save: (ttl: number) => Promise<unknown> }) {
      const now = Math.floor(Date.now() / 1000);
      return this.save(this.exp === undefined ? STRANGER_KEPT_SECONDS : this.exp - now);
    },
    async destroy(this: { destroyed?: boolean }) {
      await endSession(host, presenceOf(workedOn()));
      this.destroyed = true;
    },
  });
  override(models, "ReplayDetection", {
    unique: (issuer: string, jti: string, exp: number) =>
      host.artefacts.first(`proof/${issuer}`, jti, host.nowMs() + exp * 1000 - Date.now()),
  });
  override(models, "IdToken", { validate: idTokenCheck(host, keys) });
  const { IN_PAYLOAD } = provider.Grant;
  override(models, "Grant", { IN_PAYLOAD: [...IN_PAYLOAD, "consentSince", "sessionUid"] });
  const { IN_PAYLOAD: ofInteractions } = provider.Interaction;
  override(models, "Interaction", { IN_PAYLOAD: [...ofInteractions, "begunMs"] });
  return { rowOf, clientOf };
}

/** An ID token that comes back as a hint: also one that a key signed which signs no more. */
function idTokenCheck(host: OpenidHost, keys: KeySet) {
  const verifying = createLocalJWKSet({ keys: [...keys.verifying] as never });
  return async (
    token: string,
    client: Client,
  ): Promise<{ readonly header: unknown; readonly payload: unknown }> => {
    const { payload, protectedHeader }: JWTVerifyResult = await jwtVerify(token, verifying, {
      issuer: host.issuer,
      audience: client.clientId,
      algorithms: [client.idTokenSignedResponseAlg ?? "RS256"],
      // A hint says who somebody was; it may be long expired (OpenID Connect Core, 3.1.2.1).
      currentDate: new Date(0),
    });
    if (payload.sub === undefined) throw new Error("the hint has no subject");
    return { header: protectedHeader, payload };
  };
}

function override(models: Overridden, name: string, members: Record<string, unknown>): void {
  for (const [member, value] of Object.entries(members)) {
    Object.defineProperty(models[name], member, { value, configurable: true });
  }
}

function overridePrototype(
  models: Overridden,
  name: string,
  members: Record<string, unknown>,
): void {
  for (const [member, value] of Object.entries(members)) {
    Object.defineProperty(models[name]?.prototype, member, { value, configurable: true });
  }
}
