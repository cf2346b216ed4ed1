import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Leases } from "../ports/leases.ts";
import { Database } from "./database.ts";
import { withLease } from "./lease.ts";

/** Leases as rows. */
export const layer: Layer.Layer<Leases, never, Database> = Layer.effect(
  Leases,
  Effect.map(Effect.service(Database), (database) =>
    Leases.of({
      hold: (name, use) =>
        withLease(name, () => use).pipe(Effect.provideService(Database, database)),
    }),
  ),
);
