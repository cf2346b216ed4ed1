import { Problem } from "./problem.ts";

/** Nesting of a body at most: nothing we accept nests deeper than four. */
export const JSON_DEPTH_MAX = 32;

/** Member names that reach an object's prototype in careless code further in. */
const PROTOTYPE_NAMES = new Set(["__proto__", "constructor", "prototype"]);

const WHITESPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 section 7 forbids them raw
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/**
 * Parses JSON as strictly as RFC 8259 allows: no duplicate names, no prototype names, no lone
 * surrogates, bounded depth. `JSON.parse` would keep the last duplicate silently.
 *
 * Errors: throws `Problem` with malformed_json, duplicate_field, unknown_field or json_too_deep.
 * Source: RFC 8259 section 4; RFC 7493 (I-JSON).
 */
export function parseStrictJson(text: string): unknown {
  const parser = new Parser(text);
  const value = parser.value([]);
  parser.end();
  return value;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: ReadonlyArray<string | number>): unknown {
    if (path.length > JSON_DEPTH_MAX) throw new Problem({ status: 400, code: "json_too_deep" });
    this.#take(WHITESPACE);
    const next = this.#text[this.#at];
    const value =
      next === "{"
        ? this.#object(path)
        : next === "["
          ? this.#array(path)
          : next === '"'
            ? this.#string()
            : this.#scalar();
    this.#take(WHITESPACE);
    return value;
  }

  end(): void {
    if (this.#at !== this.#text.length) throw malformed();
  }

  #object(path: ReadonlyArray<string | number>): Record<string, unknown> {
    this.#at += 1;
    const object: Record<string, unknown> = {};
    this.#take(WHITESPACE);
    if (this.#skip("}")) return object;
    do {
      this.#take(WHITESPACE);
      const name = this.#string();
      const field = [...path, name].join(".");
      if (PROTOTYPE_NAMES.has(name))
        throw new Problem({ status: 400, code: "unknown_field", field });
      if (Object.hasOwn(object, name)) {
        throw new Problem({ status: 400, code: "duplicate_field", field });
      }
      this.#take(WHITESPACE);
      if (!this.#skip(":")) throw malformed();
      object[name] = this.value([...path, name]);
    } while (this.#skip(","));
    if (!this.#skip("}")) throw malformed();
    return object;
  }

  #array(path: ReadonlyArray<string | number>): ReadonlyArray<unknown> {
    this.#at += 1;
    const items: Array<unknown> = [];
    this.#take(WHITESPACE);
    if (this.#skip("]")) return items;
    do items.push(this.value([...path, items.length]));
    while (this.#skip(","));
    if (!this.#skip("]")) throw malformed();
    return items;
  }

  #string(): string {
    const raw = this.#take(STRING);
    if (raw === undefined) throw malformed();
    const string: unknown = JSON.parse(raw);
    if (typeof string !== "string" || !string.isWellFormed()) throw malformed();
    return string;
  }

  #scalar(): unknown {
    const raw = this.#take(LITERAL) ?? this.#take(NUMBER);
    if (raw === undefined) throw malformed();
    const value: unknown = JSON.parse(raw);
    if (typeof value === "number" && !Number.isFinite(value)) throw malformed();
    return value;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }
}

function malformed(): Problem {
  return new Problem({ status: 400, code: "malformed_json" });
}
