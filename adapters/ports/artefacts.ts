import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** What the token protocols keep for a while. */
export const ARTEFACT_KINDS = [
  "Session",
  "Interaction",
  "Grant",
  "AuthorizationCode",
  "AccessToken",
  "RefreshToken",
  "ClientCredentials",
  "DeviceCode",
  "PushedAuthorizationRequest",
  "RegistrationAccessToken",
  "ProviderTrip",
] as const;
export type ArtefactKind = (typeof ARTEFACT_KINDS)[number];

/** Rows that one sweep forgets at most: a statement stays short. */
export const ARTEFACTS_SWEPT_MAX = 500;

export type Artefact = {
  readonly payload: JsonObject;
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** When it was consumed, in milliseconds since 1970. */
  readonly consumedAtMs?: number;
};

export type Keeping = {
  readonly payload: JsonObject;
  /** In milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** The id of the grant that it was given under; gone with it. */
  readonly grant?: string;
  /** What a person types instead of the id. */
  readonly userCode?: string;
};

/**
 * Codes, tokens, grants and half-finished requests: volatile rows with an end, shared by all
 * processes.
 *
 * An id is often the token itself, so a row has its digest under the artefact key and a payload
 * sealed with it. Callers leave the id out of the payload. Expired rows are as good as gone.
 */
export class Artefacts extends Context.Service<
  Artefacts,
  {
    /**
     * Keeps it, in place of what had the id; what was consumed stays so.
     *
     * Atomicity: false, and nothing is kept, once the grant is revoked: also when the revocation
     * runs at the same time.
     */
    readonly put: (
      kind: ArtefactKind,
      id: string,
      keeping: Keeping,
    ) => Effect.Effect<boolean, StoreUnavailable>;
    readonly find: (
      kind: ArtefactKind,
      id: string,
    ) => Effect.Effect<Artefact | undefined, StoreUnavailable>;
    /**
     * Keeps it in place of `before`, which is what `find` answered: undefined for nothing.
     *
     * Atomicity: false, and nothing changes, once it is not that any more: of all who exchange the
     * same, exactly one is answered true.
     */
    readonly exchange: (
      kind: ArtefactKind,
      id: string,
      before: Artefact | undefined,
      keeping: Pick<Keeping, "payload" | "expiresAtMs">,
    ) => Effect.Effect<boolean, StoreUnavailable>;
    readonly findByUserCode: (
      userCode: string,
    ) => Effect.Effect<Artefact | undefined, StoreUnavailable>;
    /** Of all who consume it, however many at once, exactly one is answered true. */
    readonly consume: (kind: ArtefactKind, id: string) => Effect.Effect<boolean, StoreUnavailable>;
    readonly remove: (kind: ArtefactKind, id: string) => Effect.Effect<void, StoreUnavailable>;
    /** Removes the grant and all that was given under it; nothing is kept under it any more. */
    readonly revokeGrant: (grant: string) => Effect.Effect<void, StoreUnavailable>;
    /** Whether the id is seen for the first time: true for exactly one, until it expires. */
    readonly first: (
      scope: string,
      id: string,
      expiresAtMs: number,
    ) => Effect.Effect<boolean, StoreUnavailable>;
    /** Forgets what has expired, a bounded number of rows; answers how many went. */
    readonly sweep: Effect.Effect<number, StoreUnavailable>;
  }
>()("authledger/adapters/ports/Artefacts") {}
