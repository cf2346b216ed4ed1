/** Shorter prefixes would match half of everybody. */
export const PREFIX_MIN = 2;
/** Characters of a word that are compared: longer words that begin alike are found together. */
export const PREFIX_MAX = 12;
/** Words of one value that are indexed: a value of nothing but short words stays bounded. */
export const WORDS_MAX = 24;
/** Words of one query; each costs a look-up for every candidate. */
export const QUERY_WORDS_MAX = 8;

/** The values of a person by which they are found. */
export type SearchField = "name" | "username" | "email";

/** Letters of Latin script that decompose into nothing, as people type them. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  æ: "ae",
  œ: "oe",
  ı: "i",
  ς: "σ",
};
/** Combining marks of European scripts; the marks of other scripts tell letters apart. */
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]/g;
const SEPARATORS = /[^\p{L}\p{N}\p{M}]+/u;

/**
 * One spelling for what people type alike: compatibility forms, case and diacritics are gone, so
 * that "jose" finds "José" and "STRASSE" finds "Straße".
 *
 * Source: UAX #15 (NFKC), Unicode 16 section 5.18 (case folding by upper, then lower case).
 */
export function folded(text: string): string {
  // Lower first: the capital sharp s alone has no longer upper case.
  const cased = text.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase();
  const bare = cased.normalize("NFD").replaceAll(MARKS, "").normalize("NFKC");
  return [...bare].map((letter) => PLAIN[letter] ?? letter).join("");
}

/** What a person is found by: the prefixes of the words of one value, each once. */
export function indexedTerms(field: SearchField, value: string): ReadonlyArray<string> {
  const text = folded(value);
  const terms = new Set(wordsOf(text).slice(0, WORDS_MAX).flatMap(prefixesOf));
  // The local part to its end, so that a whole address finds nobody with a longer one.
  if (field === "email") terms.add(localTerm(text.slice(0, text.lastIndexOf("@"))));
  return [...terms];
}

/**
 * What somebody looks for: terms of which a person must have every one. Undefined when no word of
 * the query is long enough to look for, or there are too many.
 *
 * Before an `@` stands a whole local part; everything else is the beginning of a word.
 */
export function wantedTerms(query: string): ReadonlyArray<string> | undefined {
  const terms = new Set<string>();
  for (const part of folded(query).split(/\s+/)) {
    const at = part.lastIndexOf("@");
    if (at > 0) terms.add(localTerm(part.slice(0, at)));
    for (const word of wordsOf(part.slice(at + 1))) terms.add(cut(word));
  }
  return terms.size === 0 || terms.size > QUERY_WORDS_MAX ? undefined : [...terms];
}

function wordsOf(text: string): ReadonlyArray<string> {
  return text.split(SEPARATORS).filter((word) => [...word].length >= PREFIX_MIN);
}

function prefixesOf(word: string): ReadonlyArray<string> {
  const letters = [...word].slice(0, PREFIX_MAX);
  return letters.slice(PREFIX_MIN - 1).map((_, at) => letters.slice(0, at + PREFIX_MIN).join(""));
}

function cut(word: string): string {
  return [...word].slice(0, PREFIX_MAX).join("");
}

/** No word holds an `@`, so it is no prefix of one. */
function localTerm(local: string): string {
  return `${local}@`;
}
