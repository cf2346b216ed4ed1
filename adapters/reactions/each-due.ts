import * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import { type ListQuery, ReadModels } from "../ports/read-models.ts";
import { atNextTurn } from "./at-next-turn.ts";

const PAGE = 200;
/** Handled side by side at most. */
const CONCURRENCY = 8;

type Due<Row> = {
  /** Said in the log when one of them fails. */
  readonly name: string;
  readonly model: string;
  readonly tags?: ListQuery["tags"];
  /** Rows come oldest first: the first that is not due ends it. */
  readonly isDue: (row: Row) => boolean;
};

/**
 * Handles every row of a list that is due, a page at a time. One that fails keeps none of the
 * others: it is said in the log and comes again at the next turn.
 */
export const eachDue = <Row extends JsonObject, E, R>(
  { name, model, tags = [], isDue }: Due<Row>,
  handle: (row: Row) => Effect.Effect<unknown, E, R>,
) =>
  Effect.gen(function* () {
    const { list } = yield* ReadModels;
    let cursor: string | undefined;
    do {
      const page = yield* list(model, { tags, limit: PAGE, ...(cursor && { cursor }) });
      const rows = page.items.map(({ row }) => row as Row);
      const due = rows.filter(isDue);
      yield* Effect.forEach(due, (row) => atNextTurn(name)(handle(row)), {
        concurrency: CONCURRENCY,
        discard: true,
      });
      cursor = due.length < rows.length ? undefined : page.nextCursor;
    } while (cursor !== undefined);
  });
