import { pbkdf2Sync, scryptSync, timingSafeEqual } from "node:crypto";
import { compareSync } from "bcryptjs";

/** Memory of one scrypt hash at most: ours takes 19 MiB, and there are several slots. */
const SCRYPT_BYTES_MAX = 128 * 1024 * 1024;
/** About a second of one core. */
const PBKDF2_ITERATIONS_MAX = 2_000_000;
/** About two seconds of one core in JavaScript; each step doubles it. */
const BCRYPT_COST_MAX = 15;
/** Bytes of salt and of key: below, they guard nothing; above, they are not what they say. */
const SALT_BYTES_MAX = 256;
const KEY_BYTES_MIN = 16;
const KEY_BYTES_MAX = 128;

const B64 = "([A-Za-z0-9+/]+)";
const SCRYPT = new RegExp(
  `^\\$scrypt\\$ln=(\\d{1,2}),r=(\\d{1,3}),p=(\\d{1,3})\\$${B64}\\$${B64}$`,
);
const PBKDF2 = new RegExp(`^\\$pbkdf2-(sha256|sha512)\\$i=(\\d{1,8})\\$${B64}\\$${B64}$`);
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** A stored hash of another scheme, ready to be compared. */
export type ForeignHash =
  | {
      readonly scheme: "scrypt";
      readonly salt: Buffer;
      readonly key: Buffer;
      readonly cost: { readonly N: number; readonly r: number; readonly p: number };
    }
  | {
      readonly scheme: "pbkdf2";
      readonly salt: Buffer;
      readonly key: Buffer;
      readonly digest: string;
      readonly iterations: number;
    }
  | { readonly scheme: "bcrypt"; readonly stored: string };

/** Undefined when it is none that we know, or costs more than we spend on one. */
export function parseForeignHash(stored: string): ForeignHash | undefined {
  const bcrypt = BCRYPT.exec(stored);
  if (bcrypt !== null) {
    const cost = Number(bcrypt[1]);
    return cost >= 4 && cost <= BCRYPT_COST_MAX ? { scheme: "bcrypt", stored } : undefined;
  }
  const scrypted = SCRYPT.exec(stored);
  if (scrypted !== null) {
    const [, ln, r, p, salt = "", key = ""] = scrypted;
    const cost = { N: 2 ** Number(ln), r: Number(r), p: Number(p) };
    const bytes = 128 * cost.N * cost.r * cost.p;
    if (cost.N < 2 || bytes === 0 || bytes > SCRYPT_BYTES_MAX) return undefined;
    const parts = saltAndKey(salt, key);
    return parts && { scheme: "scrypt", ...parts, cost };
  }
  const [, hash, i, salt = "", key = ""] = PBKDF2.exec(stored) ?? [];
  const iterations = Number(i);
  if (hash === undefined || iterations === 0 || iterations > PBKDF2_ITERATIONS_MAX) {
    return undefined;
  }
  const parts = saltAndKey(salt, key);
  return parts && { scheme: "pbkdf2", ...parts, digest: hash, iterations };
}

/** Whether the password fits. It takes its time: only for a thread of its own. */
export function verifyForeign(hash: ForeignHash, password: string): boolean {
  switch (hash.scheme) {
    case "bcrypt":
      return compareSync(password, hash.stored);
    case "scrypt": {
      const { salt, key, cost } = hash;
      const limits = { ...cost, maxmem: 2 * SCRYPT_BYTES_MAX };
      return timingSafeEqual(scryptSync(password, salt, key.length, limits), key);
    }
    case "pbkdf2": {
      const { salt, key, iterations, digest } = hash;
      return timingSafeEqual(pbkdf2Sync(password, salt, iterations, key.length, digest), key);
    }
    default:
      return hash satisfies never;
  }
}

function saltAndKey(saltText: string, keyText: string) {
  const [salt, key] = [Buffer.from(saltText, "base64"), Buffer.from(keyText, "base64")];
  const fits =
    salt.length <= SALT_BYTES_MAX && key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX;
  return fits ? { salt, key } : undefined;
}
