import * as Effect from "effect/Effect";
import { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import { rotateDueKeys } from "../../adapters/reactions/rotate-keys.ts";

/** Every signing key there has been, oldest first, as of a position at least. */
export const signingKeys = (atLeast?: number) =>
  Effect.gen(function* () {
    const model = yield* SigningKeys;
    if (atLeast !== undefined) yield* model.reach(atLeast);
    const rows = yield* model.rows;
    return [...rows.values()].toSorted((one, other) => one.position - other.position);
  });

/** Makes the first keys, where there are none: for who is about to need them. */
export const foundKeys = Effect.gen(function* () {
  if ((yield* signingKeys()).length === 0) yield* rotateDueKeys;
});
