import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { ClientRow } from "../../projections/clients.ts";
import { refuse } from "../http/problem.ts";
import { viewClient } from "./client-view.ts";

/** One application as the read model has it; 404 where there is none. */
export const showClient = (clientId: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* ReadModels).get("clients", clientId);
    if (found === undefined) return yield* refuse(404, "not_found");
    return viewClient(found.row as ClientRow);
  });
