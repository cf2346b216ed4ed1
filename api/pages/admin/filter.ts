import type { ProblemFields } from "../../http/problem.ts";
import { Problem } from "../../http/problem.ts";
import type { RouteName } from "../ask.ts";
import { type Field, fieldOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import type { PageOf } from "../pieces.ts";
import type { Visit } from "../visit.ts";

/** The name of the form that asks for a list. */
const FILTER = "filter";

type Query = Readonly<Record<string, string | undefined>>;

/** A page of a list, or the visit that shows what was wrong with the query beside its field. */
export type Listed<T> = {
  readonly page: PageOf<T>;
  readonly seen: Visit;
  readonly refused: { readonly status?: number; readonly visit?: Visit };
};

/**
 * Reads a list by what was filled in. A value that is refused comes back to the form.
 *
 * Errors: throws the problem of the route where it is of no field of the form.
 */
export async function readFiltered<T>(
  visit: Visit,
  name: RouteName,
  { filters, paging }: { readonly filters: Query; readonly paging: Query },
): Promise<Listed<T>> {
  const told = await visit.ask<PageOf<T>>(name, { query: { ...filters, ...paging } });
  if (told.ok) return { page: told.body, seen: visit, refused: {} };
  const { field } = told.problem;
  if (field === undefined || !Object.hasOwn(filters, field)) throw new Problem(told.problem);
  return refusedBy(visit, filters, told.problem);
}

/** The form again, with what was typed and what was wrong. */
function refusedBy<T>(visit: Visit, filters: Query, problem: ProblemFields): Listed<T> {
  const filled = Object.entries(filters).filter(([, value]) => value !== undefined);
  const typed = Object.fromEntries(filled) as Readonly<Record<string, string>>;
  const seen: Visit = { ...visit, failed: { form: FILTER, problem, typed } };
  return { page: { items: [] }, seen, refused: { status: problem.status, visit: seen } };
}

/** A form that only asks: it sends a GET, and its address can be kept. */
export function filterOf(
  visit: Visit,
  { path, fields }: { readonly path: string; readonly fields: ReadonlyArray<Field> },
): Html {
  const lang = visit.query["lang"];
  return html`<form class="filters" method="get" action="${path}" role="search">
${lang !== undefined && html`<input type="hidden" name="lang" value="${visit.language}">`}
<div class="fields">${fields.map((field) =>
    fieldOf(visit, FILTER, { ...field, optional: "unsaid" }),
  )}</div>
<p class="actions"><button class="quiet" type="submit">${visit.texts.users.filter}</button></p>
</form>`;
}
