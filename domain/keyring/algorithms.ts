/**
 * What tokens may be signed with.
 *
 * Source: RFC 7518, section 3.1 (RS256, ES256); RFC 8037, section 3.1 (EdDSA, of Ed25519).
 */
export const SIGNING_ALGORITHMS = ["RS256", "ES256", "EdDSA"] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/**
 * The public half of a pair, with the members that its thumbprint is made of.
 *
 * Shape: numbers and coordinates in base64url. Source: RFC 7518, section 6; RFC 8037, section 2.
 */
export type PublicJwk =
  | { readonly kty: "RSA"; readonly n: string; readonly e: string }
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
  | { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly x: string };
