import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { JsonObject } from "../../domain/json.ts";
import { limit, pageOf, positionCursor } from "../http/schemas.ts";
import { actorNames } from "./actor-names.ts";
import { EventView, viewEvents } from "./event-view.ts";
import { summaryOf } from "./summaries.ts";

export const HistoryQuery = z.strictObject({ limit, cursor: positionCursor });

/** An event of somebody's history, and what it means in a sentence. */
export const HistoryItem = EventView.extend({ summary: z.string() }).meta({
  title: "HistoryEvent",
});
export const HistoryPage = pageOf(HistoryItem);

type Asked = {
  readonly limit: number;
  readonly before: number | undefined;
  /** Whether the reader may know what others are called. */
  readonly names: boolean;
};

/** The identity events that touched a user's row, newest first, opened: for those who may. */
export const historyOf = (userId: string, { limit: wanted, before, names }: Asked) =>
  Effect.gen(function* () {
    const positions = yield* (yield* ReadModels).history("users", userId, {
      // One more tells whether there is another page.
      limit: wanted + 1,
      ...(before === undefined ? {} : { before }),
    });
    const shown = positions.slice(0, wanted);
    const records = yield* (yield* Ledgers).identity.at(shown);
    const events = (yield* viewEvents(records)).toReversed();
    const items = yield* summarised(events, { userId, names });
    const last = shown.at(-1);
    const more = positions.length > wanted && last !== undefined;
    return { items, ...(more ? { nextCursor: String(last) } : {}) };
  });

/** Events about one person, each with its sentence. */
export const summarised = (
  events: ReadonlyArray<JsonObject>,
  { userId, names }: { readonly userId: string; readonly names: boolean },
) =>
  Effect.gen(function* () {
    const others = events.map(({ actor }) => String(actor)).filter((actor) => !isOf(actor, userId));
    const nameOf = yield* actorNames(others, { opens: names });
    return events.map((event): JsonObject => {
      const actor = String(event["actor"]);
      const by = isOf(actor, userId) ? undefined : nameOf(actor);
      const { type, data } = event;
      const shown = { type: String(type), data: data as JsonObject, actor };
      return { ...event, summary: summaryOf(shown, by) };
    });
  });

function isOf(actor: string, userId: string): boolean {
  return actor === `user:${userId}`;
}
