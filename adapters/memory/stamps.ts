import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { STAMP_INTERVAL_MS, Stamps } from "../ports/stamps.ts";

/** Stamps in a `Map`. */
export const layer: Layer.Layer<Stamps> = Layer.sync(Stamps, () => {
  const stamps = { session: new Map<string, number>(), "sign-in": new Map<string, number>() };
  return {
    touch: (kind, id, atMs) =>
      Effect.sync(() => {
        const before = stamps[kind].get(id);
        if (before !== undefined && before >= atMs - STAMP_INTERVAL_MS[kind]) return false;
        stamps[kind].set(id, atMs);
        return true;
      }),
    get: (kind, ids) =>
      Effect.sync(() => {
        const found = new Map<string, number>();
        for (const id of ids) {
          const at = stamps[kind].get(id);
          if (at !== undefined) found.set(id, at);
        }
        return found;
      }),
    forget: (kind, ids) =>
      Effect.sync(() => {
        for (const id of ids) stamps[kind].delete(id);
      }),
    forgetBefore: (kind, atMs) =>
      Effect.sync(() => {
        for (const [id, at] of stamps[kind]) if (at < atMs) stamps[kind].delete(id);
      }),
  };
});
