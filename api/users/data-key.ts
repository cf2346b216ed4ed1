import * as Effect from "effect/Effect";
import { Sealer } from "../../adapters/ports/sealer.ts";

/**
 * The key that seals what is personal to a user, made when there is none yet; `create` goes along
 * with the append that first uses it.
 */
export const dataKeyOf = (userId: string) =>
  Effect.gen(function* () {
    const sealer = yield* Sealer;
    const existing = yield* sealer.key(`user:${userId}`);
    if (existing !== undefined) return { key: existing, create: [] };
    const key = sealer.mint(`user:${userId}`);
    return { key, create: [key.row] };
  });
