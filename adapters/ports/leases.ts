import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";

/**
 * Work that one process at a time does. What it writes must be right when two do it for a moment: a
 * holder that froze does not know that it was replaced.
 */
export class Leases extends Context.Service<
  Leases,
  {
    /** Runs `use` while this process holds the named lease, and again when it holds it again. */
    readonly hold: <E, R>(
      name: string,
      use: Effect.Effect<unknown, E, R>,
    ) => Effect.Effect<never, never, R>;
  }
>()("authledger/adapters/ports/Leases") {}
