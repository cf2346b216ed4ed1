import { z } from "zod";

/*
 * The fields that stored events are made of. Every string says what it is: `structural` (an id, a
 * name, a time: never about a person) or `sealed`. The catalogue test refuses one that does not.
 */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const VAULT_ID = /^[\x21-\x7e]{1,200}$/;

/** A nonce of 12 bytes in base64url. */
const NONCE = /^[A-Za-z0-9_-]{16}$/;
/** At least the 16-byte tag of AES-256-GCM, in base64url. */
const CIPHERTEXT = /^[A-Za-z0-9_-]{22,}$/;

/** A string that is not about a person. */
export function structural(pattern: RegExp) {
  return z.string().regex(pattern).meta({ class: "structural" });
}

/** A lower-case UUID. */
export const uuid = z.string().regex(UUID).meta({ class: "structural", format: "uuid" });

/** RFC 3339 in UTC with milliseconds, so that text order is time order. */
export const time = z.iso.datetime({ precision: 3 }).meta({ class: "structural" });

/** An absolute http or https URL. */
export const url = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .meta({ class: "structural" });

/** Which vault row, and the SHA-256 of its ciphertext. */
export const vaultReference = z.strictObject({
  id: structural(VAULT_ID),
  digest: structural(/^[0-9a-f]{64}$/),
});

/** Whose key a personal value is sealed under. */
export type SealedOwnerKind = "user" | "invitation";

/** A personal value: `field` is the name that its AAD binds, `<category>.<member>`. */
export function personal(field: string, owner: SealedOwnerKind) {
  return z
    .strictObject({
      owner: z.templateLiteral([`${owner}:`, uuid]),
      generation: z.int().min(1),
      nonce: z.string().regex(NONCE),
      ct: z.string().regex(CIPHERTEXT),
    })
    .meta({ class: "sealed", field, owner });
}

/** What a client is called by (RFC 6749, appendix A.1). */
export const clientId = structural(/^[\x21-\x7e]{1,100}$/);

/** RFC 6749, section 3.3. */
export const scope = structural(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/);

/** What tokens name an API by (RFC 8707). */
export const audience = structural(/^[\x21-\x7e]{1,512}$/);
