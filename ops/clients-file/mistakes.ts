import type { z } from "zod";
import { nearestName } from "../nearest-name.ts";

/** One line for each mistake: its path inside the file, and what was wanted; never its value. */
export const mistakesOf = (error: z.ZodError, at: string, schema?: z.ZodObject): Array<string> =>
  error.issues.flatMap((issue) => {
    const path = pathOf(at, issue.path);
    if (issue.code !== "unrecognized_keys") return [`${path}: ${wantedBy(issue)}`];
    return issue.keys.map((name) => {
      const known =
        issue.path.length === 0 && schema !== undefined ? Object.keys(schema.shape) : [];
      const nearest = nearestName(name, known);
      const hint = nearest === undefined ? "" : `: did you mean ${nearest}?`;
      return `${pathOf(at, [...issue.path, name])}: there is no such member${hint}`;
    });
  });

/** `clients[0].redirectUris[1]`. */
const pathOf = (at: string, path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, at) || "the file";

const wantedBy = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${ARTICLES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_big":
      return `expected at most ${issue.maximum}`;
    case "too_small":
      return `expected at least ${issue.minimum}`;
    default:
      return "not what is wanted here";
  }
};

const ARTICLES: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a text",
};
