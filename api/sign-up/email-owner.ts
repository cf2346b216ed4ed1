import * as Effect from "effect/Effect";
import { Claims } from "../../adapters/ports/claims.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";

/** The claim that makes a normalised address one person's. */
export const emailClaim = (email: string) =>
  Effect.map(Keyring, ({ claimDigest }) => ({
    kind: "email",
    digest: claimDigest("email", email),
  }));

/** Whose address it is, at the head. */
export const emailOwner = (email: string) =>
  Effect.gen(function* () {
    const { kind, digest } = yield* emailClaim(email);
    return yield* (yield* Claims).owner(kind, digest);
  });
