import * as Effect from "effect/Effect";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { isSealed } from "../../domain/sealed.ts";
import type { ReadModel } from "../../projections/catalogue.ts";

/** A row with its personal members opened, or `{erased: true}`. */
export const openedRow = Effect.fnUntraced(function* (
  { name, ledger }: ReadModel,
  row: JsonObject,
): Effect.fn.Return<JsonObject, Effect.Error<ReturnType<Sealer["Service"]["open"]>>, Sealer> {
  // Members of a users row keep the field names of the events that they came with.
  const category = name === "users" ? "user" : name;
  const sealed = Object.entries(row).flatMap(([member, value]) =>
    isSealed(value) ? [{ member, ledger, field: `${category}.${member}`, sealed: value }] : [],
  );
  const opened = yield* (yield* Sealer).open(sealed);
  const shown: Record<string, Json | undefined> = { ...row };
  sealed.forEach(({ member }, i) => {
    shown[member] = opened[i] ?? { erased: true };
  });
  return shown;
});
