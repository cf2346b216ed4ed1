import * as Effect from "effect/Effect";
import { sha256 } from "../../adapters/crypto/hash.ts";
import { type FreshFold, freshFold } from "../../adapters/fold/fresh-fold.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { storeUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { Database } from "../../adapters/sql/database.ts";
import { readerOf } from "../../adapters/sql/records.ts";
import { hexOf, leafOf } from "../../domain/ledger/derive.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import { type Trail, trail } from "./trail.ts";

/** A model that is stored, and the fold that it is held against, up to where it stands. */
export type Standing = {
  readonly model: ReadModel;
  readonly fold: FreshFold;
  readonly trail: Trail;
  /** Of the program that wrote the rows; another one's mean something else. */
  readonly version: number;
  readonly position: number;
  /** Hex; empty before the first event. */
  readonly leaf: string;
  readonly digest: string;
};

/** Where each model stands now; read before the ledger, so that it never stands past its end. */
export const standings = Effect.fnUntraced(function* (models: ReadonlyArray<ReadModel>) {
  const rows = yield* (yield* Database)
    .query<Pick<Standing, "version" | "position" | "leaf" | "digest"> & { name: string }>(
      `SELECT name, version, position, leaf, digest FROM authledger.cursors
       WHERE ledger = 'identity' AND active`,
    )
    .pipe(Effect.mapError(storeUnavailable));
  return models.flatMap((model): ReadonlyArray<Standing> => {
    const row = rows.find(({ name }) => name === model.name);
    if (row === undefined) return [];
    const { version, position, leaf, digest } = row;
    const left = trail();
    const fold = freshFold(model, { watch: left.watch });
    return [{ model, fold, trail: left, version, position, leaf, digest }];
  });
});

/** Whether it stands at a record that this history does not have: a copy that lost its end. */
export const diverged = Effect.fnUntraced(function* ({ model, position, leaf }: Standing) {
  if (position === 0) return false;
  const reader = readerOf(yield* Database, yield* Keyring, model.ledger);
  const [row] = yield* reader.stored({ from: position, limit: 1 });
  return row?.position !== position || hexOf(leafOf(sha256, row.entry)) !== leaf;
});
