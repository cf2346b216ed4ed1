import type { Sha256 } from "./derive.ts";

/** RFC 6962 section 2.1: a node hashes this byte, then its two children. */
const NODE_PREFIX = 0x01;

/**
 * An append-only Merkle tree as the roots of its complete subtrees, largest first: all that is
 * needed to append and to tell the root, in space that grows with the logarithm of the size.
 */
export type CompactRange = {
  readonly size: number;
  readonly roots: ReadonlyArray<Uint8Array>;
};

export const EMPTY_RANGE: CompactRange = { size: 0, roots: [] };

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeOf(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + left.length + right.length);
  input[0] = NODE_PREFIX;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return sha256(input);
}

/** The tree with one more leaf hash; as many subtrees merge as the size has trailing one bits. */
export function appendLeaf(sha256: Sha256, range: CompactRange, leaf: Uint8Array): CompactRange {
  const roots = [...range.roots];
  let root = leaf;
  // Division instead of a shift: sizes go past 32 bits.
  for (let size = range.size; size % 2 === 1; size = (size - 1) / 2) {
    const left = roots.pop();
    if (left === undefined) break;
    root = nodeOf(sha256, left, root);
  }
  roots.push(root);
  return { size: range.size + 1, roots };
}

/** The Merkle tree hash (RFC 6962 section 2.1); of the empty tree, the hash of no bytes. */
export function rootOf(sha256: Sha256, { roots }: CompactRange): Uint8Array {
  let root: Uint8Array | undefined;
  for (let index = roots.length - 1; index >= 0; index--) {
    const left = roots[index];
    if (left === undefined) break;
    root = root === undefined ? left : nodeOf(sha256, left, root);
  }
  return root ?? sha256(new Uint8Array(0));
}
