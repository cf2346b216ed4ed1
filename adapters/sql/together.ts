import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import { batched } from "./batched.ts";

/** Look-ups by key that share statements; each key is asked once in one. */
export const together = <Found, E>(
  load: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, Found>, E>,
): Effect.Effect<(key: string) => Effect.Effect<Found | undefined, E>, never, Scope.Scope> =>
  batched((keys) =>
    Effect.map(load([...new Set(keys)]), (found) => keys.map((key) => found.get(key))),
  );
