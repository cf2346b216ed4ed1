import * as Effect from "effect/Effect";
import { type UsageError, usageError } from "../usage-error.ts";
import type { Row, Tables } from "./open-tables.ts";

/**
 * One table under the names that its owner chose: a column is found whether it is called
 * `emailVerified` or `email_verified`.
 */
export type Table = {
  readonly name: string;
  /** The column as it is called there; undefined when there is none. */
  readonly column: (name: string) => string | undefined;
  readonly value: (row: Row, name: string) => unknown;
};

/** The first of the names that is a table; undefined when none is. */
export const findTable = Effect.fnUntraced(function* (
  tables: Tables,
  names: ReadonlyArray<string>,
): Effect.fn.Return<Table | undefined, UsageError> {
  for (const name of names) {
    const columns = yield* tables.columns(name);
    if (columns.length === 0) continue;
    const byPlain = new Map(columns.map((column) => [plain(column), column]));
    const column = (wanted: string) => byPlain.get(plain(wanted));
    const value = (row: Row, wanted: string) => row[column(wanted) ?? ""];
    return { name, column, value };
  }
  return undefined;
});

/**
 * The table with the columns that nothing can be imported without.
 *
 * Errors: it is not there, or lacks one.
 */
export const neededTable = Effect.fnUntraced(function* (
  tables: Tables,
  names: ReadonlyArray<string>,
  needed: ReadonlyArray<string>,
): Effect.fn.Return<Table, UsageError> {
  const table = yield* findTable(tables, names);
  if (table === undefined) {
    return yield* usageError(`Cannot import: the database has no table ${names.join(" or ")}`);
  }
  const missing = needed.find((name) => table.column(name) === undefined);
  if (missing === undefined) return table;
  return yield* usageError(`Cannot import: the table ${table.name} has no column ${missing}`);
});

/** A name as SQL takes it, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
