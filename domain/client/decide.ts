import type { Decision } from "../decider.ts";
import type { VaultReference } from "../vault-reference.ts";
import type { ClientEvent } from "./events.ts";
import type { Client } from "./evolve.ts";
import type { ClientMetadata, ClientType, MetadataChanges } from "./metadata.ts";
import { misfit } from "./validate.ts";

/** One in use and one that follows it: what an exchange without an outage takes. */
export const SECRETS_MAX = 2;

/** A secret by the digest that the vault has of it. */
export type IssuedSecret = { readonly secretId: string; readonly secret: VaultReference };

/** `trusting`: an architect asks, who alone gives scopes of our API and spares people consent. */
export type ClientCommand =
  | {
      readonly type: "RegisterClient";
      readonly kind: ClientType;
      readonly metadata: ClientMetadata;
      readonly trusting: boolean;
      /** Its first one; who keeps none gets none. */
      readonly secret: IssuedSecret;
    }
  | {
      readonly type: "ReviseClient";
      readonly changes: MetadataChanges;
      readonly trusting: boolean;
    }
  | ({ readonly type: "IssueSecret" } & IssuedSecret)
  | { readonly type: "RevokeSecret"; readonly secretId: string }
  | { readonly type: "DisableClient" }
  | { readonly type: "EnableClient" }
  | { readonly type: "RemoveClient" };

export type ClientOutcome =
  | { readonly type: "done" }
  | { readonly type: "unknown_client" | "already_registered" }
  | { readonly type: "unknown_secret" | "too_many_secrets" | "keeps_no_secret" }
  /** Only an architect gives it. */
  | { readonly type: "not_trusting"; readonly member: "scopes" | "skipConsent" }
  /** It does not fit a client of this type. */
  | { readonly type: "misfit"; readonly member: keyof ClientMetadata };

type Decided = Decision<ClientEvent, ClientOutcome>;

/**
 * Decides what an application is registered as.
 *
 * Invariants: what is registered fits the type, which never changes; a client has at most two
 * secrets, and only one that can keep them has any; what was removed never comes back.
 */
export function decide(command: ClientCommand, state: Client): Decided {
  if (command.type === "RegisterClient") return register(command, state);
  const { status, kind, metadata } = state;
  if (status === "removed" && command.type === "RemoveClient") return done();
  if (kind === undefined || metadata === undefined) return refuse({ type: "unknown_client" });
  switch (command.type) {
    case "ReviseClient": {
      const revised = changed(metadata, command.changes);
      const { trusting } = command;
      const problem = problemOf(kind, { metadata: revised, trusting }, metadata);
      if (problem !== undefined) return refuse(problem);
      if (isSame(revised, metadata)) return done();
      const revoked = keepsSecret(revised) ? [] : state.secrets;
      return done(
        { type: "ClientRevised", ...revised },
        ...revoked.map(({ id }) => ({ type: "ClientSecretRevoked", secretId: id }) as const),
      );
    }
    case "IssueSecret":
      return issueSecret(command, state, metadata);
    case "RevokeSecret": {
      const { secretId } = command;
      if (!state.secrets.some(({ id }) => id === secretId))
        return refuse({ type: "unknown_secret" });
      return done({ type: "ClientSecretRevoked", secretId });
    }
    case "DisableClient":
      return status === "disabled" ? done() : done({ type: "ClientDisabled" });
    case "EnableClient":
      return status === "enabled" ? done() : done({ type: "ClientEnabled" });
    case "RemoveClient":
      return done({ type: "ClientRemoved" });
    default:
      return command satisfies never;
  }
}

function register(
  command: Extract<ClientCommand, { readonly type: "RegisterClient" }>,
  state: Client,
): Decided {
  const { kind, metadata, secret } = command;
  if (state.status !== "absent") {
    const again = state.kind === kind && state.metadata && isSame(metadata, state.metadata);
    return again ? done() : refuse({ type: "already_registered" });
  }
  const problem = problemOf(kind, command, undefined);
  if (problem !== undefined) return refuse(problem);
  return done(
    { type: "ClientRegistered", kind, ...metadata },
    ...(keepsSecret(metadata) ? [{ type: "ClientSecretIssued", ...secret } as const] : []),
  );
}

function issueSecret(
  { secretId, secret }: Extract<ClientCommand, { readonly type: "IssueSecret" }>,
  { secrets }: Client,
  metadata: ClientMetadata,
): Decided {
  if (!keepsSecret(metadata)) return refuse({ type: "keeps_no_secret" });
  if (secrets.some(({ id }) => id === secretId)) return done();
  if (secrets.length >= SECRETS_MAX) return refuse({ type: "too_many_secrets" });
  return done({ type: "ClientSecretIssued", secretId, secret });
}

function keepsSecret({ tokenEndpointAuthMethod: method }: ClientMetadata): boolean {
  return method === "client_secret_basic" || method === "client_secret_post";
}

function problemOf(
  kind: ClientType,
  { metadata, trusting }: { readonly metadata: ClientMetadata; readonly trusting: boolean },
  before: ClientMetadata | undefined,
): ClientOutcome | undefined {
  const member = misfit(kind, metadata);
  if (member !== undefined) return { type: "misfit", member };
  if (trusting) return undefined;
  // Whoever may not give it leaves what is there, and may take it away.
  if (!metadata.scopes.every((scope) => before?.scopes.includes(scope))) {
    return { type: "not_trusting", member: "scopes" };
  }
  if (metadata.skipConsent && before?.skipConsent !== true) {
    return { type: "not_trusting", member: "skipConsent" };
  }
  return undefined;
}

function changed(before: ClientMetadata, changes: MetadataChanges): ClientMetadata {
  const kept = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(kept) as ClientMetadata;
}

/** Members in whatever order: both were made by the same shape. */
function isSame(one: ClientMetadata, other: ClientMetadata): boolean {
  return ordered(one) === ordered(other);
}

function ordered(metadata: ClientMetadata): string {
  return JSON.stringify(
    Object.entries(metadata)
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function done(...events: ReadonlyArray<ClientEvent>): Decided {
  return { events, outcome: { type: "done" } };
}

function refuse(outcome: ClientOutcome): Decided {
  return { events: [], outcome };
}
