import type { JsonObject } from "../../domain/json.ts";
import type { Answered, Visitor } from "./visitor.ts";

/** Prints what the tour does; `said` is prose, `exchange` a request with its real answer. */
export type Narrator = {
  readonly step: (title: string) => Promise<void>;
  readonly said: (text: string) => Promise<void>;
  readonly exchange: (request: string, answered: Answered, shown: JsonObject) => Promise<void>;
};

/** Something did not go as the tour tells it: a defect, or a machine that is out of room. */
export class TourFailed extends Error {}

/** One request that is answered as the tour tells it, or the tour stops. */
export async function send(
  who: Visitor,
  wanted: number,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<Answered> {
  const answered = await who.send(method, path, body);
  if (answered.status === wanted) return answered;
  const { code } = answered.body;
  throw new TourFailed(`${method} ${path} answered ${answered.status} ${String(code ?? "")}`);
}

/** These members alone, those that are there. */
export function pick(from: JsonObject, ...members: ReadonlyArray<string>): JsonObject {
  return Object.fromEntries(
    members.flatMap((member) => (from[member] === undefined ? [] : [[member, from[member]]])),
  );
}
