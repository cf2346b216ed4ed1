import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { canonicalJson } from "../../domain/ledger/canonical.ts";
import type { RootKeyPurpose, WrappedRootKey } from "../ports/root-keys.ts";
import { open, seal } from "./aead.ts";

export const PURPOSES: ReadonlyArray<RootKeyPurpose> = [
  "data-key",
  "vault",
  "index",
  "mac",
  "artefact",
];

/** AES-256 and HMAC-SHA-256 alike. */
export const ROOT_KEY_BYTES = 32;

const SECRET_ID_BYTES = 8;
const WRAPPING_INFO = "authledger/wrapping-key/v1";
const SECRET_ID_INFO = "authledger/secret-id/v1";
const ROOT_KEY_DOMAIN = "authledger/root-key/v1";

/**
 * What one AUTHLEDGER_SECRET is good for: a name that tells nothing about it, and a wrapping key.
 */
export type Wrapper = { readonly secretId: string; readonly key: KeyObject };

/** A root key out of its wrapping; 32 bytes. */
export type RootKey = {
  readonly purpose: RootKeyPurpose;
  readonly version: number;
  readonly bytes: Uint8Array;
};

/** Derives both by HKDF-SHA-256 (RFC 5869) with no salt and different infos. */
export function wrapperOf(secret: Uint8Array): Wrapper {
  const derive = (info: string, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, new Uint8Array(0), info, bytes));
  return {
    secretId: derive(SECRET_ID_INFO, SECRET_ID_BYTES).toString("hex"),
    key: createSecretKey(derive(WRAPPING_INFO, ROOT_KEY_BYTES)),
  };
}

/** A new random key of a purpose. */
export function generate(purpose: RootKeyPurpose, version: number): RootKey {
  return { purpose, version, bytes: randomBytes(ROOT_KEY_BYTES) };
}

export function wrap(wrapper: Wrapper, key: RootKey): WrappedRootKey {
  const { purpose, version, bytes } = key;
  const wrapped = seal(wrapper.key, aadOf(key), bytes);
  return { purpose, version, secretId: wrapper.secretId, wrapped };
}

/** Undefined when another secret wrapped the row, or the row was altered or swapped. */
export function unwrap(wrapper: Wrapper, row: WrappedRootKey): RootKey | undefined {
  if (row.secretId !== wrapper.secretId) return undefined;
  const bytes = open(wrapper.key, aadOf(row), row.wrapped);
  if (bytes?.length !== ROOT_KEY_BYTES) return undefined;
  return { purpose: row.purpose, version: row.version, bytes };
}

function aadOf({ purpose, version }: Pick<RootKey, "purpose" | "version">): string {
  return canonicalJson([ROOT_KEY_DOMAIN, purpose, version]);
}
