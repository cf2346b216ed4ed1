import * as Effect from "effect/Effect";
import { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import { rotateDueKeys } from "../../adapters/reactions/rotate-keys.ts";
import type { SigningKeyRow } from "../../projections/jwks.ts";

/** Every signing key there has been, oldest first; the first ones are made when first asked for. */
export const signingKeys = Effect.gen(function* () {
  const model = yield* SigningKeys;
  const rows = yield* model.rows;
  if (rows.size > 0) return inOrder(rows);
  const { position } = yield* rotateDueKeys;
  if (position !== undefined) yield* model.reach(position);
  return inOrder(yield* model.rows);
});

function inOrder(rows: ReadonlyMap<string, SigningKeyRow>): ReadonlyArray<SigningKeyRow> {
  return [...rows.values()].toSorted((one, other) => one.position - other.position);
}
