import * as Effect from "effect/Effect";
import { invariant } from "../../domain/invariant.ts";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import {
  type ListQuery,
  type Page,
  Parked,
  PastHead,
  type ReadModels,
} from "../ports/read-models.ts";
import { emptyFold, type Folded, fold, rowAt } from "./fold.ts";
import type { Store } from "./store.ts";

/** Read models in `Map`s, always at the head: each append folds what it appended. */
export function memoryReadModels(
  store: Store,
  models: ReadonlyArray<ReadModel>,
): {
  readonly service: ReadModels["Service"];
  readonly folds: (ledger: LedgerName, records: ReadonlyArray<LedgerRecord>) => void;
} {
  const byName = new Map(models.map((model) => [model.name, emptyFold(model)]));
  const of = (name: string): Folded => {
    const folded = byName.get(name);
    invariant(folded !== undefined, `there is a read model ${name}`);
    return folded;
  };
  const headOf = ({ model }: Folded) => store.tables[model.ledger].rows.length;
  /** Fails when the key's row cannot be trusted. */
  const trusted = <A>(model: string, key: string, answer: (folded: Folded) => A) =>
    Effect.suspend(() => {
      const folded = of(model);
      const position = folded.parked.get(key);
      return position === undefined
        ? Effect.succeed(answer(folded))
        : Effect.fail(new Parked({ model, key, position }));
    });
  const get: ReadModels["Service"]["get"] = (model, key) =>
    trusted(model, key, ({ rows }) => {
      const held = rows.get(key);
      return held?.row === undefined ? undefined : { key, row: held.row, position: held.position };
    });
  const asOf: ReadModels["Service"]["asOf"] = (model, key, position) =>
    Effect.suspend(() => {
      const parkedAt = of(model).parked.get(key);
      return parkedAt !== undefined && parkedAt <= position
        ? Effect.fail(new Parked({ model, key, position: parkedAt }))
        : Effect.succeed(rowAt(of(model), key, position));
    });
  const service: ReadModels["Service"] = {
    get,
    many: (model, keys) =>
      Effect.map(
        Effect.forEach(new Set(keys), (key) => get(model, key)),
        (rows) => rows.filter((row) => row !== undefined),
      ),
    list: (model, query) =>
      Effect.suspend(() => {
        const page = list(of(model), query);
        return Effect.as(
          Effect.forEach(page.items, ({ key }) => trusted(model, key, () => {})),
          page,
        );
      }),
    asOf,
    manyAsOf: (model, keys, position) =>
      Effect.map(
        Effect.forEach(new Set(keys), (key) => asOf(model, key, position)),
        (rows) => rows.filter((row) => row !== undefined),
      ),
    history: (model, key, { before = Number.POSITIVE_INFINITY, limit }) =>
      Effect.sync(() =>
        (of(model).touched.get(key) ?? [])
          .map(({ position }) => position)
          .filter((position) => position < before)
          .reverse()
          .slice(0, limit),
      ),
    reach: (model, wanted) =>
      Effect.suspend(() => {
        const head = headOf(of(model));
        return wanted > head ? Effect.fail(new PastHead({ wanted, head })) : Effect.void;
      }),
    status: Effect.sync(() =>
      [...byName.values()].map((folded) => ({
        model: folded.model.name,
        version: folded.model.version,
        position: headOf(folded),
        head: headOf(folded),
        parked: folded.parked.size,
      })),
    ),
  };
  const folds = (ledger: LedgerName, records: ReadonlyArray<LedgerRecord>) => {
    for (const folded of byName.values()) {
      if (folded.model.ledger !== ledger) continue;
      for (const record of records) fold(folded, record);
    }
  };
  return { service, folds };
}

function list({ model, rows }: Folded, { tags = [], limit, cursor }: ListQuery): Page {
  const after = cursor === undefined ? undefined : placeIn(cursor);
  const found = [...rows]
    .flatMap(([key, { row, position }]) =>
      row === undefined ? [] : [{ key, row, position, ...model.index(row) }],
    )
    .filter((row) => tags.every((tag) => row.tags.includes(tag)))
    .filter((row) => after === undefined || compare([row.sort, row.key], after) > 0)
    .sort((a, b) => compare([a.sort, a.key], [b.sort, b.key]));
  const items = found.slice(0, limit).map(({ key, row, position }) => ({ key, row, position }));
  const last = found[limit - 1];
  return found.length > limit && last !== undefined
    ? { items, nextCursor: cursorAt([last.sort, last.key]) }
    : { items };
}

type Place = readonly [sort: string, key: string];

function compare(a: Place, b: Place): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  if (a[1] !== b[1]) return a[1] < b[1] ? -1 : 1;
  return 0;
}

function cursorAt(place: Place): string {
  return Buffer.from(JSON.stringify(place), "utf8").toString("base64url");
}

/** A cursor that no page gave out starts the list from the beginning. */
function placeIn(cursor: string): Place | undefined {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (!Array.isArray(place) || place.length !== 2) return undefined;
    const [sort, key] = place as ReadonlyArray<unknown>;
    return typeof sort === "string" && typeof key === "string" ? [sort, key] : undefined;
  } catch {
    return undefined;
  }
}
