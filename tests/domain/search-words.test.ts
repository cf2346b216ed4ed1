import fc from "fast-check";
import { expect, test } from "vitest";
import {
  folded,
  indexedTerms,
  PREFIX_MAX,
  QUERY_WORDS_MAX,
  WORDS_MAX,
  wantedTerms,
} from "../../domain/user/search-words.ts";

const finds = (query: string, field: "name" | "username" | "email", value: string) => {
  const terms = new Set(indexedTerms(field, value));
  return wantedTerms(query)?.every((term) => terms.has(term));
};

test.each([
  ["jose", "name", "José García"],
  ["GARC", "name", "José García"],
  ["garcia jo", "name", "José García"],
  ["josé", "name", "Jose Garcia"],
  ["strasse", "name", "Anna Straße"],
  ["STRAẞE", "name", "anna strasse"],
  ["soren", "name", "Søren Kierkegaard"],
  ["lodz", "name", "Łódź"],
  ["ａｄａ", "name", "Ada Lovelace"],
  ["ﬁn", "name", "Finn"],
  ["istanbul", "name", "İstanbul"],
  ["οδυσσευς", "name", "ΟΔΥΣΣΕΥΣ"],
  ["о'бр", "name", "Фёдор О'Бранов"],
  ["федор", "name", "Фёдор"],
  ["brien", "name", "Conan O'Brien"],
  ["ada_l", "username", "ada_lovelace"],
  ["lovelace", "email", "ada.lovelace@mail.example.org"],
  ["example", "email", "ada.lovelace@mail.example.org"],
  ["example.org", "email", "ada.lovelace@mail.example.org"],
  ["@mail.exa", "email", "ada.lovelace@mail.example.org"],
  ["ada.lovelace@", "email", "ada.lovelace@mail.example.org"],
  ["Ada.Lovelace@mail.example.org", "email", "ada.lovelace@mail.example.org"],
  ["李明", "name", "李明 Li"],
] as const)("%j finds a %s %j", (query, field, value) => {
  expect(finds(query, field, value)).toBe(true);
});

test.each([
  ["love ada bob", "name", "Ada Lovelace"],
  ["velace", "name", "Ada Lovelace"],
  ["ada@example.org", "email", "ada.lovelace@example.org"],
  ["lovelace@example.org", "email", "ada.lovelace@example.org"],
  ["ada.lovelace@example.org", "email", "ada.lovelace@other.org"],
  ["か", "name", "が"],
  ["がく", "name", "かく"],
] as const)("%j does not find a %s %j", (query, field, value) => {
  expect(finds(query, field, value)).not.toBe(true);
});

test("words that begin alike are found together past the letters that are compared", () => {
  const word = "a".repeat(PREFIX_MAX);
  expect(finds(`${word}b`, "name", `${word}c`)).toBe(true);
  expect(finds(`${word.slice(1)}b`, "name", `${word}c`)).toBe(false);
});

test.each(["", " ", "a", "- - .", "@", "a@"])("%j looks for nothing", (query) => {
  if (query === "a@") expect(wantedTerms(query)).toEqual(["a@"]);
  else expect(wantedTerms(query)).toBeUndefined();
});

test("neither a value nor a query costs without bound", () => {
  const words = Array.from({ length: 200 }, (_, at) => `w${at}${"x".repeat(20)}`).join(" ");
  expect(indexedTerms("name", words).length).toBeLessThanOrEqual(WORDS_MAX * PREFIX_MAX);
  const eight = Array.from({ length: QUERY_WORDS_MAX }, (_, at) => `w${at}`).join(" ");
  expect(wantedTerms(eight)).toHaveLength(QUERY_WORDS_MAX);
  expect(wantedTerms(`${eight} one-more`)).toBeUndefined();
});

test("whoever is named is found by each word of their name as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (name) => {
      for (const word of folded(name).split(/[^\p{L}\p{N}\p{M}]+/u)) {
        if (wantedTerms(word) === undefined) continue;
        expect(finds(word, "name", name), word).toBe(true);
      }
    }),
  );
});
