import * as Effect from "effect/Effect";
import type { KeySet, SigningKey } from "../../adapters/ports/openid-host.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import { Vault } from "../../adapters/ports/vault.ts";
import type { JsonObject } from "../../domain/json.ts";
import { isPublic, type SigningKeyRow } from "../../projections/jwks.ts";
import { foundKeys } from "../keys/signing-keys.ts";

/**
 * The keys that sign now and those that verify; made anew when the model has other rows. A process
 * that cannot confirm its model within the bound of all models in memory fails, and signs nothing.
 * `fresh` answers without waiting, and nothing where only `current` can tell.
 */
export const keySets = (model: SigningKeys["Service"]) => {
  let known: KeySet | undefined;
  let at = -1;
  const current = Effect.gen(function* () {
    const rows = yield* model.rows;
    const version = versionOf([...rows.values()]);
    if (known?.version === version) return known;
    if (rows.size === 0) yield* foundKeys;
    const all = [...(yield* model.rows).values()];
    const signing: Array<SigningKey> = [];
    for (const row of all.filter(({ status }) => status === "active")) {
      const key = yield* signingKey(row);
      if (key !== undefined) signing.push(key);
    }
    known = {
      version: versionOf(all),
      signing,
      verifying: all
        .filter(({ status }) => isPublic(status))
        .map(({ publicKey, kid, algorithm: alg }) => ({ ...publicKey, kid, alg })),
    };
    // Another run may have made a newer one meanwhile: which is right, the rows say again.
    at = -1;
    return known;
  });
  const fresh = (nowMs: number): KeySet | undefined => {
    const rows = model.fresh(nowMs);
    if (rows === undefined || known === undefined) return undefined;
    const position = model.position();
    if (position === at) return known;
    if (versionOf([...rows.all().values()]) !== known.version) return undefined;
    at = position;
    return known;
  };
  return { current, fresh };
};

const signingKey = ({ kid, algorithm, privateKey }: SigningKeyRow) =>
  Effect.gen(function* () {
    if (privateKey === undefined) return undefined;
    const row = yield* (yield* Vault).get(privateKey.id);
    const bytes = row && (yield* Sealer).disclose("identity", row, privateKey);
    // Destroyed since the rows were read: the next look finds another one active.
    if (bytes === undefined) return undefined;
    const jwk = JSON.parse(Buffer.from(bytes).toString("utf8")) as JsonObject;
    return { kid, algorithm, jwk } satisfies SigningKey;
  });

function versionOf(rows: ReadonlyArray<SigningKeyRow>): string {
  return rows
    .filter(({ status }) => isPublic(status))
    .map(({ kid, status }) => `${kid}:${status}`)
    .join(" ");
}
