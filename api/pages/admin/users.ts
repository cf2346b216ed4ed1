import type { Personal, UserView } from "../../users/user-view.ts";
import { type Field, summaryOf } from "../form-parts.ts";
import { foreign, type Html, html } from "../html.ts";
import type { Page } from "../page.ts";
import { pager, pill } from "../pieces.ts";
import { rolesHere } from "../roles-here.ts";
import { may, type Visit } from "../visit.ts";
import { filterOf, readFiltered } from "./filter.ts";

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
    const filters = { q, role, status };
    const listed = await readFiltered<UserView>(visit, "GET /v1/users", {
      filters,
      paging: { cursor, limit: LIMIT },
    });
    const { page, seen, refused } = listed;
    return {
      title: admin.users,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      ...refused,
      body: html`
        <div class="heading"><h1>${admin.users}</h1>
        ${
          may(visit, "admin", "architect") &&
          html`<a class="button" href="${visit.href("/admin/users/new")}">${users.create}</a>`
        }</div>
        ${summaryOf(seen)}
        ${await filterForm(seen)}
        ${
          seen.failed === undefined && page.items.length === 0
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

async function filterForm(visit: Visit): Promise<Html> {
  const { texts, query } = visit;
  const { users } = texts;
  const any = ["", users.any] as const;
  const roles = (await rolesHere(visit)).map(({ name }) => [name, name] as const);
  const search: Field = { name: "q", label: users.search, type: "search", value: query["q"] };
  const fields: ReadonlyArray<Field> = [
    search,
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
