/**
 * What an event says of a secret that it never holds: the vault row, and the digest that a swapped
 * row would not have.
 *
 * Shape: `digest` is the SHA-256 of the row's ciphertext, lower-case hex.
 */
export type VaultReference = { readonly id: string; readonly digest: string };

/** The same row in the same version. */
export function sameReference(one: VaultReference | undefined, other: VaultReference): boolean {
  return one?.id === other.id && one.digest === other.digest;
}
