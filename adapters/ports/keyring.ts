import * as Context from "effect/Context";

/** What a stored entry is authenticated and looked up by; the unwrapped root keys stay inside. */
export class Keyring extends Context.Service<
  Keyring,
  {
    /** Names the newest secret, 16 hex digits. */
    readonly secretId: string;
    /** HMAC-SHA-256 over ledger and leaf under the append key; 32 bytes. FORMAT.md, "MAC". */
    readonly mac: (ledger: string, leaf: Uint8Array) => Uint8Array;
    /** Claim digest of a normalised value, lower-case hex. FORMAT.md, "Claim digest". */
    readonly claimDigest: (kind: string, value: string) => string;
    /**
     * What stands for a term by which people are found: the first 64 bits of an HMAC under the
     * index key, signed, with a domain of its own: no claim's digest begins like it.
     */
    readonly searchTerm: (term: string) => bigint;
    /** HMAC under the artefact key, 32 bytes: one-time tokens, digests of idempotency keys. */
    readonly artefact: (purpose: string, value: string) => Uint8Array;
    /** AES-256-GCM under a root key; answers nonce ‖ ct ‖ tag. */
    readonly wrap: (
      purpose: "data-key" | "vault" | "artefact",
      aad: string,
      plaintext: Uint8Array,
    ) => { readonly keyVersion: number; readonly ciphertext: Uint8Array };
    /** Undefined when the bytes or the associated data are not the ones that were wrapped. */
    readonly unwrap: (
      purpose: "data-key" | "vault" | "artefact",
      aad: string,
      wrapped: { readonly keyVersion: number; readonly ciphertext: Uint8Array },
    ) => Uint8Array | undefined;
  }
>()("authledger/adapters/ports/Keyring") {}
