import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { RootKeys, type WrappedRootKey } from "../ports/root-keys.ts";

/** Wrapped root keys in a `Map`; given ones are there from the start. */
export function layer(given: ReadonlyArray<WrappedRootKey> = []): Layer.Layer<RootKeys> {
  return Layer.sync(RootKeys, () => {
    const keys = new Map(given.map((key) => [placeOf(key), key]));
    return {
      all: Effect.sync(() => [...keys.values()]),
      found: (made) =>
        Effect.sync(() =>
          made.map((key) => {
            const stored = keys.get(placeOf(key)) ?? key;
            keys.set(placeOf(key), stored);
            return stored;
          }),
        ),
      rewrap: (wrapped) =>
        Effect.sync(() => {
          for (const key of wrapped) if (keys.has(placeOf(key))) keys.set(placeOf(key), key);
        }),
    };
  });
}

function placeOf({ purpose, version }: WrappedRootKey): string {
  return `${purpose}/${version}`;
}
