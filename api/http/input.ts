import type { z } from "zod";
import { Problem } from "./problem.ts";

/**
 * What a schema makes of a value.
 *
 * Errors: throws `Problem` 400 unknown_field or invalid_field that names the first offending field.
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: false });
  if (parsed.success) return parsed.data;
  const unknown = parsed.error.issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown !== undefined) {
    const field = [...unknown.path, unknown.keys[0] ?? ""].map(String).join(".");
    throw new Problem({ status: 400, code: "unknown_field", field });
  }
  const field = (parsed.error.issues[0]?.path ?? []).map(String).join(".");
  throw new Problem({
    status: 400,
    code: "invalid_field",
    ...(field === "" ? {} : { field }),
  });
}

/**
 * Query parameters as an object, each at most once; without those that may be repeated.
 *
 * Errors: throws `Problem` 400 duplicate_field.
 */
export function queryOf(
  url: URL,
  repeated: ReadonlyArray<string> = [],
): Readonly<Record<string, string>> {
  const query: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (repeated.includes(name)) continue;
    if (name === "__proto__")
      throw new Problem({ status: 400, code: "unknown_field", field: name });
    if (Object.hasOwn(query, name)) {
      throw new Problem({ status: 400, code: "duplicate_field", field: name });
    }
    query[name] = value;
  }
  return query;
}

/** The values of query parameters that may be repeated, for those that are there. */
export function repeatedIn(
  url: URL,
  names: ReadonlyArray<string>,
): Readonly<Record<string, ReadonlyArray<string>>> {
  return Object.fromEntries(
    names
      .filter((name) => url.searchParams.has(name))
      .map((name) => [name, url.searchParams.getAll(name)]),
  );
}
