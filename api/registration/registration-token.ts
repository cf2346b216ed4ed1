import { timingSafeEqual } from "node:crypto";
import * as Effect from "effect/Effect";
import { registrationTokenCodec } from "../../adapters/codec/registration-token.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { Vault } from "../../adapters/ports/vault.ts";
import { load } from "../../adapters/transact.ts";
import type { Actor } from "../../domain/ledger/entry.ts";
import { registrationToken } from "../../domain/registration-token/mod.ts";
import { isBlockedAt } from "../../domain/user/mod.ts";
import type { RegistrationTokenRow } from "../../projections/registration-tokens.ts";
import { effectiveRoles, type UserRow } from "../../projections/users.ts";

export const aggregate = { decider: registrationToken, codec: registrationTokenCodec };

/** What a scanner for leaked secrets finds it by, its id, and 256 bits that nobody guesses. */
const TOKEN = /^alr_([0-9a-f-]{36})\.[\w-]{43}$/;

/** Where the digest of a token is kept. */
export function vaultIdOf(id: string): string {
  return `registration-token:${id}`;
}

/**
 * A new token, shown once and kept in the vault as a digest. It is derived from the request under
 * the artefact key, so that a repeat of the request shows the same.
 */
export const newRegistrationToken = (id: string, requestId: string) =>
  Effect.gen(function* () {
    const { artefact } = yield* Keyring;
    const bytes = artefact("new-registration-token", requestId);
    const plain = `alr_${id}.${Buffer.from(bytes).toString("base64url")}`;
    const { row, reference } = (yield* Sealer).enclose({
      ledger: "identity",
      id: vaultIdOf(id),
      kind: "registration-token",
      owner: `registration-token:${id}`,
      plaintext: artefact("registration-token", plain),
    });
    return { plain, row, reference };
  });

/** A token that was presented and is one of ours, and in whose name it acts. */
export type Presented = { readonly id: string; readonly actor: Actor };

/**
 * The token that was presented; undefined where it is none of ours, or whoever issued it may give
 * out none any more: it acts in their name.
 */
export const presentedToken = (plain: string, now: string) =>
  Effect.gen(function* () {
    const [, id] = TOKEN.exec(plain) ?? [];
    if (id === undefined) return undefined;
    const { state } = yield* load(aggregate, id);
    if (state.status !== "issued") return undefined;
    const kept = yield* (yield* Vault).get(state.secret.id);
    const digest = kept && (yield* Sealer).disclose("identity", kept, state.secret);
    const given = (yield* Keyring).artefact("registration-token", plain);
    if (digest?.byteLength !== given.byteLength || !timingSafeEqual(digest, given)) {
      return undefined;
    }
    const models = yield* ReadModels;
    const row = (yield* models.get("initial_tokens", id))?.row as RegistrationTokenRow;
    if (row === undefined) return undefined;
    const [, userId = ""] = /^user:(.+)$/.exec(row.issuedBy) ?? [];
    const issuer = (yield* models.get("users", userId))?.row as UserRow | undefined;
    if (issuer === undefined || !mayIssue(issuer, now)) return undefined;
    return { id, actor: row.issuedBy as Actor } satisfies Presented;
  });

function mayIssue(row: UserRow, now: string): boolean {
  if (row.status === "erased" || isBlockedAt(row, now)) return false;
  const roles = effectiveRoles(row);
  return roles.includes("architect") || roles.includes("admin");
}
