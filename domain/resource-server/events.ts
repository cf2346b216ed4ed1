import type { SigningAlgorithm } from "../keyring/mod.ts";

/** A scope of an API, and what people are told that it lets an application do. */
export type Scope = { readonly name: string; readonly description: string };

/** What is registered of an API and may be revised. */
export type ResourceServerMetadata = {
  readonly name: string;
  readonly scopes: ReadonlyArray<Scope>;
  /** What its access tokens are signed with, where it wants another than the usual one. */
  readonly signingAlgorithm?: SigningAlgorithm;
};

/**
 * Facts about one API that access tokens are issued for. Stored for ever: never rename or re-mean,
 * only add.
 */
export type ResourceServerEvent =
  /** `audience` is what tokens name it by (RFC 8707), for ever. */
  | ({
      readonly type: "ResourceServerRegistered";
      readonly audience: string;
    } & ResourceServerMetadata)
  /** All of it, as it is from here on. */
  | ({ readonly type: "ResourceServerRevised" } & ResourceServerMetadata)
  /** No token is issued for it any more. */
  | { readonly type: "ResourceServerRemoved" };
