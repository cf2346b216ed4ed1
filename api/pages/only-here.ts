import type { Visit } from "./visit.ts";

type Row = { readonly form: string; readonly member: string; readonly value: string };

/** Of rows that each have a form of one name, the refusal belongs to the one that was sent. */
export function onlyHere(visit: Visit, { form, member, value }: Row): Visit {
  const { failed } = visit;
  const isElsewhere = failed?.form === form && failed.typed[member] !== value;
  return isElsewhere ? { ...visit, failed: undefined } : visit;
}
