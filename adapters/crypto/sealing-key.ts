import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { OwnerId, Sealed } from "../../domain/sealed.ts";
import type { Keyring } from "../ports/keyring.ts";
import type { WrappedDataKey } from "../ports/ledger.ts";
import type { SealingKey } from "../ports/sealer.ts";
import { dataKeyAad, sealedAad } from "./aad.ts";
import { NONCE_BYTES, open, seal, TAG_BYTES } from "./aead.ts";

const DATA_KEY_BYTES = 32;

/** Owners begin with their first key; a later generation replaces it. */
const FIRST_GENERATION = 1;

/** A new random data key, wrapped. */
export function mintKey(keyring: Keyring["Service"], owner: OwnerId): SealingKey {
  const bytes = randomBytes(DATA_KEY_BYTES);
  const aad = dataKeyAad(owner, FIRST_GENERATION);
  const { keyVersion, ciphertext } = keyring.wrap("data-key", aad, bytes);
  const row = { owner, generation: FIRST_GENERATION, keyVersion, wrapped: ciphertext };
  return sealingKey(row, createSecretKey(bytes));
}

/** The key inside a row; undefined when the row was altered or belongs to another owner. */
export function unwrapKey(keyring: Keyring["Service"], row: WrappedDataKey): KeyObject | undefined {
  const { owner, generation, keyVersion, wrapped } = row;
  const bytes = keyring.unwrap("data-key", dataKeyAad(owner, generation), {
    keyVersion,
    ciphertext: wrapped,
  });
  return bytes?.length === DATA_KEY_BYTES ? createSecretKey(bytes) : undefined;
}

/** Seals under an open data key. */
export function sealingKey(row: WrappedDataKey, key: KeyObject): SealingKey {
  const { owner, generation } = row;
  return {
    row,
    seal: (ledger, field, plaintext): Sealed => {
      const sealed = seal(key, sealedAad({ ledger, owner, generation, field }), plaintext);
      const nonce = base64url(sealed.subarray(0, NONCE_BYTES));
      return { owner, generation, nonce, ct: base64url(sealed.subarray(NONCE_BYTES)) };
    },
  };
}

/** The plaintext of a value in its place; undefined when any of it is not what was sealed. */
export function openSealed(
  key: KeyObject,
  place: Parameters<typeof sealedAad>[0],
  { nonce, ct }: Pick<Sealed, "nonce" | "ct">,
): string | undefined {
  const head = Buffer.from(nonce, "base64url");
  const tail = Buffer.from(ct, "base64url");
  if (head.length !== NONCE_BYTES || tail.length < TAG_BYTES) return undefined;
  // Decoding forgives stray bits and characters; only the one spelling is the sealed value.
  if (base64url(head) !== nonce || base64url(tail) !== ct) return undefined;
  const plaintext = open(key, sealedAad(place), Buffer.concat([head, tail]));
  return plaintext === undefined ? undefined : Buffer.from(plaintext).toString("utf8");
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}
