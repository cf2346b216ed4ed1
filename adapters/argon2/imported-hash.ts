import { parseForeignHash } from "./foreign-hash.ts";

/*
 * Password hashes as other programs keep them, in the form that we store (see the port
 * PasswordHash). Each answers undefined for what it cannot read or would cost too much to verify:
 * that person sets a new password.
 */

/** argon2 with at most this memory and work for one hash. */
const ARGON2_MEMORY_KIB_MAX = 128 * 1024;
const ARGON2_PASSES_MAX = 16;
const ARGON2 = /^\$argon2(?:id|i|d)\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=\d{1,2}\$[\w+/]+\$[\w+/]+$/;

/** Better Auth: `salt:key` in hex, scrypt over the salt's hex digits as text. */
const BETTER_AUTH = /^([0-9a-f]{32}):([0-9a-f]{128})$/;
const BETTER_AUTH_COST = "ln=14,r=16,p=1";

/** Already PHC or crypt text: argon2, bcrypt, and our own forms. */
export function importedPhc(text: string): string | undefined {
  const argon2 = ARGON2.exec(text);
  if (argon2 !== null) {
    const [, memoryKib, passes] = argon2.map(Number);
    const bounded = (memoryKib ?? 0) <= ARGON2_MEMORY_KIB_MAX && (passes ?? 0) <= ARGON2_PASSES_MAX;
    return bounded ? text : undefined;
  }
  return parseForeignHash(text) === undefined ? undefined : text;
}

/**
 * `account.password` of Better Auth: its own scrypt, or PHC or bcrypt where it was configured so.
 *
 * Source: better-auth 1.x, src/crypto/password.ts (N 16384, r 16, p 1, 64 bytes; NFKC).
 */
export function importedBetterAuth(text: string): string | undefined {
  const [, salt, key] = BETTER_AUTH.exec(text) ?? [];
  if (salt === undefined || key === undefined) return importedPhc(text);
  return checked(`$scrypt$${BETTER_AUTH_COST}$${b64(Buffer.from(salt))}$${b64(hex(key))}`);
}

/** A row of Keycloak's `credential` of type `password`, both columns parsed from their JSON. */
export type KeycloakPassword = {
  readonly credentialData: { readonly hashIterations?: unknown; readonly algorithm?: unknown };
  readonly secretData: { readonly value?: unknown; readonly salt?: unknown };
};

/** Source: Keycloak, Pbkdf2PasswordHashProvider and PasswordCredentialData. */
export function importedKeycloak(row: KeycloakPassword): string | undefined {
  const { hashIterations, algorithm } = row.credentialData;
  const { value, salt } = row.secretData;
  if (typeof value !== "string" || typeof salt !== "string") return undefined;
  if (algorithm !== "pbkdf2-sha256" && algorithm !== "pbkdf2-sha512") return undefined;
  const [saltBytes, key] = [Buffer.from(salt, "base64"), Buffer.from(value, "base64")];
  return checked(`$${algorithm}$i=${Number(hashIterations)}$${b64(saltBytes)}$${b64(key)}`);
}

const hex = (text: string) => Buffer.from(text, "hex");
const b64 = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
const checked = (stored: string) => (parseForeignHash(stored) === undefined ? undefined : stored);
