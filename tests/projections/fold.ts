import type { JsonObject } from "../../domain/json.ts";
import type { ReadModel } from "../../projections/catalogue.ts";
import type { Projection, Recorded } from "../../projections/projection.ts";

type AnEvent = Recorded<{ readonly type: string }>;

/** Where an event of a test stands; give what the test is about. */
export function at<const Event extends { readonly type: string }>(
  stream: `${string}-${string}`,
  event: Event,
  place: Partial<Recorded<Event>> = {},
): Recorded<Event> {
  const dash = stream.indexOf("-");
  return {
    ...event,
    position: 1,
    category: stream.slice(0, dash),
    subject: stream.slice(dash + 1),
    at: "2026-11-21T00:00:00.000Z",
    actor: "process:test",
    ...place,
  };
}

/** The rows that a history makes, as a table would hold them; events not handled pass by. */
export function rowsOf(model: ReadModel, history: ReadonlyArray<AnEvent>): Map<string, JsonObject> {
  const rows = new Map<string, JsonObject>();
  continueRows(model, rows, history);
  return rows;
}

/** Folds on from kept rows. Each step starts from stored JSON, as after a restart. */
export function continueRows(
  model: ReadModel,
  rows: Map<string, JsonObject>,
  history: ReadonlyArray<AnEvent>,
): void {
  for (const event of history.filter(({ type }) => model.handles.includes(type))) {
    for (const key of model.keys(event)) {
      const before = rows.get(key);
      const row = model.evolve(before && JSON.parse(JSON.stringify(before)), event, key);
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
  }
}

/** The row that some events leave at one key of one read model. */
export function rowAt<Row extends JsonObject, Event extends { readonly type: string }>(
  projection: Projection<Row, Event>,
  key: string,
  ...events: ReadonlyArray<Recorded<Event>>
): Row | undefined {
  return events.reduce<Row | undefined>(
    (row, event) =>
      projection.keys(event).includes(key) ? projection.evolve(row, event, key) : row,
    undefined,
  );
}
