import type { VaultReference } from "../vault-reference.ts";
import type { PublicJwk, SigningAlgorithm } from "./algorithms.ts";

/**
 * Facts about the keys that tokens are signed with. `kid` is the key's RFC 7638 thumbprint; times
 * are RFC 3339 in UTC with milliseconds. Stored for ever: never rename or re-mean, only add.
 */
export type KeyringEvent =
  /** A pair was made; its private half is a vault row. */
  | {
      readonly type: "SigningKeyMinted";
      readonly kid: string;
      readonly algorithm: SigningAlgorithm;
      readonly publicKey: PublicJwk;
      readonly privateKey: VaultReference;
    }
  /** It is in the JWKS, as the one that signs next, at the earliest from `signsFrom`. */
  | { readonly type: "SigningKeyPublished"; readonly kid: string; readonly signsFrom: string }
  /** It signs, and is due to be followed at `rotatesAt`. */
  | { readonly type: "SigningKeyActivated"; readonly kid: string; readonly rotatesAt: string }
  /** It signs no more, its private half is destroyed, and it verifies until `withdrawnFrom`. */
  | { readonly type: "SigningKeyRetired"; readonly kid: string; readonly withdrawnFrom: string }
  /** It left the JWKS: what it signed has expired long ago. */
  | { readonly type: "SigningKeyWithdrawn"; readonly kid: string }
  /** Somebody else may have it: it left the JWKS at once, and what it signed verifies no more. */
  | { readonly type: "SigningKeyCompromised"; readonly kid: string };
