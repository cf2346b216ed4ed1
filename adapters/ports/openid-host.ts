import type { IncomingHttpHeaders } from "node:http";
import type { Agreed } from "../../domain/consent/mod.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { PublicJwk, SigningAlgorithm } from "../../domain/keyring/mod.ts";
import type { TokenEvent } from "../../domain/token/mod.ts";
import type { FamilyEndReason } from "../../domain/token-family/mod.ts";
import type { ClientRow } from "../../projections/clients.ts";
import type { ResourceServerRow } from "../../projections/resource-servers.ts";
import type { Artefact, ArtefactKind, Keeping } from "./artefacts.ts";
import type { Outbound } from "./outbound.ts";

/** A live session of somebody who may act now. */
export type OpenidSession = {
  readonly sessionId: string;
  readonly userId: string;
  /** When the person last proved to be who they are, in milliseconds since 1970. */
  readonly authTimeMs: number;
  /** Authentication methods by which they did. Source: RFC 8176. */
  readonly amr: ReadonlyArray<string>;
  /** Its absolute cap, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** The user who really acts, in a session that was started in another's name. */
  readonly impersonatorId?: string;
};

/** One request to the protocol, as far as the house understands it. */
export type ProtocolRequest = {
  /** Our own UUID; also the correlation of every event that the request causes. */
  readonly requestId: string;
  /** Path and query, as the browser sent them. */
  readonly target: string;
  readonly address: string | undefined;
  readonly headers: IncomingHttpHeaders;
};

/** Somebody whom tokens are about, as they are now. */
export type OpenidPerson = {
  readonly userId: string;
  readonly roles: ReadonlyArray<string>;
  /** The position of identity that the roles were read at. */
  readonly position: number;
  /** The claims that the scopes and names ask for, opened; `sub` is left to the caller. */
  readonly claims: () => Promise<JsonObject>;
};

/** The pair that signs with one algorithm now. */
export type SigningKey = {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  /** With its private members. */
  readonly jwk: JsonObject;
};

export type KeySet = {
  /** Changes exactly when another key signs or verifies. */
  readonly version: string;
  readonly signing: ReadonlyArray<SigningKey>;
  /** All that verify, those that signed before too. */
  readonly verifying: ReadonlyArray<PublicJwk & { readonly kid: string; readonly alg: string }>;
};

/** What a page of the protocol says. */
export type ProtocolPage =
  | { readonly kind: "error"; readonly error: string; readonly status: number }
  | {
      readonly kind: "logout";
      readonly action: string;
      readonly xsrf: string;
      /** Where the browser goes afterwards, when the application says so. */
      readonly leadsTo?: string;
      /** Absent where the application does not say who it is. */
      readonly clientName?: string;
    }
  /** The browser goes on by itself, and the page has a link where it does not. */
  | { readonly kind: "onward"; readonly to: string }
  | { readonly kind: "logged-out" }
  /** The person may not sign in to the application; `leadsTo` tells it so. */
  | { readonly kind: "kept-out"; readonly clientName: string; readonly leadsTo: string }
  | {
      readonly kind: "device-code";
      readonly action: string;
      readonly xsrf: string;
      readonly userCode?: string;
      /** Why the code before it was not taken. */
      readonly problem?: "missing" | "unknown" | "aborted" | "failed";
    }
  | {
      readonly kind: "device-confirm";
      readonly action: string;
      readonly xsrf: string;
      readonly userCode: string;
      readonly clientName: string;
    }
  | { readonly kind: "device-done"; readonly clientName: string };

export type RenderedPage = {
  readonly status: number;
  readonly headers: ReadonlyArray<readonly [string, string]>;
  readonly html: string;
};

/** The store, a key or a model cannot be asked now: the same request may be right in a moment. */
export class HostUnavailable extends Error {
  override name = "HostUnavailable";
}

/** `Artefacts` for code that awaits. */
export type AwaitedArtefacts = {
  readonly put: (kind: ArtefactKind, id: string, keeping: Keeping) => Promise<boolean>;
  readonly find: (kind: ArtefactKind, id: string) => Promise<Artefact | undefined>;
  readonly exchange: (
    kind: ArtefactKind,
    id: string,
    before: Artefact | undefined,
    keeping: Pick<Keeping, "payload" | "expiresAtMs">,
  ) => Promise<boolean>;
  readonly findByUserCode: (userCode: string) => Promise<Artefact | undefined>;
  readonly consume: (kind: ArtefactKind, id: string) => Promise<boolean>;
  readonly remove: (kind: ArtefactKind, id: string) => Promise<void>;
  readonly revokeGrant: (grant: string) => Promise<void>;
  readonly first: (scope: string, id: string, expiresAtMs: number) => Promise<boolean>;
};

export type RefreshFamily = {
  readonly familyId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly scopes: ReadonlyArray<string>;
  readonly audiences: ReadonlyArray<string>;
  readonly sessionId?: string;
  readonly expiresAtMs: number;
};

/** What is often known without waiting: a promise costs more than the look at a `Map`. */
export type Awaitable<A> = A | Promise<A>;

/**
 * What the protocol engine asks the house: facts come from read models and go out as commands. It
 * is plain promises, for the engine knows nothing else.
 *
 * Errors: each rejects with `HostUnavailable` where it cannot be answered now.
 */
export type OpenidHost = {
  readonly issuer: string;
  /** Whose pages may call the token endpoints from a browser besides a client's own. */
  readonly origins: ReadonlyArray<string>;
  readonly nowMs: () => number;
  /** Reads the request's outside; its log line and its metrics are written by `answered`. */
  readonly received: (
    incoming: { readonly target: string; readonly headers: IncomingHttpHeaders },
    socket: string | undefined,
  ) => ProtocolRequest;
  readonly answered: (
    request: ProtocolRequest,
    answer: { readonly route: string; readonly status: number; readonly durationMs: number },
  ) => void;
  readonly failed: (request: ProtocolRequest, error: unknown) => void;
  /**
   * Counts what a stranger sends or leaves behind, by network; answers how long they have to wait,
   * in milliseconds, when that is too much.
   */
  readonly admit: (request: ProtocolRequest) => Promise<number | undefined>;
  /** Headers that every answer has which does not say otherwise. */
  readonly guards: ReadonlyArray<readonly [string, string]>;
  readonly artefacts: AwaitedArtefacts;
  /** Asks another server, a client's for its keys: guarded, and with an error of its own. */
  readonly fetch: Outbound["Service"]["fetch"];
  /** 32 bytes that only this ledger's processes know, the same in all of them. */
  readonly secretOf: (purpose: string, value: string) => Uint8Array;
  readonly keys: () => Awaitable<KeySet>;
  readonly client: (clientId: string) => Awaitable<ClientRow | undefined>;
  readonly isClientSecret: (client: ClientRow, secret: string) => Awaitable<boolean>;
  readonly resourceServer: (audience: string) => Awaitable<ResourceServerRow | undefined>;
  /** Whose session a `Cookie` header presents. */
  readonly presented: (cookie: string | undefined) => Promise<OpenidSession | undefined>;
  readonly session: (sessionId: string) => Promise<OpenidSession | undefined>;
  /** Ends it and answers the `Set-Cookie` values that make the browser forget it. */
  readonly endSession: (
    request: ProtocolRequest,
    session: OpenidSession,
  ) => Promise<ReadonlyArray<string>>;
  readonly person: (userId: string) => Promise<OpenidPerson | undefined>;
  /** Whether the person may sign in to the client at all, by its access policy. */
  readonly mayUse: (userId: string, client: ClientRow) => Promise<boolean>;
  /** What the person lets the client do now; `since` tells it from one that was withdrawn. */
  readonly consent: (
    userId: string,
    clientId: string,
  ) => Promise<(Agreed & { readonly since: number; readonly terms?: string }) | undefined>;
  /** Whether what a grant was given on still holds; takes the payload of its row. */
  readonly grantStands: (grant: JsonObject) => Promise<boolean>;
  readonly familyOpened: (request: ProtocolRequest, family: RefreshFamily) => Promise<void>;
  readonly familyRevoked: (
    request: ProtocolRequest,
    family: { readonly familyId: string; readonly reason: FamilyEndReason },
  ) => Promise<void>;
  readonly rotated: (
    request: ProtocolRequest,
    family: {
      readonly familyId: string;
      readonly clientId: string;
      readonly rotations: number;
    },
  ) => Promise<void>;
  readonly record: (request: ProtocolRequest, event: TokenEvent) => Promise<void>;
  readonly page: (request: ProtocolRequest, page: ProtocolPage) => Promise<RenderedPage>;
};
