import type { Fields } from "../form-body.ts";

/** What was typed one a line. */
export function linesOf(typed: string | undefined): ReadonlyArray<string> {
  return (typed ?? "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The values of a list whose boxes were ticked: each is a field of its own, `prefix.value`. */
export function tickedOf(fields: Fields, prefix: string): ReadonlyArray<string> {
  return Object.keys(fields)
    .filter((name) => name.startsWith(`${prefix}.`))
    .map((name) => name.slice(prefix.length + 1));
}

/** A field left empty clears its member. */
export function orNull(typed: string | undefined): string | null {
  return typed ?? null;
}

/** A whole number where one was typed; what else was typed, the API refuses as it stands. */
export function wholeOf(typed: string): number | string {
  return /^\d{1,9}$/.test(typed) ? Number(typed) : typed;
}
