import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { PublicJwk, SigningAlgorithm } from "../../domain/keyring/mod.ts";

/** A new pair. */
export type KeyPair = {
  /** The RFC 7638 thumbprint of the public half. */
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: PublicJwk;
  /** A JWK with its private members, as UTF-8 JSON: for the vault, and for nothing else. */
  readonly privateKey: Uint8Array;
};

/** Makes pairs to sign tokens with. */
export class KeyPairs extends Context.Service<
  KeyPairs,
  {
    /** RSA of 2,048 bits takes a core for a tenth of a second, off the event loop. */
    readonly generate: (algorithm: SigningAlgorithm) => Effect.Effect<KeyPair>;
  }
>()("authledger/adapters/ports/KeyPairs") {}
