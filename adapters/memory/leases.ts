import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Leases } from "../ports/leases.ts";

/** A store in memory has one process: it holds every lease, until its work ends by itself. */
export const layer: Layer.Layer<Leases> = Layer.succeed(Leases, {
  hold: (_name, use) => Effect.ignoreCause(use).pipe(Effect.andThen(Effect.never)),
});
