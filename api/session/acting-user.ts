import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { isBlockedAt } from "../../domain/user/mod.ts";
import type { UserRow } from "../../projections/users.ts";

/** Somebody who may act at that time; undefined for who is unknown, erased or blocked. */
export const actingUser = (userId: string, nowMs: number) =>
  Effect.gen(function* () {
    const row = (yield* (yield* ReadModels).get("users", userId))?.row as UserRow | undefined;
    if (row === undefined || row.status === "erased") return undefined;
    return isBlockedAt(row, new Date(nowMs).toISOString()) ? undefined : row;
  });
