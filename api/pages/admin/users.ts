import type { Personal, UserView } from "../../users/user-view.ts";
import { hasRoute, takesQuery } from "../ask.ts";
import { type Field, fieldOf } from "../form-parts.ts";
import { foreign, type Html, html } from "../html.ts";
import type { Page } from "../page.ts";
import { type PageOf, pager, pill } from "../pieces.ts";
import { rolesHere } from "../roles-here.ts";
import { may, read, type Visit } from "../visit.ts";

/** People on one page of the list. */
const LIMIT = "50";

/** Everybody, to search and to filter. */
export const usersPage: Page = {
  path: "/admin/users",
  gate: ["admin", "architect", "auditor"],
  show: async (visit) => {
    const { texts, query } = visit;
    const { admin, users } = texts;
    const { q, role, status, cursor } = query;
    const searched = takesQuery("GET /v1/users", "q");
    const page = await read<PageOf<UserView>>(visit, "GET /v1/users", {
      query: { ...(searched ? { q } : {}), role, status, cursor, limit: LIMIT },
    });
    const filters = { q, role, status };
    return {
      title: admin.users,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <div class="heading"><h1>${admin.users}</h1>
        ${
          may(visit, "admin", "architect") &&
          hasRoute("POST /v1/users") &&
          html`<a class="button" href="${visit.href("/admin/users/new")}">${users.create}</a>`
        }</div>
        ${await filterForm(visit, searched)}
        ${
          page.items.length === 0
            ? html`<p class="empty">${users.none}</p>`
            : html`<ul class="rows">${page.items.map((user) => userRow(visit, user))}</ul>`
        }
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href("/admin/users", filters),
          next:
            page.nextCursor && visit.href("/admin/users", { ...filters, cursor: page.nextCursor }),
        })}`,
    };
  },
};

async function filterForm(visit: Visit, searched: boolean): Promise<Html> {
  const { texts, query } = visit;
  const { users } = texts;
  const any = ["", users.any] as const;
  const roles = (await rolesHere(visit)).map(({ name }) => [name, name] as const);
  const search: Field = { name: "q", label: users.search, type: "search", value: query["q"] };
  const fields: ReadonlyArray<Field> = [
    ...(searched ? [search] : []),
    { name: "role", label: users.role, choices: [any, ...roles], value: query["role"] },
    {
      name: "status",
      label: users.status,
      choices: [any, ...Object.entries(users.statuses)],
      value: query["status"],
    },
  ];
  return filterOf(visit, { path: "/admin/users", fields });
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
    fieldOf(visit, "filter", { ...field, optional: "unsaid" }),
  )}</div>
<p class="actions"><button class="quiet" type="submit">${visit.texts.users.filter}</button></p>
</form>`;
}

/** One person of a list. */
export function userRow(visit: Visit, user: UserView): Html {
  const { users } = visit.texts;
  const { id, roles, status, guest } = user;
  const name = personal(visit, user.name);
  const email = personal(visit, user.email);
  const first = name ?? email ?? (guest ? users.guest : id.slice(0, 8));
  return html`<li><div class="what">
  <a class="whole" href="${visit.href(`/admin/users/${id}`)}">${first}</a>
<p>${name === undefined ? id.slice(0, 8) : (email ?? id.slice(0, 8))}</p></div>
<p class="pills">${status !== "active" && pill(users.statuses[status], "bad")}${roles.map((role) =>
    pill(role),
  )}</p></li>`;
}

/** A personal value, or why it cannot be read. */
export function personal({ texts }: Visit, value: Personal | undefined): Html | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string") return foreign(value);
  return html`<span class="quiet">${"erased" in value ? texts.users.erased : texts.users.sealed}
  </span>`;
}
