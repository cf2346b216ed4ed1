import * as Effect from "effect/Effect";
import { userCodec } from "../../adapters/codec/user.ts";
import { PasswordHash } from "../../adapters/ports/password-hash.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { Vault } from "../../adapters/ports/vault.ts";
import { load } from "../../adapters/transact.ts";
import { user } from "../../domain/user/mod.ts";
import { sameReference, type VaultReference } from "../../domain/vault-reference.ts";

/** Names no stream and no vault row: looked up so that nobody costs as much as somebody. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Hashes a chosen password into a vault row of its own; the reference goes into the event. */
export const enclosePassword = (userId: string, password: string) =>
  Effect.gen(function* () {
    const phc = yield* (yield* PasswordHash).hash(password);
    return (yield* Sealer).enclose({
      ledger: "identity",
      id: `password:${crypto.randomUUID()}`,
      kind: "password",
      owner: `user:${userId}`,
      plaintext: new TextEncoder().encode(phc),
    });
  });

/** Whether this password is still the user's, at the head of their stream. */
export const isCurrentPassword = (userId: string, password: VaultReference) =>
  Effect.map(load({ decider: user, codec: userCodec }, userId), ({ state }) =>
    sameReference(state.password, password),
  );

/**
 * Whether this is the user's password, at the head of their stream. Takes the same steps and time
 * for nobody, for somebody without a password and for a wrong one. `outdated`: it is right, and its
 * hash is not one that we would make today.
 */
export const verifyPassword = (userId: string | undefined, password: string) =>
  Effect.gen(function* () {
    const { state } = yield* load({ decider: user, codec: userCodec }, userId ?? NOBODY);
    const row = yield* (yield* Vault).get(state.password?.id ?? NOBODY);
    const plaintext =
      row === undefined || state.password === undefined
        ? undefined
        : (yield* Sealer).disclose("identity", row, state.password);
    const phc = plaintext === undefined ? undefined : new TextDecoder().decode(plaintext);
    const hashes = yield* PasswordHash;
    const verified = (yield* hashes.verify(phc, password)) && phc !== undefined;
    return { verified, outdated: verified && !hashes.isCurrent(phc), state };
  });
