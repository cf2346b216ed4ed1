import type { Sealed } from "../../domain/sealed.ts";
import type { VaultReference } from "../../domain/vault-reference.ts";

/* The people and values of the catalogue's samples: fixed, so that its answer never varies. */

export const userId = "0b6f4c1e-6d0a-4c53-9a0f-6f7a3f2f5c11";
export const accountId = "5f1c2a34-9f59-4f0e-8f3d-2f6f0b7f9d20";
export const sessionId = "9e2b7c7a-3a55-4b1c-8a5e-1d2c3b4a5968";
export const time = "2026-11-21T03:38:57.000Z";

/** A value sealed for the sample user. */
export const sealed: Sealed = {
  owner: `user:${userId}`,
  generation: 1,
  nonce: "q8Zb3m0Tn2Yx5v1A",
  ct: "Zm9yIHRoZSBjYXRhbG9ndWUgb25seSwgbm90aGluZyBpcyBpbiBoZXJl",
};

/** A value sealed for whoever was invited by the sample invitation. */
export const invited: Sealed = {
  ...sealed,
  owner: "invitation:7c9e6679-7425-40de-944b-e07fc1f90ae7",
};

export const vaultReference: VaultReference = {
  id: "password:5f1c2a34-9f59-4f0e-8f3d-2f6f0b7f9d20",
  digest: "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab",
};
