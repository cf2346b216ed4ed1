import type { JsonObject } from "../../domain/json.ts";
import { canonicalJson } from "../../domain/ledger/canonical.ts";
import type { Keyring } from "../ports/keyring.ts";

type Wrapped = { readonly keyVersion: number; readonly ciphertext: Uint8Array };

/** What is kept of an id, lower-case hex; of one kind it says nothing about another. */
export function artefactDigest(keyring: Keyring["Service"], kind: string, id: string): string {
  return Buffer.from(keyring.artefact(`artefact/${kind}`, id)).toString("hex");
}

/** A payload bound to its place: moved to another row it does not open. */
export function sealArtefact(
  { wrap }: Keyring["Service"],
  place: { readonly kind: string; readonly digest: string },
  payload: JsonObject,
): Wrapped {
  return wrap("artefact", aadOf(place), Buffer.from(JSON.stringify(payload), "utf8"));
}

/** Undefined when the row was altered or swapped. */
export function openArtefact(
  { unwrap }: Keyring["Service"],
  place: { readonly kind: string; readonly digest: string },
  wrapped: Wrapped,
): JsonObject | undefined {
  const plaintext = unwrap("artefact", aadOf(place), wrapped);
  return plaintext && JSON.parse(Buffer.from(plaintext).toString("utf8"));
}

function aadOf({ kind, digest }: { readonly kind: string; readonly digest: string }): string {
  return canonicalJson(["authledger/artefact/v1", kind, digest]);
}
