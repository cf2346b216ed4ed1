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
      /** Its first one; who keeps none gets none, and who is given none gets theirs later. */
      readonly secret?: IssuedSecret;
    }
  | {
      readonly type: "ReviseClient";
      readonly changes: MetadataChanges;
      readonly disabled?: boolean;
      readonly trusting: boolean;
    }
  | ({ readonly type: "IssueSecret"; readonly trusting: boolean } & IssuedSecret)
  | { readonly type: "RevokeSecret"; readonly secretId: string }
  | { readonly type: "RemoveClient" };

export type ClientOutcome =
  | { readonly type: "done" }
  | { readonly type: "unknown_client" | "already_registered" }
  | { readonly type: "unknown_secret" | "revoked_secret" | "too_many_secrets" | "keeps_no_secret" }
  /** Only an architect does it. */
  | { readonly type: "not_trusting" }
  /** It does not fit a client of this type. */
  | { readonly type: "misfit"; readonly member: keyof ClientMetadata };

type Decided = Decision<ClientEvent, ClientOutcome>;

/**
 * Decides what an application is registered as.
 *
 * Invariants: what is registered fits the type, which never changes; a client has at most two
 * secrets, and only one that can keep them has any; what was removed never comes back. Whoever is
 * no architect gives a client no trust, and none of the trust that it has to anybody else: of one
 * that is trusted they change how it looks, and take away.
 */
export function decide(command: ClientCommand, state: Client): Decided {
  if (command.type === "RegisterClient") return register(command, state);
  const { status, kind, metadata, secrets, revoked } = state;
  if (status === "removed" && command.type === "RemoveClient") return done();
  if (kind === undefined || metadata === undefined) return refuse({ type: "unknown_client" });
  switch (command.type) {
    case "ReviseClient":
      return revise(command, { ...state, kind, metadata });
    case "IssueSecret": {
      const { secretId, secret, trusting } = command;
      if (!keepsSecret(metadata)) return refuse({ type: "keeps_no_secret" });
      if (secrets.some(({ id }) => id === secretId)) return done();
      if (revoked.includes(secretId)) return refuse({ type: "revoked_secret" });
      if (isTrusted(metadata) && !trusting) return refuse({ type: "not_trusting" });
      if (secrets.length >= SECRETS_MAX) return refuse({ type: "too_many_secrets" });
      return done({ type: "ClientSecretIssued", secretId, secret });
    }
    case "RevokeSecret": {
      const { secretId } = command;
      if (revoked.includes(secretId)) return done();
      if (!secrets.some(({ id }) => id === secretId)) return refuse({ type: "unknown_secret" });
      return done({ type: "ClientSecretRevoked", secretId });
    }
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
  const member = misfit(kind, metadata);
  if (member !== undefined) return refuse({ type: "misfit", member });
  if (isTrusted(metadata) && !command.trusting) return refuse({ type: "not_trusting" });
  return done(
    { type: "ClientRegistered", kind, ...metadata },
    ...(keepsSecret(metadata) && secret
      ? [{ type: "ClientSecretIssued", ...secret } as const]
      : []),
  );
}

type Registered = Client & { readonly kind: ClientType; readonly metadata: ClientMetadata };

function revise(
  { changes, disabled, trusting }: Extract<ClientCommand, { readonly type: "ReviseClient" }>,
  { status, kind, metadata, secrets }: Registered,
): Decided {
  const isDisabled = status === "disabled";
  const switches = disabled !== undefined && disabled !== isDisabled;
  const revised = changed(metadata, changes);
  const isRevised = !isSame(revised, metadata);
  // What it is may date from other rules: they are for what changes.
  const member = isRevised ? misfit(kind, revised) : undefined;
  if (member !== undefined) return refuse({ type: "misfit", member });
  const givesTrust = isRevised && !isLeft(metadata, revised);
  const wakes = switches && isDisabled && isTrusted(metadata);
  if (!trusting && (givesTrust || wakes)) return refuse({ type: "not_trusting" });
  const revoked = isRevised && !keepsSecret(revised) ? secrets : [];
  return done(
    // First, so that at no position it has a secret and keeps none.
    ...revoked.map(({ id }) => ({ type: "ClientSecretRevoked", secretId: id }) as const),
    ...(isRevised ? [{ type: "ClientRevised", ...revised } as const] : []),
    ...(switches ? [{ type: disabled ? "ClientDisabled" : "ClientEnabled" } as const] : []),
  );
}

function keepsSecret({ tokenEndpointAuthMethod: method }: ClientMetadata): boolean {
  return method === "client_secret_basic" || method === "client_secret_post";
}

/** It may do at our API what people may not, or know people without asking them. */
function isTrusted({ scopes, skipConsent }: ClientMetadata): boolean {
  return scopes.length > 0 || skipConsent;
}

/** How a client looks to people, which gives nobody anything. */
const LOOKS = ["name", "logoUri", "clientUri", "policyUri", "tosUri"] as const;

/** Whether a revision gives no trust: what is trusted stays with whoever had it, or is taken. */
function isLeft(before: ClientMetadata, after: ClientMetadata): boolean {
  if (!after.scopes.every((scope) => before.scopes.includes(scope))) return false;
  if (after.skipConsent && !before.skipConsent) return false;
  if (!isTrusted(before)) return true;
  const { scopes, skipConsent } = before;
  const looks = Object.fromEntries(LOOKS.map((member) => [member, before[member]]));
  return isSame({ ...after, ...looks, scopes, skipConsent } as ClientMetadata, before);
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
