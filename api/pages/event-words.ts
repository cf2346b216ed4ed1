import type { EventView } from "../ledger/event-view.ts";
import { IMPORTER } from "../ledger/summaries.ts";
import { foreign, type Html } from "./html.ts";
import { fill } from "./message.ts";
import type { Visit } from "./visit.ts";

/** What happened, as a person who knows no event names would say it. */
export function eventInWords(visit: Visit, { type, data, actor }: EventView): Html | undefined {
  const { events, words } = visit.texts;
  const known: Readonly<Record<string, string>> = events;
  const imported = type === "UserCreated" && actor === IMPORTER;
  const name = imported ? "UserImported" : type;
  const sentence = Object.hasOwn(known, name) ? known[name] : undefined;
  if (sentence === undefined) return undefined;
  const methods: Readonly<Record<string, string>> = visit.texts.sessions.methods;
  const values = Object.entries(data).flatMap(([name, value]) => {
    if (typeof value === "string") return [[name, methods[value] ?? value] as const];
    if (Array.isArray(value)) return [[name, value.join(", ")] as const];
    if (typeof value === "object" && value !== null && "erased" in value) {
      return [[name, words.erased] as const];
    }
    return typeof value === "object" && value !== null && "sealed" in value
      ? [[name, words.sealed] as const]
      : [];
  });
  return foreign(fill(sentence, Object.fromEntries(values)).replaceAll(/\s*[:：]?\s*\{\w+\}/g, ""));
}
