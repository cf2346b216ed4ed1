import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { UserRow } from "../../projections/users.ts";
import { reachAll } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { viewUsers } from "./user-view.ts";

/** The row of somebody, whether or not they were erased; 404 when there never was anybody. */
export const userRow = (userId: string, asOf?: number) =>
  Effect.gen(function* () {
    const models = yield* ReadModels;
    if (asOf !== undefined) yield* reachAll(["users"], asOf);
    const found = yield* asOf === undefined
      ? models.get("users", userId)
      : models.asOf("users", userId, asOf);
    if (found === undefined) return yield* refuse(404, "not_found");
    return found.row as UserRow;
  });

/** Somebody as they are once the users model has folded `position`, opened. */
export const showUser = (userId: string, position: number | undefined) =>
  Effect.gen(function* () {
    if (position !== undefined) yield* reachAll(["users"], position);
    const [view] = yield* viewUsers([yield* userRow(userId)], { opens: true });
    return view ?? (yield* refuse(404, "not_found"));
  });
