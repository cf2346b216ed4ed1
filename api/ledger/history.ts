import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { limit, pageOf, positionCursor } from "../http/schemas.ts";
import { EventView, viewEvents } from "./event-view.ts";

export const HistoryQuery = z.strictObject({ limit, cursor: positionCursor });
export const HistoryPage = pageOf(EventView);

/** The identity events that touched a user's row, newest first, opened: for those who may. */
export const historyOf = (
  userId: string,
  page: { readonly limit: number; readonly before: number | undefined },
) =>
  Effect.gen(function* () {
    const { limit: wanted, before } = page;
    const positions = yield* (yield* ReadModels).history("users", userId, {
      // One more tells whether there is another page.
      limit: wanted + 1,
      ...(before === undefined ? {} : { before }),
    });
    const shown = positions.slice(0, wanted);
    const records = yield* (yield* Ledgers).identity.at(shown);
    const items = (yield* viewEvents(records)).toReversed();
    const last = shown.at(-1);
    const more = positions.length > wanted && last !== undefined;
    return { items, ...(more ? { nextCursor: String(last) } : {}) };
  });
