import { createRequire } from "node:module";

const LIST = "@zxcvbn-ts/language-common/dist/passwords.json.cjs";

/** Shorter ones are refused for their length. */
const CHARACTERS_MIN = 8;

let common: ReadonlySet<string> | undefined;

/**
 * Whether everybody who guesses tries it: among some 18,000 of 8 characters or more that leaked
 * lists share, whatever its case.
 *
 * Limits: loaded when first asked, in about 15 ms; 3 MiB of memory from then on.
 * Source: @zxcvbn-ts/language-common, made from lists of leaked passwords; nothing is asked online.
 */
export function isCommonPassword(password: string): boolean {
  common ??= load();
  return common.has(password.normalize("NFKC").toLowerCase());
}

function load(): ReadonlySet<string> {
  const require = createRequire(import.meta.url);
  const list = require(LIST) as ReadonlyArray<string>;
  // Its other half, and the form it came in, need not stay.
  delete require.cache[require.resolve(LIST)];
  const long = list.filter((word) => word.length >= CHARACTERS_MIN);
  return new Set(long.map((word) => word.normalize("NFKC").toLowerCase()));
}
