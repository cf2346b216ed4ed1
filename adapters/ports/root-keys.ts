import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** What a root key is for; each purpose has its own random 32 bytes per version. */
export type RootKeyPurpose = "data-key" | "vault" | "index" | "mac" | "artefact";

/** A root key as the database holds it: wrapped under a key derived from AUTHLEDGER_SECRET. */
export type WrappedRootKey = {
  readonly purpose: RootKeyPurpose;
  readonly version: number;
  /** Names the secret that wraps it, 16 hex digits; tells nothing about it. */
  readonly secretId: string;
  readonly wrapped: Uint8Array;
};

export class RootKeys extends Context.Service<
  RootKeys,
  {
    readonly all: Effect.Effect<ReadonlyArray<WrappedRootKey>, StoreUnavailable>;
    /** Stores each key unless that purpose and version exists; answers what is stored. */
    readonly found: (
      keys: ReadonlyArray<WrappedRootKey>,
    ) => Effect.Effect<ReadonlyArray<WrappedRootKey>, StoreUnavailable>;
    /** Replaces only the wrapping, all rows or none. */
    readonly rewrap: (keys: ReadonlyArray<WrappedRootKey>) => Effect.Effect<void, StoreUnavailable>;
  }
>()("authledger/adapters/ports/RootKeys") {}
