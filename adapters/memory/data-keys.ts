import * as Effect from "effect/Effect";
import type { DataKeys } from "../ports/data-keys.ts";
import type { Store } from "./store.ts";

/** The data keys that appends have created, and the shared ones. */
export function memoryDataKeys({ dataKeys, tombstones }: Store): DataKeys["Service"] {
  return {
    load: (owners) =>
      Effect.sync(() =>
        [...new Set(owners)].map((owner) => dataKeys.get(owner)).filter((key) => key !== undefined),
      ),
    share: (key) =>
      Effect.sync(() => {
        if (tombstones.has(key.owner)) return undefined;
        const held = dataKeys.get(key.owner);
        if (held !== undefined) return held;
        dataKeys.set(key.owner, key);
        return key;
      }),
  };
}
