import * as Effect from "effect/Effect";
import { Claims } from "../../adapters/ports/claims.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import type { INVITED } from "../../adapters/reactions/take-back-invitation.ts";

/** What is one person's at a time, an address of one invitation, an audience of one API. */
export type ClaimKind = "email" | "username" | "provider" | typeof INVITED | "audience";

/** Where the claim on a normalised value stands. */
export const claimOf = (kind: ClaimKind, value: string) =>
  Effect.map(Keyring, ({ claimDigest }) => ({ kind, digest: claimDigest(kind, value) }));

/** Of a normalised address. */
export const emailClaim = (email: string) => claimOf("email", email);

/** Of a normalised username. */
export const usernameClaim = (username: string) => claimOf("username", username);

/** Of an account at a provider: the provider's id, which holds no space, and its subject. */
export const providerClaim = (provider: string, providerSubject: string) =>
  claimOf("provider", providerAccount(provider, providerSubject));

/** What the claim of an account at a provider is made of. */
export function providerAccount(provider: string, providerSubject: string): string {
  return `${provider} ${providerSubject}`;
}

/** Whose it is, at the head. */
export const claimOwner = (claim: Effect.Effect<Place, never, Keyring>) =>
  Effect.gen(function* () {
    const { kind, digest } = yield* claim;
    return yield* (yield* Claims).owner(kind, digest);
  });
type Place = { readonly kind: ClaimKind; readonly digest: string };

/** Whose address it is, at the head. */
export const emailOwner = (email: string) => claimOwner(emailClaim(email));
