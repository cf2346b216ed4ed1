/**
 * "The subject has the relation to the object."
 *
 * Shape: `object` is `type:id`; `subject` is `type:id`, `type:id#relation` (everybody who has that
 * relation) or `type:*` (everybody of the type). Ids are opaque and never personal.
 * Source: OpenFGA, "Relationship tuples"; lengths as its API limits them.
 */
export type Tuple = {
  readonly object: string;
  readonly relation: string;
  readonly subject: string;
};

// No "#", white space, control character or lone surrogate anywhere; names exclude ":" and "@" too.
const TYPE = String.raw`[^:#@\s\p{Cc}\p{Cs}]{1,254}`;
const RELATION = String.raw`[^:#@\s\p{Cc}\p{Cs}]{1,50}`;
const ID = String.raw`(?!\*(?:#|$))[^#\s\p{Cc}\p{Cs}]{1,256}`;

/** `type:id`. */
export const OBJECT = new RegExp(`^${TYPE}:${ID}$`, "u");
/** A relation's name. */
export const RELATION_NAME = new RegExp(`^${RELATION}$`, "u");
/** `type:id`, `type:id#relation` or `type:*`. */
export const SUBJECT = new RegExp(`^${TYPE}:(?:\\*|${ID}(?:#${RELATION})?)$`, "u");
/** A cause's label; empty is the default cause. */
export const CAUSE = /^[\x21-\x7e]{0,128}$/;

/**
 * Bytes of the three parts together at most: a B-tree entry ends at 2,704 and also holds the rest
 * of the key.
 */
export const TUPLE_BYTES_MAX = 2000;

/** Whether all three parts are in the grammar and fit an index entry together. */
export function isTuple(tuple: Tuple): boolean {
  return (
    OBJECT.test(tuple.object) &&
    RELATION_NAME.test(tuple.relation) &&
    SUBJECT.test(tuple.subject) &&
    utf8Bytes(tupleKey(tuple)) <= TUPLE_BYTES_MAX
  );
}

/** Names a tuple in its store: equal for equal tuples only, since ids may contain the separator. */
export function tupleKey({ object, relation, subject }: Tuple): string {
  return [object, relation, subject].map(escapeSeparator).join("|");
}

function escapeSeparator(part: string): string {
  if (!/[%|]/.test(part)) return part;
  return part.replaceAll("%", "%25").replaceAll("|", "%7C");
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
