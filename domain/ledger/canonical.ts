import { invariant } from "../invariant.ts";
import type { Json, JsonObject } from "../json.ts";

/** Past this many members a comparison sort beats insertion. */
const INSERTION_SORT_MAX = 16;

/**
 * The one JSON text of a value (RFC 8785): members sorted by UTF-16 code units, numbers and
 * strings as ECMAScript serialises them, no white space. Members that are undefined are left out.
 *
 * Invariant: numbers are finite and strings hold no lone surrogate.
 * Source: RFC 8785 section 3.2; FORMAT.md, "Canonical form".
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "object") {
    if (value === null) return "null";
    return isArray(value) ? canonicalArray(value) : canonicalObject(value);
  }
  if (typeof value === "number") {
    invariant(Number.isFinite(value), "canonical JSON has no NaN and no infinity");
    return String(value);
  }
  invariant(typeof value === "boolean", "canonical JSON is made of JSON values");
  return value ? "true" : "false";
}

function canonicalString(value: string): string {
  invariant(value.isWellFormed(), "canonical JSON has no lone surrogate");
  return JSON.stringify(value);
}

function canonicalArray(values: ReadonlyArray<Json>): string {
  let text = "[";
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ",";
    text += canonicalJson(values[index] as Json);
  }
  return `${text}]`;
}

function canonicalObject(value: JsonObject): string {
  let text = "{";
  for (const member of sorted(Object.keys(value))) {
    const inner = value[member];
    if (inner === undefined) continue;
    if (text.length > 1) text += ",";
    text += `${canonicalString(member)}:${canonicalJson(inner)}`;
  }
  return `${text}}`;
}

/** Sorts in place; nearly free when the members are sorted already, as entries are built. */
function sorted(members: Array<string>): ReadonlyArray<string> {
  if (members.length > INSERTION_SORT_MAX) return members.sort();
  for (let next = 1; next < members.length; next++) {
    const member = members[next] as string;
    let place = next;
    while (place > 0 && (members[place - 1] as string) > member) {
      members[place] = members[place - 1] as string;
      place--;
    }
    members[place] = member;
  }
  return members;
}

function isArray(value: ReadonlyArray<Json> | JsonObject): value is ReadonlyArray<Json> {
  return Array.isArray(value);
}
