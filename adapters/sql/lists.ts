import type { JsonObject } from "../../domain/json.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { sha256Hex } from "../crypto/hash.ts";

/** Of every row, so that a list of all is one of a tag too; no model gives it. */
export const EVERY_ROW = "";

/** Bytes of a tag: an index entry ends at 2,704, and sort and key stand in it too. */
const TAG_BYTES_MAX = 255;

/**
 * Entries looked at for one page of several tags at most: two tags that many have and hardly any
 * row both must not read everything in one request.
 */
export const CANDIDATES_MAX = 1_000;

/** Where one row stands in the list of one tag. */
export type Entry = { readonly tag: string; readonly sort: string; readonly key: string };

/** How a tag is stored: one that would not fit an index entry as its hash. */
export function storedTag(tag: string): string {
  return Buffer.byteLength(tag) <= TAG_BYTES_MAX ? tag : `sha256:${sha256Hex(tag)}`;
}

/** Every list that a row is in, or none when it is gone. */
export function entriesOf(
  model: ReadModel,
  { key, row }: { readonly key: string; readonly row: JsonObject | undefined },
): ReadonlyArray<Entry> {
  if (row === undefined) return [];
  const { sort, tags } = model.index(row);
  return [EVERY_ROW, ...tags].map((tag) => ({ tag: storedTag(tag), sort, key }));
}

export type RowChange = {
  readonly key: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
};

/** What changes in the lists when rows do. */
export function listChanges(model: ReadModel, rows: ReadonlyArray<RowChange>) {
  const [gone, come]: [Array<Entry>, Array<Entry>] = [[], []];
  for (const { key, before, after } of rows) {
    const [old, now] = [before, after].map((row) => entriesOf(model, { key, row })) as [
      ReadonlyArray<Entry>,
      ReadonlyArray<Entry>,
    ];
    gone.push(...old.filter((entry) => !has(now, entry)));
    come.push(...now.filter((entry) => !has(old, entry)));
  }
  return { gone, come };
}

const has = (entries: ReadonlyArray<Entry>, { tag, sort }: Entry) =>
  entries.some((entry) => entry.tag === tag && entry.sort === sort);

/**
 * Takes entries out of a build's lists and puts others in, as parts of a larger statement that has
 * `mine`. Found one by one and deleted by place: a join would be planned for a table that is small.
 */
export function listWrites(
  table: string,
  { gone, come }: ReturnType<typeof listChanges>,
  { bind, suffix }: { readonly bind: (value: unknown) => string; readonly suffix: string },
): string {
  const given = (entries: ReadonlyArray<Entry>) =>
    `unnest(${bind(entries.map(({ tag }) => tag))}::TEXT[],
      ${bind(entries.map(({ sort }) => sort))}::TEXT[],
      ${bind(entries.map(({ key }) => key))}::TEXT[]) AS g(tag, sort, key)`;
  return `, unlisted_${suffix} AS (
    DELETE FROM ${table}_lists WHERE ctid = ANY (ARRAY(
      SELECT l.ctid FROM mine, ${given(gone)}, LATERAL (
        SELECT ctid FROM ${table}_lists o
        WHERE o.tag = g.tag AND o.sort = g.sort AND o.key = g.key LIMIT 1) l))
  ), listed_${suffix} AS (
    INSERT INTO ${table}_lists (tag, sort, key)
    SELECT g.tag, g.sort, g.key FROM mine, ${given(come)}
    ON CONFLICT DO NOTHING)`;
}
